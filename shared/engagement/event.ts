import * as z from 'zod';

import { keys } from '../platform/keys.ts';
import { settingId, webUrl } from '../settings/brand.ts';

const instant = z.iso.datetime({ precision: 3 });

/** Who may be a source of events; `ses` is ours. */
export const sourceId = settingId;
export const SES_SOURCE = 'ses';

/** A mailing was delivered: no engagement itself, but what silence is measured from. Only SES says so. */
export const DELIVERED = 'delivered';
/** What SES says of a person: both are `tracked`, and count only where no machine did them (V10). */
export const REACTIONS = ['open', 'click'] as const;

/** What is known of the mail that an event of SES belongs to, and what tells a person from a machine (V10). */
export const mailFacts = z.object({
  sendId: z.string(),
  messageId: z.string(),
  brand: settingId,
  use: settingId,
  mailing: z.string(),
  /** SHA-256 (hex, 16 digits) of the link that was followed; the address itself may speak. */
  link: z.string().optional(),
  /** It leads to a page by which people leave or change what they get: never engagement, never a reaction. */
  leaving: z.boolean().optional(),
  /** It was hidden from people. */
  hidden: z.boolean().optional(),
  /** Links in the mail, where the sender tagged it with their number. */
  links: z.int().positive().optional(),
  userAgent: z.string().max(300).optional(),
  /** Network of the caller, cut to /24 or /48. */
  network: z.string().optional(),
  /** `isBotEvent` of SES; absent means unknown, never Unlikely. */
  bot: z.enum(['Likely', 'Unlikely']).optional(),
  /** Mails to this domain in which machines had been seen when the event came in. */
  domainScans: z.int().nonnegative().optional(),
  /** HTTP method, where a tracker of the operator's own tells it. */
  method: z.string().max(10).optional(),
});
export type MailFacts = z.infer<typeof mailFacts>;

/**
 * One act or observation of engagement of a contact, as it is stored: the sender's fields and nothing that differs when
 * it is sent again, so that writing it twice is writing it once.
 */
export const engagementEvent = z.object({
  schema: z.literal(1),
  contactId: z.string(),
  controller: z.string(),
  source: sourceId,
  /** The sender's. */
  id: z.string().min(1).max(200),
  /** An id of the scoring rules' `types`, or DELIVERED. */
  type: settingId,
  occurredAt: instant,
  topics: z.array(settingId).max(20),
  /** What it was about: a document, a webinar, a product. */
  asset: z.string().max(200).optional(),
  campaign: z.string().max(100).optional(),
  value: z.number().optional(),
  page: webUrl.max(1_000).optional(),
  /** Of a `tracked` type: goes when the permission `tracking` goes (G12). */
  tracked: z.literal(true).optional(),
  /** The sender that it belongs to, where it is tracked for one brand alone. */
  brand: settingId.optional(),
  mail: mailFacts.optional(),
  /** Time to live, seconds since 1970: 13 months from `occurredAt` (DOMAIN 8). */
  expiresAt: z.int(),
});
export type EngagementEvent = z.infer<typeof engagementEvent>;

/** Where an event is stored. */
export function eventKey({
  contactId,
  occurredAt,
  source,
  id,
}: Pick<EngagementEvent, 'contactId' | 'occurredAt' | 'source' | 'id'>) {
  return keys.event(contactId, occurredAt, source, id);
}

/** Whose doing an open or click was; `pending` is never stored (V10). */
export const VERDICTS = ['human', 'suspect', 'machine'] as const;
export type Verdict = (typeof VERDICTS)[number];
