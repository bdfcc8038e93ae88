import { claimAddress } from '../contacts/store.ts';
import type { Contact } from '../contacts/contact.ts';
import { dayShard, keys } from '../platform/keys.ts';
import { get, queryPartition } from '../platform/table.ts';
import type { Action, Database } from '../platform/table.ts';
import { evidenceEntry } from './evidence.ts';
import type { EvidenceEntry } from './evidence.ts';

/** The evidence entry as one put that can never replace another (H2). */
export function appendEntry(entry: EvidenceEntry): Action {
  const key = keys.evidence(entry.contactId, entry.seq);
  return {
    put: 'ledger',
    item: { ...key, ...entry, dayShard: dayShard(entry.at.slice(0, 10), key.pk) },
    condition: 'attribute_not_exists(pk)',
  };
}

/** A contact that did not exist, with the pointer from its address. */
export function createContact(created: Contact): Action[] {
  return [
    {
      put: 'contacts',
      item: { ...keys.contact(created.id), ...created },
      condition: 'attribute_not_exists(pk)',
    },
    claimAddress(created),
  ];
}

/** Writes what an act changed, if the chain head is still the one that `before` was read with. */
export function updateContact(before: Contact, after: Contact): Action {
  const names: Record<string, string> = { '#head': 'head' };
  const values: Record<string, unknown> = { ':seq': before.head.seq, ':hash': before.head.hash };
  const sets: string[] = [];
  const removes: string[] = [];
  const assign = (path: string, value: unknown) => {
    values[`:v${sets.length}`] = value;
    sets.push(`${path} = :v${sets.length}`);
  };
  for (const name of [
    'head',
    'updatedAt',
    'fields',
    'country',
    'language',
    'noAdvertising',
    'reviews',
  ] as const) {
    if (before[name] === after[name]) continue;
    names[`#${name}`] = name;
    if (after[name] === undefined) removes.push(`#${name}`);
    else assign(`#${name}`, after[name]);
  }
  for (const [key, permission] of Object.entries(after.permissions)) {
    if (before.permissions[key] === permission) continue;
    names['#permissions'] = 'permissions';
    names[`#p${sets.length}`] = key;
    assign(`#permissions.#p${sets.length}`, permission);
  }
  return {
    update: 'contacts',
    key: keys.contact(before.id),
    set: `SET ${sets.join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}`,
    condition: '#head.seq = :seq AND #head.#hash = :hash',
    names: { ...names, '#hash': 'hash' },
    values,
  };
}

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
