import * as z from 'zod';

import { addressItem } from '../contacts/store.ts';
import type { AddressItem } from '../contacts/store.ts';
import type { Contact } from '../contacts/contact.ts';
import { keys } from '../platform/keys.ts';
import type { Key } from '../platform/keys.ts';
import { getMany } from '../platform/read-many.ts';
import type { Database } from '../platform/table.ts';
import { permissionOf } from '../permission/status.ts';
import { accountClass } from '../settings/account-class.ts';
import type { AccountClass } from '../settings/account-class.ts';
import type { Cap } from '../settings/policy.ts';
import type { Settings } from '../settings/store.ts';
import type { Known, Question } from './take-snapshot.ts';

export type LoadDeps = { db: Database; settings: Pick<Settings, 'formVersion'> };
/** A contact as read, and its address item where that was read on the way to it. */
export type Found = { contact: Contact; address?: AddressItem | undefined };

/** As much of an account as a decision asks for. */
const classified = z.object({ class: accountClass });

/** What a question needs to know of contacts besides their items: strongly consistent, in as few calls as can be (N10). */
export async function loadKnown(
  deps: LoadDeps,
  { brand, use }: Question,
  found: readonly Found[],
): Promise<Known[]> {
  const contacts = found.map(({ contact }) => contact);
  const unread = found.flatMap(({ contact, address }) =>
    use.channel === 'email' && !address ? [contact] : [],
  );
  const [addressOf, classOf, promises] = await Promise.all([
    readAddresses(deps.db, unread),
    readClasses(deps.db, contacts),
    Promise.all(contacts.map((contact) => promisedTo(deps, contact, brand.id, use.id))),
  ]);
  return found.map(({ contact, address }, at) => ({
    contact,
    address: address ?? addressOf(contact),
    accountClass: classOf(contact),
    promised: promises[at],
  }));
}

/** Where it is kept what is known of the address that mail to a contact goes to. */
export function addressKeyOf({ controller, addressKey }: Contact): Key | undefined {
  return addressKey === undefined ? undefined : keys.address(controller, addressKey);
}

/** What is known of the addresses of contacts; nothing where there is none. */
export async function readAddresses(
  db: Database,
  contacts: readonly Contact[],
): Promise<(contact: Contact) => AddressItem | undefined> {
  const wanted = contacts.flatMap((contact) => addressKeyOf(contact) ?? []);
  const items = await getMany(db, 'contacts', wanted, addressItem);
  const itemOf = new Map(wanted.map(({ pk }, at) => [pk, items[at]]));
  return (contact) => itemOf.get(addressKeyOf(contact)?.pk ?? '');
}

/** What the companies of contacts are to us; `unknown` where there is none. */
export async function readClasses(
  db: Database,
  contacts: readonly Contact[],
): Promise<(contact: Contact) => AccountClass> {
  const ids = contacts.flatMap(({ accountId }) => accountId ?? []);
  const accounts = await getMany(db, 'contacts', ids.map(keys.account), classified);
  const classOf = new Map(ids.map((id, at) => [id, accounts[at]?.class]));
  return ({ accountId }) => classOf.get(accountId ?? '') ?? 'unknown';
}

/** The frequency that the wording of the grant promised: that of the form's version then, not of today's (G18). */
async function promisedTo(
  { settings }: LoadDeps,
  contact: Contact,
  brandId: string,
  useId: string,
): Promise<Cap | undefined> {
  const permission = permissionOf(contact, brandId, useId);
  if (permission?.status !== 'granted' || !permission.form) return undefined;
  const { id, version } = permission.form;
  return (await settings.formVersion(id, version))?.promisedFrequency;
}
