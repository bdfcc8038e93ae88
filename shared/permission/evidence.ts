import canonicalize from 'canonicalize';
import * as z from 'zod';

import { contactSource, proof } from '../contacts/contact.ts';
import { BASIS_KINDS } from '../contacts/legal-basis.ts';
import { sha256 } from '../platform/ids.ts';
import { permissionModel } from '../settings/brand.ts';
import { language } from '../settings/language.ts';
import { STATUSES } from './status.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime({ precision: 3 });

/** Who acted. */
export const actor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person') }),
  z.object({ kind: z.literal('system'), name: z.string() }),
  /** One of us, by the id that the operator's own systems know them by. */
  z.object({ kind: z.literal('staff'), id: z.string() }),
  /** Another system, by its API key. */
  z.object({ kind: z.literal('api'), key: z.string() }),
]);
export type Actor = z.infer<typeof actor>;

/** The way an act reached us. */
export const ROUTES = [
  'double-opt-in',
  'confirmed-opt-in',
  'one-click',
  'unsubscribe-page',
  /** The choices page, opened by the link of any mail. */
  'preferences',
  /** The same page after a fresh log-in, which proves the mailbox. */
  'log-in',
  'undo',
  'receipt-link',
  'not-me',
  'complaint',
  'delivery-report',
  'phone',
  'reply',
  'letter',
  'crm',
  'staff',
  'import',
  'paper',
  'oral',
  'review',
  'clock',
] as const;
export type Route = (typeof ROUTES)[number];

/** What an act did to one use of one brand; `topics` and `wording` are those of the grant gained or lost. */
export const change = z.object({
  brand: z.string(),
  use: z.string(),
  from: z.enum(STATUSES),
  to: z.enum(STATUSES),
  topics: z.array(z.string()).optional(),
  topicsLeft: z.array(z.string()).optional(),
  topicsJoined: z.array(z.string()).optional(),
  /** A withdrawal under a block: the block stays, the person's no is remembered. */
  beneath: z.literal('withdrawn').optional(),
  wording: hash.optional(),
  form: z.object({ id: z.string(), version: z.int() }).optional(),
  proof: proof.optional(),
  /** Asked for by the person under a block, or by a competitor: waits for one of us. */
  review: z.boolean().optional(),
  /** The basis recorded for the use; what it says is in the sealed payload and on the contact. */
  basis: z.enum(BASIS_KINDS).optional(),
  /** The grant ended because it was not used (G8). */
  lapsed: z.boolean().optional(),
});
export type Change = z.infer<typeof change>;

/** The confirmation mail, as far as known when the entry was written; later news is a later entry. */
export const mailEvidence = z.object({
  template: z.string(),
  /** SHA-256 over the canonical JSON of subject, HTML and text. */
  sha256: hash,
  startedAt: instant,
  messageId: z.string().optional(),
  sentAt: instant.optional(),
  deliveredAt: instant.optional(),
});
export type MailEvidence = z.infer<typeof mailEvidence>;

/** What the person wishes besides permissions; a value left out means none. */
const told = <T extends z.ZodType>(value: T) =>
  z.object({ from: value.optional(), to: value.optional() }).optional();
export const choices = z.object({
  wish: told(z.enum(['weekly', 'monthly'])),
  pausedUntil: told(instant),
  language: told(language),
});
export type Choices = z.infer<typeof choices>;

/** The sign-up that a confirmation belongs to. */
export const signupEvidence = z.object({
  requestId: z.string(),
  requestedAt: instant,
  formShownAt: instant,
  form: z.object({ id: z.string(), version: z.int(), sha256: hash }),
  /** Boxes ticked, by use, with the SHA-256 of the wording beside each. */
  boxes: z.record(z.string(), hash),
  topics: z.array(z.string()),
  language,
  model: permissionModel,
  privacyNotice: z.object({ version: z.string(), url: z.string() }),
  confirmPageShownAt: instant.optional(),
});

/**
 * One act, append-only (E1, E4). Everything here is free of personal data; the person's data is in `sealed`.
 * `hash` = SHA-256 over the RFC 8785 form of all other attributes, `prevHash` included (H2).
 */
export const evidenceEntry = z.object({
  schema: z.literal(1),
  contactId: z.string(),
  seq: z.int().positive(),
  prevHash: hash,
  type: z.enum([
    'granted',
    'withdrawn',
    'review',
    'delivery',
    /** Known, nobody asked: where a contact came from (G10). */
    'known',
    'blocked',
    'unblocked',
    'basis',
    'lapsed',
    'denied',
    'erased',
    /** The person changed topics or wishes, and nothing was granted or withdrawn. */
    'choices',
    /** The person's address is another one (D3); grants stay with the old. */
    'address',
    /** The person restricted the use of their data, whatever the brand and use (art. 18 GDPR), and the end of it. */
    'restricted',
    'unrestricted',
  ]),
  at: instant,
  actor,
  route: z.enum(ROUTES),
  controller: z.string(),
  changes: z.array(change),
  /** The act was "no advertising at all". */
  noAdvertising: z.boolean().optional(),
  /** For a new address: the pseudonyms of the old and the new (D5); which grants stay behind follows from them. */
  moved: z.object({ from: z.string(), to: z.string() }).optional(),
  /** Whose page it was on, where no change names a brand. */
  brand: z.string().optional(),
  /** Wishes that changed in the act. */
  choices: choices.optional(),
  /** For an undo: the entry whose effect is taken back. */
  undoes: z.int().optional(),
  reason: z.string().optional(),
  /** When a withdrawal that one of us writes down reached us. */
  receivedAt: instant.optional(),
  source: contactSource.optional(),
  /** What a consent by phone or on paper rests on: SHA-256 of recording or scan, and when it was given (G7). */
  document: z.object({ sha256: hash.optional(), givenAt: instant }).optional(),
  signup: signupEvidence.optional(),
  mail: mailEvidence.optional(),
  /** For a delivery report: the mail that a sign-up was confirmed from. */
  delivery: z.object({ requestId: z.string(), messageId: z.string(), deliveredAt: instant }).optional(),
  /** SHA-256 over the canonical payload, which holds its own salt (H7). */
  payloadHash: hash,
  sealed: z.string(),
  hash,
});
export type EvidenceEntry = z.infer<typeof evidenceEntry>;
/** What a use case states; the recorder adds place in the chain, seal and hash. */
export type EvidenceDraft = Omit<
  EvidenceEntry,
  'schema' | 'contactId' | 'controller' | 'seq' | 'prevHash' | 'payloadHash' | 'sealed' | 'hash'
>;

/** `prevHash` of the first entry of a chain. */
export const CHAIN_START = '0'.repeat(64);

/** RFC 8785 canonical form. */
export function canonical(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('not canonicalizable');
  return text;
}

/** The hash an entry must carry. */
export function entryHash(entry: { prevHash: string; hash?: string }): string {
  const { hash: _, ...hashed } = entry;
  return sha256(canonical(hashed));
}
