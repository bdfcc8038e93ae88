import * as z from 'zod';

import { account, accountFacts } from '../contacts/account.ts';
import { contact } from '../contacts/contact.ts';
import { promotion } from '../decision/promotion.ts';
import { VERDICTS, engagementEvent } from '../engagement/event.ts';
import { evidenceEntry } from '../permission/evidence.ts';
import { personRequest } from '../preferences/person-request.ts';
import { session } from '../preferences/session.ts';
import { dayCount } from '../scoring/day-counts.ts';
import { signupRequest } from '../signup/pending.ts';
import { exportedScore } from './export-score.ts';

/**
 * What is left out of an export, each with its reason; everything else that is stored goes in by construction, so that
 * a new field cannot be forgotten (D1).
 */
export const INTERNAL = {
  contact: {
    /** Version of our own storage format. */
    schema: true,
    /** A key: whoever has it can open sealed copies of the same data. */
    salt: true,
    /** Place in our chain of hashes, and a counter; the acts themselves are exported. */
    head: true,
    rev: true,
    /** When our clock looks, and looked. */
    dueAt: true,
    lookedAt: true,
    /** Pseudonyms of addresses that are exported in clear. */
    addressKey: true,
    formerKeys: true,
  },
  act: {
    schema: true,
    /** The sealed form of `personal`. */
    sealed: true,
    /** Link in our chain of hashes. */
    prevHash: true,
  },
  /** What the decision was made from; all of it stands elsewhere in the export. */
  message: { snapshot: true },
  event: {
    schema: true,
    /** Named above. */
    contactId: true,
    controller: true,
    /** `retention` says it in words. */
    expiresAt: true,
  },
  session: {
    /** A key: the hash of the secret in the browser. */
    hash: true,
    addressKey: true,
    /** Technical record of the log-in mail. */
    mail: true,
  },
  /** Named above. */
  request: { controller: true },
} as const;

/** The version of the format; see docs/export-format.md. */
export const EXPORT_FORMAT = 'assent-export/1';

/** All that is held about a person, structured and machine-readable (art. 15 and 20 GDPR). */
export const exportDocument = z.object({
  format: z.literal(EXPORT_FORMAT),
  exportedAt: z.iso.datetime({ precision: 3 }),
  controller: z.object({ name: z.string(), address: z.string(), contact: z.string() }),
  /** Who else gets the data, and what for. */
  recipients: z.array(z.object({ name: z.string(), purpose: z.string() })),
  /** How long what is kept, and why. */
  retention: z.array(z.object({ what: z.string(), from: z.string(), keep: z.string(), basis: z.string() })),
  rights: z.string(),
  contact: contact.omit(INTERNAL.contact),
  /** Their company, as far as anything about the person follows from it. */
  account: account.pick({ name: true, class: true }).extend(accountFacts.shape).optional(),
  /** Every act that changed a permission or a wish, with what was said in it. */
  acts: z.array(
    evidenceEntry.omit(INTERNAL.act).extend({
      personal: z.record(z.string(), z.unknown()),
      wordings: z.record(z.string(), z.string()),
    }),
  ),
  messages: z.array(promotion.omit(INTERNAL.message)),
  /** What the person did, or what was seen of it. */
  events: z.array(
    engagementEvent.omit(INTERNAL.event).extend({
      /** Of an open or a click: whose doing it was, by which version of our rules, and why we think so. */
      judged: z
        .object({ verdict: z.enum(VERDICTS), version: z.int(), reasons: z.array(z.string()) })
        .optional(),
    }),
  ),
  /** Events of a day counted by kind: what is scored once they are older than a month. */
  eventDays: z.array(z.object({ day: z.iso.date(), counts: z.array(dayCount) })),
  score: exportedScore,
  sessions: z.array(session.omit(INTERNAL.session)),
  requests: z.array(personRequest.omit(INTERNAL.request)),
  /** Sign-ups that were not confirmed yet. */
  openSignups: z.array(signupRequest),
  /** A new address that was given and not confirmed yet. */
  newAddress: z.string().optional(),
});
export type ExportDocument = z.infer<typeof exportDocument>;
