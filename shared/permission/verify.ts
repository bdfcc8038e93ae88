import { CHAIN_START, entryHash } from './evidence.ts';
import type { EvidenceEntry } from './evidence.ts';

/** What links an entry; all else it holds is hashed as it is. */
type Link = Pick<EvidenceEntry, 'contactId' | 'seq' | 'prevHash' | 'hash'>;

export type ChainVerdict =
  | { ok: true; entries: number; head: string }
  | { ok: false; seq: number; problem: 'hash' | 'order' | 'link' | 'contact' | 'tail' };

/**
 * Walks a contact's evidence chain from its first entry and names the first bad entry (H2).
 * @param head what the contact says its last entry is; without it a dropped tail cannot be seen
 */
export function verifyChain(entries: readonly Link[], head?: { seq: number; hash: string }): ChainVerdict {
  let prevHash = CHAIN_START;
  for (const [index, entry] of entries.entries()) {
    const seq = index + 1;
    if (entry.seq !== seq) return { ok: false, seq, problem: 'order' };
    if (entry.contactId !== entries[0]?.contactId) return { ok: false, seq, problem: 'contact' };
    if (entry.prevHash !== prevHash) return { ok: false, seq, problem: 'link' };
    if (entryHash(entry) !== entry.hash) return { ok: false, seq, problem: 'hash' };
    prevHash = entry.hash;
  }
  if (head && (head.seq !== entries.length || head.hash !== prevHash)) {
    const appended = entries[head.seq - 1]?.hash === head.hash;
    return {
      ok: false,
      seq: appended ? head.seq + 1 : Math.min(head.seq, entries.length + 1),
      problem: 'tail',
    };
  }
  return { ok: true, entries: entries.length, head: prevHash };
}
