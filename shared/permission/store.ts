import { QueryCommand } from '@aws-sdk/lib-dynamodb';

import { claimAddress, isProfileChanged } from '../contacts/store.ts';
import { contact } from '../contacts/contact.ts';
import type { Contact } from '../contacts/contact.ts';
import { now } from '../platform/clock.ts';
import { dayShard, dueShard, keys, updatedShard } from '../platform/keys.ts';
import { getMany, queryPartition } from '../platform/read-many.ts';
import { get, measured, meter } from '../platform/table.ts';
import type { Action, Database, Put, Remove, Update } from '../platform/table.ts';
import { evidenceEntry } from './evidence.ts';
import type { EvidenceEntry } from './evidence.ts';

/** The evidence entry as one put that can never replace another (H2). */
export function appendEntry(entry: EvidenceEntry): Put {
  const key = keys.evidence(entry.contactId, entry.seq);
  // News of SES may be days old: by the day on which it came in, each entry is found, however late (H3).
  const cameIn = [now(), entry.at].reduce((a, b) => (a > b ? a : b));
  return {
    put: 'ledger',
    item: { ...key, ...entry, dayShard: dayShard(cameIn.slice(0, 10), key.pk) },
    condition: 'attribute_not_exists(pk)',
  };
}

/** A contact that did not exist, with the pointer from its address. */
export function createContact(created: Contact): Action[] {
  const { id, controller, addressKey, source } = created;
  const key = keys.contact(id);
  // No list brings back who was erased, not even one that was read just before (D4).
  const lifts = source.kind === 'form';
  return [
    {
      put: 'contacts',
      item: {
        ...key,
        ...created,
        updatedShard: updatedShard(controller, key.pk),
        dueShard: dueShard(key.pk),
      },
      condition: 'attribute_not_exists(pk)',
    },
    ...(addressKey === undefined ? [] : [claimAddress(controller, addressKey, id, { lifts })]),
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
  // Contacts of before the due index have no shard yet.
  if (before.dueAt === undefined && after.dueAt !== undefined) {
    change('dueShard', undefined, dueShard(keys.contact(before.id).pk));
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
    condition: `#head.seq = :seq AND #head.#hash = :hash${unlessRetold(before, after, values)}`,
    names,
    values,
  };
}

/** An act that says something of the profile was decided on the profile as read, which changes without an entry. */
function unlessRetold(before: Contact, after: Contact, values: Record<string, unknown>): string {
  if (!isProfileChanged(before, after)) return '';
  if (before.rev === undefined) return ' AND attribute_not_exists(rev)';
  values[':rev'] = before.rev;
  return ' AND rev = :rev';
}

/** Takes a contact away, if it is still as it was read: also what is no permission, because pointers follow from it. */
export function removeContact({ id, head, rev }: Contact): Remove {
  return {
    remove: 'contacts',
    key: keys.contact(id),
    condition: `#head.seq = :seq AND #head.#hash = :hash AND ${rev === undefined ? 'attribute_not_exists(rev)' : 'rev = :rev'}`,
    names: { '#head': 'head', '#hash': 'hash' },
    values: { ':seq': head.seq, ':hash': head.hash, ...(rev === undefined ? {} : { ':rev': rev }) },
  };
}

/** What an act can change of a contact besides its permissions. */
const CHANGED_BY_ACTS = [
  'head',
  'updatedAt',
  'fields',
  'country',
  'language',
  'languageFrom',
  'accountId',
  'wish',
  'pausedUntil',
  'address',
  'addressKey',
  'formerKeys',
  'noAdvertising',
  'restricted',
  'reviews',
  'lapses',
  'bases',
  'dueAt',
] as const satisfies (keyof Contact)[];

/**
 * Keeps the review list true: an item for each contact that waits for a named person's yes, written with the act that
 * asks and taken away with the one that settles. What waits stands on the contact alone.
 */
export function reviewActions(before: Contact | undefined, after: Contact | undefined): Action[] {
  const known = after ?? before;
  if (!known || before?.reviews === after?.reviews) return [];
  const key = keys.review(known.controller, known.id);
  return after?.reviews ? [{ put: 'contacts', item: key }] : [{ remove: 'contacts', key }];
}

/** A page of the contacts that wait, in the order of their ids; `after` is where the last page ended. */
export async function readWaiting(
  db: Database,
  controllerId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<{ contacts: Contact[]; next: string | undefined }> {
  const output = await db.client.send(
    new QueryCommand({
      TableName: db.name('contacts'),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': keys.review(controllerId, '').pk },
      ...(after === undefined ? {} : { ExclusiveStartKey: keys.review(controllerId, after) }),
      Limit: limit,
      ConsistentRead: true,
      ...measured(db),
    }),
  );
  meter(db, 'read', output.ConsumedCapacity);
  const ids = (output.Items ?? []).map(({ sk }) => String(sk));
  const found = await getMany(db, 'contacts', ids.map(keys.contact), contact);
  return {
    contacts: found.filter((each) => each !== undefined),
    next: output.LastEvaluatedKey === undefined ? undefined : ids.at(-1),
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
