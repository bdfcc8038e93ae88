import * as z from 'zod';

import { account } from '../contacts/account.ts';
import { contact } from '../contacts/contact.ts';
import { promotion } from '../decision/promotion.ts';
import { evidenceEntry } from '../permission/evidence.ts';
import { personRequest } from '../preferences/person-request.ts';
import { session } from '../preferences/session.ts';
import { signupRequest } from '../signup/pending.ts';

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
  account: account.pick({ name: true, class: true }).optional(),
  /** Every act that changed a permission or a wish, with what was said in it. */
  acts: z.array(
    evidenceEntry.omit(INTERNAL.act).extend({
      personal: z.record(z.string(), z.unknown()),
      wordings: z.record(z.string(), z.string()),
    }),
  ),
  messages: z.array(promotion.omit(INTERNAL.message)),
  sessions: z.array(session.omit(INTERNAL.session)),
  requests: z.array(personRequest.omit(INTERNAL.request)),
  /** Sign-ups that were not confirmed yet. */
  openSignups: z.array(signupRequest),
  /** A new address that was given and not confirmed yet. */
  newAddress: z.string().optional(),
});
export type ExportDocument = z.infer<typeof exportDocument>;
