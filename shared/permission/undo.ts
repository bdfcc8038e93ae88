import type { Contact } from '../contacts/contact.ts';
import { readContact } from '../contacts/store.ts';
import { now } from '../platform/clock.ts';
import { permissionKey } from '../contacts/contact.ts';
import type { Change, Choices, EvidenceEntry } from './evidence.ts';
import { record, untilRecorded } from './record.ts';
import type { RecordDeps, Recorded } from './record.ts';
import { toldIn } from './status.ts';
import { topicChange } from './topic-change.ts';
import { readEntries, readEntry } from './store.ts';
import { wishesBack, wishesOf } from './wishes.ts';

export type UndoInput = {
  contactId: string;
  /** The entry whose effect is taken back. */
  seq: number;
  route: 'undo' | 'receipt-link';
  ip: string;
  userAgent: string;
};
export type Undone = ({ kind: 'restored' } & Recorded) | { kind: 'nothing-to-undo' };

/** What an undo comes to: what is granted anew or left, and wishes as they were. */
export type UndoView = { contact: Contact; changes: Change[]; choices: Choices };

/**
 * What taking back entry `seq` would do: a withdrawal grants anew no more than was taken, what was joined is left, and
 * of all of it only what nobody chose anew since.
 */
export async function viewUndo(
  deps: Pick<RecordDeps, 'db'>,
  contactId: string,
  seq: number,
): Promise<UndoView | undefined> {
  const contact = await readContact(deps.db, contactId);
  const entry = contact && (await readEntry(deps.db, contactId, seq));
  if (!contact || !entry || !canBeUndone(entry) || isOvertaken(contact, entry)) return undefined;
  const all = contact.head.seq > seq ? await readEntries(deps.db, contactId) : [];
  const since = all.filter((each) => each.seq > seq && each.seq <= contact.head.seq);
  // The old mailbox proves nothing for the address that the person has now (DOMAIN 1).
  if (since.some(({ moved }) => moved)) return undefined;
  const changes = entry.changes.flatMap((change) =>
    entry.type === 'granted' ? leave(contact, entry, change) : restore(contact, entry, change, since),
  );
  const choices = wishesBack(
    entry.choices ?? {},
    contact,
    since.map((each) => each.choices ?? {}),
  );
  return changes.length > 0 || Object.keys(choices).length > 0 ? { contact, changes, choices } : undefined;
}

/**
 * Whether an act leaves anything to take back: what the person did on a page of ours, but for what a confirmation mail
 * asked for, which is left by its own ways. Pure.
 */
export function canBeUndone({ type, route, changes, choices = {} }: EvidenceEntry): boolean {
  const onPage = type === 'withdrawn' || type === 'choices' || (type === 'granted' && route === 'log-in');
  const moved = changes.some(({ from, to }) => from === 'granted' || to === 'granted');
  return onPage && (moved || Object.keys(choices).length > 0);
}

/** A new grant by the person's own act, or a choice taken back; what was said stays in the record (DOMAIN 2). */
export async function undoWithdrawal(deps: RecordDeps, input: UndoInput): Promise<Undone> {
  return untilRecorded(async (): Promise<Undone | undefined> => {
    const view = await viewUndo(deps, input.contactId, input.seq);
    if (!view) return { kind: 'nothing-to-undo' };
    const recorded = await record(deps, {
      contact: view.contact,
      draft: {
        type: typeOf(view),
        at: now(),
        actor: { kind: 'person' },
        route: input.route,
        changes: view.changes,
        undoes: input.seq,
        ...(Object.keys(view.choices).length > 0 ? { choices: view.choices } : {}),
      },
      payload: { address: view.contact.address, ip: input.ip, userAgent: input.userAgent },
      profile: wishesOf(view.choices),
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

function typeOf({ changes }: UndoView): 'granted' | 'withdrawn' | 'choices' {
  if (changes.some(({ from, to, topicsJoined }) => to === 'granted' && (from !== to || topicsJoined))) {
    return 'granted';
  }
  return changes.some(({ to }) => to === 'withdrawn') ? 'withdrawn' : 'choices';
}

function leave(contact: Contact, entry: EvidenceEntry, { brand, use }: Change): Change[] {
  const current = contact.permissions[permissionKey(brand, use)];
  if (current?.status !== 'granted' || current.seq !== entry.seq) return [];
  const { topics, wording, form, proof } = current;
  return [{ brand, use, from: 'granted', to: 'withdrawn', topics, wording, form, proof }];
}

function restore(
  contact: Contact,
  entry: EvidenceEntry,
  change: Change,
  since: readonly EvidenceEntry[],
): Change[] {
  const { brand, use, from, to, topics, wording, form, proof } = change;
  const current = contact.permissions[permissionKey(brand, use)];
  if (from !== 'granted' || !current) return [];
  if (current.status === 'granted' && to === 'granted') return restoreTopics(current.topics, change, since);
  if (current.status !== 'withdrawn' || current.seq !== entry.seq) return [];
  return [{ brand, use, from: 'withdrawn', to: 'granted', topics, wording, form, proof }];
}

/** Each topic by itself, unless the use was left or agreed to anew since: that stands over what was before it. */
function restoreTopics(held: readonly string[], change: Change, since: readonly EvidenceEntry[]): Change[] {
  const { brand, use, topicsLeft = [], topicsJoined = [] } = change;
  const isSame = (each: Change) => each.brand === brand && each.use === use;
  const after = since.filter(({ changes }) => changes.some(isSame));
  const later = after.flatMap(({ changes }) => changes.filter(isSame));
  if (after.some(({ type }) => type === 'withdrawn') || !later.every(isTopicChange)) return [];
  const touched = later.flatMap((each) => [...(each.topicsJoined ?? []), ...(each.topicsLeft ?? [])]);
  const isUntouched = (topic: string) => !touched.includes(topic);
  const [back, gone] = [topicsLeft.filter(isUntouched), topicsJoined.filter(isUntouched)];
  const restored = topicChange(change, held, { joined: back, left: gone });
  // With no topic left nothing would be sent; that is said by leaving the use.
  return back.length + gone.length === 0 || restored.topics?.length === 0 ? [] : [restored];
}

function isTopicChange({ wording, topicsJoined, topicsLeft }: Change): boolean {
  return wording === undefined && (topicsJoined ?? topicsLeft) !== undefined;
}
