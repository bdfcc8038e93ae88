import { AppError } from '../platform/errors.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import { addressKey } from './address-key.ts';
import type { AddressKey } from './address-key.ts';
import type { Contact } from './contact.ts';
import type { EmailAddress } from './email-address.ts';
import { externalKey } from './external-key.ts';
import { readAddress, readContact, readExternalId } from './store.ts';
import type { ExternalId } from './told.ts';

export type FindDeps = { db: Database; secrets: Pick<Secrets, 'pepper'> };
/** What somebody is known by. */
export type Identity = { email?: EmailAddress | undefined; externalId?: ExternalId | undefined };
/** The pointers of an identity, and the one contact that they lead to, if any. */
export type Identified = {
  address: { key: AddressKey; delivery: string; contactId: string | undefined } | undefined;
  external: (ExternalId & { key: string; contactId: string | undefined }) | undefined;
  contactId: string | undefined;
  /** Why nothing may be written under this identity. */
  refused: 'erased' | 'two-contacts' | undefined;
};

/** Whom an identity stands for. */
export async function identify(
  { db, secrets }: FindDeps,
  controller: string,
  { email, externalId }: Identity,
): Promise<Identified> {
  const pepper = await secrets.pepper();
  const key = email && addressKey(pepper, `${controller}\n${email.match}`);
  const external = externalId && {
    ...externalId,
    key: externalKey(pepper, controller, 'contact', externalId),
  };
  const [byAddress, byExternalId] = await Promise.all([
    key === undefined ? undefined : readAddress(db, controller, key),
    external && readExternalId(db, controller, external.system, external.key),
  ]);
  const [addressOf, externalIdOf] = [byAddress?.contactId ?? byAddress?.movedTo, byExternalId?.contactId];
  // The person's own new sign-up lifts the tombstone of the address; an id of a system is then linked to it anew.
  const erased = byAddress?.erasedAt ?? (addressOf === undefined ? byExternalId?.erasedAt : undefined);
  const two = addressOf !== undefined && externalIdOf !== undefined && addressOf !== externalIdOf;
  return {
    address: email && key !== undefined ? { key, delivery: email.delivery, contactId: addressOf } : undefined,
    external: external && { ...external, contactId: externalIdOf },
    contactId: addressOf ?? externalIdOf,
    refused: erased === undefined ? (two ? 'two-contacts' : undefined) : 'erased',
  };
}

/** The contact of this controller; whatever else there is under the id is not found. */
export async function findContact(db: Database, controller: string, contactId: string): Promise<Contact> {
  const found = await readContact(db, contactId);
  if (found?.controller === controller) return found;
  throw new AppError('not-found', 'There is no such contact.');
}
