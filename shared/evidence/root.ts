import * as z from 'zod';

import { canonical } from '../permission/evidence.ts';
import type { EvidenceEntry } from '../permission/evidence.ts';
import { sha256 } from '../platform/ids.ts';
import { leafNode } from './merkle.ts';
import type { Node } from './merkle.ts';

const instant = z.iso.datetime({ precision: 3 });
export const node = z.string().regex(/^[0-9a-f]{64}$/);

/** `typ` of a signed root. */
export const ROOT_TYP = 'assent-root+jwt';
/** `prevRoot` of the first root. */
export const ROOTS_START = '0'.repeat(64);

/** What is signed each day: one tree over all evidence that came in since the root before (H3). */
export const rootStatement = z.object({
  seq: z.int().positive(),
  /** When it was signed. */
  at: instant,
  /** Entries of later instants wait for a later root. */
  until: instant,
  /** Leaves of the tree. */
  size: z.int().nonnegative(),
  root: node,
  /** SHA-256 over the payload of the signed root before. */
  prevRoot: node,
});
export type RootStatement = z.infer<typeof rootStatement>;

/** One entry as the tree holds it; `headSeq` is the last entry of its contact then known, so that none can be dropped. */
export const leaf = z.object({
  contactId: z.string(),
  seq: z.int().positive(),
  hash: node,
  headSeq: z.int().positive(),
});
export type Leaf = z.infer<typeof leaf>;

export function nodeOfLeaf({ contactId, seq, hash, headSeq }: Leaf): Node {
  return leafNode(canonical({ contactId, seq, hash, headSeq }));
}

/** The hash by which the next root names a root. */
export function rootHash(signedText: string): string {
  return sha256(signedText);
}

/** New entries as leaves: by contact, then in order, whatever order they were found in. */
export function toLeaves(entries: readonly Pick<EvidenceEntry, 'contactId' | 'seq' | 'hash'>[]): Leaf[] {
  const heads = new Map<string, number>();
  for (const { contactId, seq } of entries) heads.set(contactId, Math.max(seq, heads.get(contactId) ?? 0));
  return entries
    .map(({ contactId, seq, hash }) => ({ contactId, seq, hash, headSeq: heads.get(contactId) ?? seq }))
    .toSorted((a, b) => (a.contactId === b.contactId ? a.seq - b.seq : a.contactId < b.contactId ? -1 : 1));
}
