import * as z from 'zod';

import { decision } from '../../shared/decision/decision.ts';
import { byEmail, byExternalId, byId, contactRef } from '../../shared/decision/find-contacts.ts';
import { mailingId, promotion } from '../../shared/decision/promotion.ts';
import { settingId } from '../../shared/settings/brand.ts';

const instant = z.iso.datetime({ precision: 3 });
/** What one request may ask about. */
export const MOST_CONTACTS = 1_000;

const asked = { brand: settingId, use: settingId, topic: settingId.optional() };
const reserved = { reservationId: z.string().max(200).optional() };

export const decisionBody = z
  .strictObject({
    contacts: z
      .array(z.union([byId.extend(reserved), byEmail.extend(reserved), byExternalId.extend(reserved)]))
      .min(1)
      .max(MOST_CONTACTS),
    ...asked,
    at: instant.optional().describe('A past or future instant; now unless told.'),
    reserve: z.boolean().optional().describe('Takes a slot where it is allowed, until `reservedUntil`.'),
    record: z
      .strictObject({ mailing: mailingId, topics: z.array(settingId).max(20).optional() })
      .optional()
      .describe('Writes the message into the promotion history where it is allowed.'),
  })
  .refine(({ reserve, record }) => !(reserve && record), {
    path: ['reserve'],
    message: 'reserve first, then record with the reservation',
  })
  .refine(({ at, reserve, record }) => at === undefined || !(reserve || record), {
    path: ['at'],
    message: 'only what happens now can be reserved or recorded',
  });
export type DecisionBody = z.infer<typeof decisionBody>;

const undecided = z.object({ error: z.enum(['not-found', 'unreadable', 'unavailable']) });

export const decided = decision.extend({
  /** Absent for somebody who was erased. */
  contactId: z.string().optional(),
  reservationId: z.string().optional(),
  reservedUntil: instant.optional(),
  /** To be set as the mail tag `sendId`, so that later news finds its way. */
  sendId: z.string().optional(),
});
export const decisionAnswer = z.object({
  at: instant,
  /** In the order asked. */
  results: z.array(z.union([decided, undecided])),
});
export type DecisionAnswer = z.infer<typeof decisionAnswer>;

export const linksBody = z.strictObject({
  contacts: z.array(contactRef).min(1).max(MOST_CONTACTS),
  ...asked,
});
export const linksAnswer = z.object({
  results: z.array(
    z.union([
      z.object({
        contactId: z.string(),
        unsubscribeUrl: z.url(),
        preferencesUrl: z.url(),
        /** Ready to be set on the mail (U1). */
        headers: z.object({ 'List-Unsubscribe': z.string().max(995), 'List-Unsubscribe-Post': z.string() }),
      }),
      z.object({ error: z.enum(['not-found', 'erased', 'unreadable']) }),
    ]),
  ),
});
export type LinksAnswer = z.infer<typeof linksAnswer>;

/** Where the last page ended: the instant and the send id of its last message. */
const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_(p_[0-9a-f]{32})$/;

export const promotionsQuery = z.strictObject({
  cursor: z.string().regex(CURSOR).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const promotionsAnswer = z.object({
  promotions: z.array(promotion.omit({ snapshot: true, contactId: true })),
  /** Absent on the last page. */
  cursor: z.string().optional(),
});

export function toCursor({ at, sendId }: { at: string; sendId: string }): string {
  return `${at}_${sendId}`;
}

export function readCursor(cursor: string | undefined): { at: string; sendId: string } | undefined {
  const [, at, sendId] = CURSOR.exec(cursor ?? '') ?? [];
  return at !== undefined && sendId !== undefined ? { at, sendId } : undefined;
}
