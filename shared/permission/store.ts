import { claimAddress } from '../contacts/store.ts';
import type { Contact } from '../contacts/contact.ts';
import { dayShard, keys, updatedShard } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import { get } from '../platform/table.ts';
import type { Action, Database, Put, Update } from '../platform/table.ts';
import { evidenceEntry } from './evidence.ts';
import type { EvidenceEntry } from './evidence.ts';

/** The evidence entry as one put that can never replace another (H2). */
export function appendEntry(entry: EvidenceEntry): Put {
  const key = keys.evidence(entry.contactId, entry.seq);
  return {
    put: 'ledger',
    item: { ...key, ...entry, dayShard: dayShard(entry.at.slice(0, 10), key.pk) },
    condition: 'attribute_not_exists(pk)',
  };
}

/** A contact that did not exist, with the pointer from its address. */
export function createContact(created: Contact): Action[] {
  const { id, controller, addressKey } = created;
  const key = keys.contact(id);
  return [
    {
      put: 'contacts',
      item: { ...key, ...created, updatedShard: updatedShard(controller, key.pk) },
      condition: 'attribute_not_exists(pk)',
    },
    ...(addressKey === undefined ? [] : [claimAddress(controller, addressKey, id)]),
  ];
}

/** Writes what an act changed, if the chain head is still the one that `before` was read with. */
export function updateContact(before: Contact, after: Contact): Update {
  const names: Record<string, string> = { '#head': 'head', '#hash': 'hash' };
  const values: Record<string, unknown> = { ':seq': before.head.seq, ':hash': before.head.hash };
  const sets: string[] = [];
  const removes: string[] = [];
  const change = (path: string, from: unknown, to: unknown) => {
    if (from === to) return;
    if (to === undefined) return removes.push(path);
    values[`:v${sets.length}`] = to;
    return sets.push(`${path} = :v${sets.length}`);
  };
  for (const name of CHANGED_BY_ACTS) {
    if (before[name] !== after[name]) names[`#${name}`] = name;
    change(`#${name}`, before[name], after[name]);
  }
  const places = new Set([...Object.keys(before.permissions), ...Object.keys(after.permissions)]);
  for (const [at, place] of [...places].entries()) {
    if (before.permissions[place] === after.permissions[place]) continue;
    names['#permissions'] = 'permissions';
    names[`#p${at}`] = place;
    change(`#permissions.#p${at}`, before.permissions[place], after.permissions[place]);
  }
  return {
    update: 'contacts',
    key: keys.contact(before.id),
    set: `SET ${sets.join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}`,
    condition: '#head.seq = :seq AND #head.#hash = :hash',
    names,
    values,
  };
}

/** What an act can change of a contact besides its permissions. */
const CHANGED_BY_ACTS = [
  'head',
  'updatedAt',
  'fields',
  'country',
  'language',
  'accountId',
  'noAdvertising',
  'reviews',
  'lapses',
  'bases',
] as const satisfies (keyof Contact)[];

export async function readEntry(
  db: Database,
  contactId: string,
  seq: number,
): Promise<EvidenceEntry | undefined> {
  return get(db, 'ledger', keys.evidence(contactId, seq), evidenceEntry);
}

/** All evidence of a contact in order. */
export async function readEntries(db: Database, contactId: string): Promise<EvidenceEntry[]> {
  return Array.fromAsync(queryPartition(db, 'ledger', keys.evidence(contactId, 1).pk, evidenceEntry));
}
