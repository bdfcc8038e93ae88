import type { Contact } from '../contacts/contact.ts';
import { readContact } from '../contacts/store.ts';
import { now } from '../platform/clock.ts';
import { permissionKey } from '../contacts/contact.ts';
import type { Change, EvidenceEntry } from './evidence.ts';
import { record, untilRecorded } from './record.ts';
import type { RecordDeps, Recorded } from './record.ts';
import { toldIn } from './status.ts';
import { readEntry } from './store.ts';

export type UndoInput = {
  contactId: string;
  /** The withdrawal whose effect is taken back. */
  seq: number;
  route: 'undo' | 'receipt-link';
  ip: string;
  userAgent: string;
};
export type Undone = ({ kind: 'restored' } & Recorded) | { kind: 'nothing-to-undo' };

/** What taking back withdrawal `seq` would grant anew: no more than was taken, and only what is still untouched. */
export async function viewUndo(
  deps: Pick<RecordDeps, 'db'>,
  contactId: string,
  seq: number,
): Promise<{ contact: Contact; changes: Change[] } | undefined> {
  const contact = await readContact(deps.db, contactId);
  const entry = contact && (await readEntry(deps.db, contactId, seq));
  if (!contact || entry?.type !== 'withdrawn' || isOvertaken(contact, entry)) return undefined;
  const changes = entry.changes.flatMap((change) => restore(contact, entry, change));
  return changes.length > 0 ? { contact, changes } : undefined;
}

/** A new grant by the person's own act; the withdrawal stays in the record (DOMAIN 2). */
export async function undoWithdrawal(deps: RecordDeps, input: UndoInput): Promise<Undone> {
  return untilRecorded(async (): Promise<Undone | undefined> => {
    const view = await viewUndo(deps, input.contactId, input.seq);
    if (!view) return { kind: 'nothing-to-undo' };
    const recorded = await record(deps, {
      contact: view.contact,
      draft: {
        type: 'granted',
        at: now(),
        actor: { kind: 'person' },
        route: input.route,
        changes: view.changes,
        undoes: input.seq,
      },
      payload: { address: view.contact.address, ip: input.ip, userAgent: input.userAgent },
    });
    return recorded && { kind: 'restored', ...recorded };
  });
}

/** "No advertising at all" said since stands over an earlier no, and cannot be taken back itself after a later one. */
function isOvertaken(contact: Contact, entry: EvidenceEntry): boolean {
  const { noAdvertising, permissions } = contact;
  if ((toldIn(noAdvertising) ?? 0) > entry.seq) return true;
  if (!entry.noAdvertising) return false;
  return Object.values(permissions).some(({ status, seq }) => status === 'withdrawn' && seq > entry.seq);
}

function restore(contact: Contact, entry: EvidenceEntry, change: Change): Change[] {
  const { brand, use, from, topics, wording, form, proof, topicsLeft } = change;
  const current = contact.permissions[permissionKey(brand, use)];
  if (from !== 'granted' || current?.seq !== entry.seq) return [];
  if (topicsLeft && current.status === 'granted') {
    return [{ brand, use, from: 'granted', to: 'granted', topics: [...current.topics, ...topicsLeft] }];
  }
  if (current.status !== 'withdrawn') return [];
  return [{ brand, use, from: 'withdrawn', to: 'granted', topics, wording, form, proof }];
}
