import * as z from 'zod';

import { addressKey } from '../contacts/address-key.ts';
import { contact } from '../contacts/contact.ts';
import { parseEmailAddress } from '../contacts/email-address.ts';
import { externalKey } from '../contacts/external-key.ts';
import { addressItem, externalItem } from '../contacts/store.ts';
import { externalId } from '../contacts/told.ts';
import { keys } from '../platform/keys.ts';
import type { Key } from '../platform/keys.ts';
import { getMany } from '../platform/read-many.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import { addressKeyOf } from './load-known.ts';
import type { Found } from './load-known.ts';

/** How a caller names a contact. Addresses stand in bodies only (T3). */
export const byId = z.strictObject({ id: z.string().min(1).max(100) });
export const byEmail = z.strictObject({ email: z.string().min(1).max(320) });
export const byExternalId = z.strictObject({ externalId });
export const contactRef = z.union([byId, byEmail, byExternalId]);
export type ContactRef = z.infer<typeof contactRef>;

export type FindDeps = { db: Database; secrets: Pick<Secrets, 'pepper'> };
/** `erased`: we knew the address or id and were told to forget it. `unreadable`: what is stored is damaged. */
export type Search = ({ kind: 'found' } & Found) | { kind: 'not-found' | 'erased' | 'unreadable' };

/** One damaged item must not take a thousand others with it. */
const readable = z.union([contact, z.unknown().transform(() => 'unreadable' as const)]);
/** What is left of an erased contact, as far as it says whose it was. */
const left = z.object({ controller: z.string() });

/** Finds the contacts of a controller, in the order asked; somebody else's are not found. */
export async function findContacts(
  { db, secrets }: FindDeps,
  controller: string,
  refs: readonly ContactRef[],
): Promise<Search[]> {
  const pepper = await secrets.pepper();
  const addressOf = await readEach(
    refs,
    (ref) => emailKey(controller, pepper, ref),
    (wanted) => getMany(db, 'contacts', wanted, addressItem),
  );
  const pointerOf = await readEach(
    refs,
    (ref) => pointerKey(controller, pepper, ref),
    (wanted) => getMany(db, 'contacts', wanted, externalItem),
  );
  const idOf = (ref: ContactRef) =>
    'id' in ref
      ? ref.id
      : (addressOf.get(ref)?.contactId ?? addressOf.get(ref)?.movedTo ?? pointerOf.get(ref)?.contactId);
  const under = (keyFor: (id: string) => Key) => (ref: ContactRef) => {
    const id = idOf(ref);
    return id === undefined ? undefined : keyFor(id);
  };
  const contactOf = await readEach(refs, under(keys.contact), (wanted) =>
    getMany(db, 'contacts', wanted, readable),
  );
  const missing = refs.filter((ref) => !contactOf.has(ref));
  const leftOf = await readEach(missing, under(keys.erased), (wanted) =>
    getMany(db, 'contacts', wanted, left),
  );
  return refs.map((ref): Search => {
    const [found, address] = [contactOf.get(ref), addressOf.get(ref)];
    if (found === 'unreadable') return { kind: 'unreadable' };
    if (found?.controller === controller) {
      // An earlier address may still lead here; what counts is the one that mail would go to.
      const current = emailKey(controller, pepper, ref)?.pk === addressKeyOf(found)?.pk;
      return { kind: 'found', contact: found, address: current ? address : undefined };
    }
    const buried = address?.erasedAt ?? pointerOf.get(ref)?.erasedAt;
    const erased = buried !== undefined || leftOf.get(ref)?.controller === controller;
    return { kind: erased ? 'erased' : 'not-found' };
  });
}

function emailKey(controller: string, pepper: string, ref: ContactRef): Key | undefined {
  if (!('email' in ref)) return undefined;
  const parsed = parseEmailAddress(ref.email);
  if (!parsed.ok) return undefined;
  return keys.address(controller, addressKey(pepper, `${controller}\n${parsed.address.match}`));
}

function pointerKey(controller: string, pepper: string, ref: ContactRef): Key | undefined {
  if (!('externalId' in ref)) return undefined;
  const hashed = externalKey(pepper, controller, 'contact', ref.externalId);
  return keys.externalId(controller, ref.externalId.system, hashed);
}

/** Reads for those refs that have a key, in one go. */
async function readEach<T>(
  refs: readonly ContactRef[],
  keyOf: (ref: ContactRef) => Key | undefined,
  read: (wanted: Key[]) => Promise<(T | undefined)[]>,
): Promise<Map<ContactRef, T>> {
  const wanted = refs.flatMap((ref) => {
    const key = keyOf(ref);
    return key ? [{ ref, key }] : [];
  });
  if (wanted.length === 0) return new Map();
  const items = await read(wanted.map(({ key }) => key));
  return new Map(
    wanted.flatMap(({ ref }, at) => {
      const item = items[at];
      return item === undefined ? [] : [[ref, item] as const];
    }),
  );
}
