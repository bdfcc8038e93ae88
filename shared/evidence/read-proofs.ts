import type { EvidenceEntry } from '../permission/evidence.ts';
import type { Database } from '../platform/table.ts';
import type { PackProof } from './pack.ts';
import { findLeaf, readRoots } from './store.ts';

/** Where each entry stands in a signed root, and all roots from the first that is needed. */
export async function readProofs(
  db: Database,
  entries: readonly EvidenceEntry[],
): Promise<{ proofs: PackProof[]; roots: string[] }> {
  const all = await readRoots(db);
  const proofs: PackProof[] = [];
  for (const entry of entries) {
    for (const root of all) {
      // It joined the first root after it or, where it came in late, a later one.
      if (root.until < entry.at) continue;
      const found = await findLeaf(db, root, entry);
      if (!found) continue;
      const { leaf, index, path } = found;
      proofs.push({ seq: entry.seq, headSeq: leaf.headSeq, root: root.seq, index, path });
      break;
    }
  }
  const first = Math.min(...proofs.map(({ root }) => root));
  return { proofs, roots: all.filter(({ seq }) => seq >= first).map(({ jws }) => jws) };
}
