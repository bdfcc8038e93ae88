import { readEntries } from '../permission/store.ts';
import { verifyChain } from '../permission/verify.ts';
import type { Database } from '../platform/table.ts';
import type { Leaf } from './root.ts';
import { pageCount, readLeaves, readRoots } from './store.ts';
import type { RootItem } from './store.ts';
import { readHead } from './subject.ts';
import { tellBroken } from './tell-broken.ts';

/** Every chain is looked at within so many nights. */
const NIGHTS = 30;

export type Checked = { chains: number; broken: number; next: RootItem['checkFrom'] };
type Broken = { contactId: string; seq: number; problem: string };

/**
 * Verifies the chains of a share of all leaves ever signed, from where the last run ended, and tells what is broken.
 * A root remembers what there was: an entry that is gone or replaced is found even where the contact agrees with it.
 */
export async function checkChains(db: Database, isOver: () => boolean): Promise<Checked> {
  const roots = await readRoots(db);
  const last = roots.at(-1);
  let next = last?.checkFrom ?? { root: 1, page: 0 };
  const outcome = { chains: 0, broken: 0 };
  const share = Math.ceil((last?.pagesSoFar ?? 0) / NIGHTS);
  for (let pages = 0; pages < share && !isOver();) {
    const root = roots[next.root - 1];
    if (root && next.page < pageCount(root.size)) {
      const leaves = (await readLeaves(db, root, next.page)) ?? [];
      const checked = await checkPage(db, leaves);
      outcome.chains += checked.chains;
      outcome.broken += checked.broken;
      pages += 1;
      next = { root: next.root, page: next.page + 1 };
    } else next = { root: root ? next.root + 1 : 1, page: 0 };
  }
  return { ...outcome, next };
}

async function checkPage(db: Database, leaves: readonly Leaf[]): Promise<Omit<Checked, 'next'>> {
  const byContact = Map.groupBy(leaves, ({ contactId }) => contactId);
  let broken = 0;
  for (const [contactId, signed] of byContact) {
    const found = await checkContact(db, contactId, signed);
    if (found) tellBroken(found);
    if (found) broken += 1;
  }
  return { chains: byContact.size, broken };
}

/** The first thing wrong with a contact's evidence, against itself, the contact and what was signed. */
async function checkContact(
  db: Database,
  contactId: string,
  signed: readonly Leaf[],
): Promise<Broken | undefined> {
  // In this order: an act meanwhile makes the chain longer than the head, never shorter.
  const head = await readHead(db, contactId);
  const entries = await readEntries(db, contactId);
  const verdict = verifyChain(entries);
  if (!verdict.ok) return { contactId, seq: verdict.seq, problem: verdict.problem };
  if (head && entries[head.seq - 1]?.hash !== head.hash) return { contactId, seq: head.seq, problem: 'tail' };
  const gone = signed.find(({ seq, hash }) => entries[seq - 1]?.hash !== hash);
  if (gone) {
    const problem = entries.length < gone.seq ? 'tail' : 'replaced';
    return { contactId, seq: gone.seq, problem };
  }
  return undefined;
}
