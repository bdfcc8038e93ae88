import * as z from 'zod';

import type { Contact } from '../contacts/contact.ts';
import { MINUTE, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { dueShard, keys } from '../platform/keys.ts';
import type { Key, TableName } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import { get, remove, write } from '../platform/table.ts';
import type { Database, Put, Update } from '../platform/table.ts';
import { erasedContact, erasure } from './erasure.ts';
import type { ErasedContact, Erasure } from './erasure.ts';

const pointer = z.object({ contactId: z.string().optional() });

export async function readErased(db: Database, contactId: string): Promise<ErasedContact | undefined> {
  return get(db, 'contacts', keys.erased(contactId), erasedContact);
}

/** What takes a contact's place; it stays due until all is cleared away. */
export function leaveStub(erased: Erasure): Put {
  const key = keys.erased(erased.contactId);
  const dueAt = plus(erased.erasedAt, 5 * MINUTE);
  return {
    put: 'contacts',
    item: { ...key, ...erased, dueAt, dueShard: dueShard(key.pk) },
  };
}

/** Keeps the salt of evidence that must stay readable, until its date. */
export function holdSalt({ contactId, controller, kept }: Erasure, salt: string): Put[] {
  if (!kept) return [];
  const key = keys.legalHold(contactId);
  const due = { dueAt: kept.until, dueShard: dueShard(key.pk) };
  return [{ put: 'contacts', item: { ...key, contactId, controller, salt, ...kept, ...due } }];
}

/** A line of the journal, which is never changed and never taken away. */
export function noteErasure(erased: Erasure): Put {
  return { put: 'ledger', item: { ...keys.erasure(erased.erasedAt, erased.contactId), ...erased } };
}

/** The journal of one month (`2026-11`), oldest first. */
export function readJournal(db: Database, month: string): AsyncGenerator<Erasure> {
  return queryPartition(db, 'ledger', keys.erasure(month, '').pk, erasure);
}

/** Every place that leads, or led, to the contact: its addresses and its ids in other systems. */
export function pointersOf({
  controller,
  addressKeys,
  externalIds,
}: Pick<Erasure, 'controller' | 'addressKeys' | 'externalIds'>): Key[] {
  return [
    ...addressKeys.map((addressKey) => keys.address(controller, addressKey)),
    ...Object.entries(externalIds).map(([system, id]) => keys.externalId(controller, system, id)),
  ];
}

/** Those of `pointers` that lead to the contact now. */
export async function leadingTo(db: Database, contactId: string, pointers: Key[]): Promise<Key[]> {
  const found = await Promise.all(pointers.map((key) => get(db, 'contacts', key, pointer)));
  return pointers.filter((_, at) => found[at]?.contactId === contactId);
}

/** Makes a pointer a tombstone, unless it is somebody else's by now. What is known of mail to an address stays. */
export function bury(key: Key, contactId: string, erasedAt: Instant): Update {
  return {
    update: 'contacts',
    key,
    set: 'SET erasedAt = :at REMOVE contactId, movedTo',
    condition: 'attribute_not_exists(contactId) OR contactId = :id',
    values: { ':at': erasedAt, ':id': contactId },
  };
}

export async function removeItem(db: Database, from: TableName, key: Key): Promise<void> {
  await remove(db, { remove: from, key });
}

/** Says that nothing personal is left; the stub is due no more. */
export async function settleErased(db: Database, contactId: string, at: Instant): Promise<void> {
  await write(db, {
    update: 'contacts',
    key: keys.erased(contactId),
    set: 'SET clearedAt = :at REMOVE dueAt, dueShard',
    condition: 'attribute_exists(pk) AND attribute_not_exists(clearedAt)',
    values: { ':at': at },
  });
}

/** Takes an item that is due: nobody else does its work meanwhile, and if ours fails it is due again soon. */
export async function takeDue(db: Database, key: Key, at: Instant): Promise<boolean> {
  return write(db, {
    update: 'contacts',
    key,
    set: 'SET dueAt = :again',
    condition: 'dueAt <= :at',
    values: { ':at': at, ':again': plus(at, 5 * MINUTE) },
  });
}

/** Says that a contact was looked at, and when to look next; false where somebody wrote since it was read. */
export async function settleLook(
  db: Database,
  { id, head }: Contact,
  { at, dueAt }: { at: Instant; dueAt: Instant },
): Promise<boolean> {
  return write(db, {
    update: 'contacts',
    key: keys.contact(id),
    set: 'SET lookedAt = :at, dueAt = :due',
    condition: '#head.seq = :seq',
    names: { '#head': 'head' },
    values: { ':at': at, ':due': dueAt, ':seq': head.seq },
  });
}

/** Destroys the salt of an erased person's evidence once its time is over: nobody can read it any more (H5). */
export async function endHold(db: Database, key: Key, at: Instant): Promise<boolean> {
  return remove(db, {
    remove: 'contacts',
    key,
    condition: '#until <= :at',
    names: { '#until': 'until' },
    values: { ':at': at },
  });
}
