import * as z from 'zod';

import { jwkSet } from '../platform/jwk.ts';
import { PIECES } from '../permission/grade.ts';
import { node } from './root.ts';

const instant = z.iso.datetime({ precision: 3 });

export const PACK_FORMAT = 'assent-evidence/1';
/** `typ` of the signed statement that a pack carries. */
export const PACK_TYP = 'assent-pack+jwt';

const seq = z.int().positive();
const head = z.strictObject({ seq, hash: node });

/** What whoever issues a pack signs: the whole of it, and where the contact's chain ends. */
export const packStatement = z.object({
  contactId: z.string(),
  head,
  at: instant,
  /** SHA-256 over the RFC 8785 form of the pack without this statement. */
  sha256: node,
});

/** An entry as stored, nothing left out or added: all of it is hashed. Named is what a verifier looks at. */
const packEntry = z.looseObject({
  contactId: z.string(),
  seq,
  prevHash: node,
  hash: node,
  at: instant,
  payloadHash: node,
  changes: z.array(z.looseObject({ wording: node.optional() })),
  signup: z
    .looseObject({
      form: z.looseObject({ id: z.string(), version: z.int(), sha256: node }),
      boxes: z.record(z.string(), node),
    })
    .optional(),
  mail: z.looseObject({ sha256: node }).optional(),
});

/** The mail of an entry as sent, or why its words cannot be shown. */
export const packMail = z.strictObject({
  seq,
  sha256: node,
  content: z.strictObject({ subject: z.string(), html: z.string(), text: z.string() }).optional(),
  missing: z.enum(['inputs-gone', 'cannot-be-repeated']).optional(),
});
export type PackMail = z.infer<typeof packMail>;

/** Where an entry stands in a signed root. */
export const packProof = z.strictObject({
  seq,
  headSeq: seq,
  root: seq,
  index: z.int().nonnegative(),
  path: z.array(node),
});
export type PackProof = z.infer<typeof packProof>;

const grantGrade = z.strictObject({
  seq,
  brand: z.string(),
  use: z.string(),
  grade: z.enum(['A', 'B', 'C']),
  /** What would be needed for an A. */
  missing: z.array(z.enum(PIECES)),
});

/** All that is known in proof of one contact's permissions, to be verified without us (H8). */
export const evidencePack = z.strictObject({
  format: z.literal(PACK_FORMAT),
  issuedAt: instant,
  contactId: z.string(),
  controller: z.strictObject({ id: z.string(), name: z.string(), address: z.string(), contact: z.string() }),
  /** The end of the chain, as the contact says. */
  head,
  entries: z.array(packEntry).min(1),
  /** The person's data in each entry, by its number, as far as it may and can be read. */
  payloads: z.record(z.string(), z.record(z.string(), z.unknown())),
  payloadsWithheld: z.enum(['erased', 'legal-hold']).optional(),
  /** Permissions now, by `brand#use`. */
  permissions: z.record(z.string(), z.unknown()),
  wordings: z.record(node, z.string()),
  forms: z.array(
    z.strictObject({
      id: z.string(),
      version: z.int(),
      sha256: node,
      document: z.record(z.string(), z.unknown()),
    }),
  ),
  mails: z.array(packMail),
  /** Later uses: messages sent, oldest first. */
  uses: z.array(z.record(z.string(), z.unknown())),
  grades: z.array(grantGrade),
  proofs: z.array(packProof),
  /** Signed roots, without a gap from the first that names this contact. */
  roots: z.array(z.string()),
  jwks: jwkSet,
  /** What all this shows and what it does not (H9). */
  limits: z.strictObject({ de: z.array(z.string()), en: z.array(z.string()) }),
  statement: z.string(),
});
export type EvidencePack = z.infer<typeof evidencePack>;
