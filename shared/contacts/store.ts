import * as z from 'zod';

import type { Instant } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import { get, remove, write } from '../platform/table.ts';
import type { Database, Remove, Update } from '../platform/table.ts';
import type { AddressKey } from './address-key.ts';
import { contact } from './contact.ts';
import type { Contact } from './contact.ts';
import { applyNews, suppression } from './suppression.ts';
import type { Suppression, SuppressionNews } from './suppression.ts';

/** What we know of one address of one controller: whose it is, whether mail may go there, whether it was erased. */
export const addressItem = z.object({
  contactId: z.string().optional(),
  /** Whose address it was before they gave another: others know the person by it, mail to it proves nothing (D3). */
  movedTo: z.string().optional(),
  suppression: suppression.optional(),
  /** Version of `suppression`. */
  rev: z.int().optional(),
  erasedAt: z.string().optional(),
});
export type AddressItem = z.infer<typeof addressItem>;

/** Whom another system's id stands for; after an erasure nobody. */
export const externalItem = z.object({
  contactId: z.string().optional(),
  accountId: z.string().optional(),
  erasedAt: z.string().optional(),
});
export type ExternalItem = z.infer<typeof externalItem>;

/** Strongly consistent: what is decided on must be true now (N10). */
export async function readContact(db: Database, contactId: string): Promise<Contact | undefined> {
  return get(db, 'contacts', keys.contact(contactId), contact);
}

export async function readAddress(
  db: Database,
  controllerId: string,
  addressKey: AddressKey,
): Promise<AddressItem | undefined> {
  return get(db, 'contacts', keys.address(controllerId, addressKey), addressItem);
}

/** Whose address it is. */
export async function readOwner(
  db: Database,
  controllerId: string,
  addressKey: AddressKey,
): Promise<Contact | undefined> {
  const pointer = await readAddress(db, controllerId, addressKey);
  return pointer?.contactId === undefined ? undefined : readContact(db, pointer.contactId);
}

/**
 * Points the address at a new contact; fails where another contact was faster.
 * @param options `lifts` a tombstone, unless told: only the person's own sign-up may
 */
export function claimAddress(
  controllerId: string,
  addressKey: AddressKey,
  contactId: string,
  { lifts = true }: { lifts?: boolean } = {},
): Update {
  const free = 'attribute_not_exists(contactId)';
  return {
    update: 'contacts',
    key: keys.address(controllerId, addressKey),
    set: 'SET contactId = :id REMOVE erasedAt, movedTo',
    condition: lifts ? free : `${free} AND attribute_not_exists(erasedAt)`,
    values: { ':id': contactId },
  };
}

/** Lets go of an address: its next owner may be somebody else, yet what is known of the person is found by it (D3). */
export function leaveAddress(controllerId: string, addressKey: AddressKey, contactId: string): Update {
  return {
    update: 'contacts',
    key: keys.address(controllerId, addressKey),
    set: 'SET movedTo = :id REMOVE contactId',
    condition: 'contactId = :id',
    values: { ':id': contactId },
  };
}

export async function readExternalId(
  db: Database,
  controllerId: string,
  system: string,
  hashedId: string,
): Promise<ExternalItem | undefined> {
  return get(db, 'contacts', keys.externalId(controllerId, system, hashedId), externalItem);
}

/** Points another system's id at its owner; fails where it has one. A tombstone is lifted. */
export function claimExternalId(
  controllerId: string,
  system: string,
  hashedId: string,
  owner: { contactId: string } | { accountId: string },
): Update {
  const [name, id] = 'contactId' in owner ? ['contactId', owner.contactId] : ['accountId', owner.accountId];
  return {
    update: 'contacts',
    key: keys.externalId(controllerId, system, hashedId),
    set: 'SET #owner = :id REMOVE erasedAt',
    condition: 'attribute_not_exists(#owner)',
    names: { '#owner': name },
    values: { ':id': id },
  };
}

export function releaseExternalId(
  controllerId: string,
  system: string,
  hashedId: string,
  contactId: string,
): Remove {
  return {
    remove: 'contacts',
    key: keys.externalId(controllerId, system, hashedId),
    condition: 'contactId = :id',
    values: { ':id': contactId },
  };
}

/** What can change of a contact that is no permission; each change is a version of its own, `rev`. */
const PROFILE = [
  'address',
  'addressKey',
  'externalIds',
  'accountId',
  'subscriber',
  'language',
  'languageFrom',
  'country',
  'fields',
  'assessed',
  'wish',
  'pausedUntil',
  'skipped',
] as const satisfies (keyof Contact)[];

/** Whether anything in the profile differs. */
export function isProfileChanged(before: Contact, after: Contact): boolean {
  return PROFILE.some((name) => before[name] !== after[name]);
}

/** Writes a changed profile, if neither it nor the permissions changed since `before` was read. */
export function updateProfile(before: Contact, after: Contact, at: Instant): Update {
  const changed = PROFILE.filter((name) => before[name] !== after[name]);
  const set = changed.filter((name) => after[name] !== undefined);
  const removed = changed.filter((name) => after[name] === undefined);
  const removes = removed.length > 0 ? ` REMOVE ${removed.map((name) => `#${name}`).join(', ')}` : '';
  return {
    update: 'contacts',
    key: keys.contact(before.id),
    set: `SET ${[...set, 'rev', 'updatedAt'].map((name) => `#${name} = :${name}`).join(', ')}${removes}`,
    condition: `#head.seq = :seq AND ${before.rev === undefined ? 'attribute_not_exists(#rev)' : '#rev = :was'}`,
    names: Object.fromEntries(['head', 'rev', 'updatedAt', ...changed].map((name) => [`#${name}`, name])),
    values: {
      ...Object.fromEntries(set.map((name) => [`:${name}`, after[name]])),
      ':rev': (before.rev ?? 0) + 1,
      ':updatedAt': at,
      ':seq': before.head.seq,
      ...(before.rev === undefined ? {} : { ':was': before.rev }),
    },
  };
}

/** Tells an address the news about mail to it and answers the state after it. Repeated news writes nothing. */
export async function tellAddress(
  db: Database,
  controllerId: string,
  addressKey: AddressKey,
  news: SuppressionNews,
): Promise<Suppression> {
  for (;;) {
    const known = await readAddress(db, controllerId, addressKey);
    const state = applyNews(known?.suppression, news);
    if (state === known?.suppression) return state;
    const rev = known?.rev ?? 0;
    const written = await write(db, {
      update: 'contacts',
      key: keys.address(controllerId, addressKey),
      set: 'SET suppression = :state, rev = :next',
      condition: rev === 0 ? 'attribute_not_exists(rev)' : 'rev = :rev',
      values: { ':state': state, ':next': rev + 1, ...(rev === 0 ? {} : { ':rev': rev }) },
    });
    if (written) return state;
  }
}

/**
 * Forgets an address that belongs to nobody: who never confirmed leaves no trace (G13). Bounces and complaints stay,
 * because they keep mail away from it, and so does a tombstone.
 */
export async function forgetUnowned(
  db: Database,
  controllerId: string,
  addressKey: AddressKey,
): Promise<void> {
  await remove(db, {
    remove: 'contacts',
    key: keys.address(controllerId, addressKey),
    condition:
      'attribute_not_exists(contactId) AND attribute_not_exists(erasedAt) AND ' +
      'attribute_not_exists(suppression.hard) AND attribute_not_exists(suppression.complaint) AND ' +
      'size(suppression.soft) = :none',
    values: { ':none': 0 },
  });
}
