import { splitPermissionKey } from '../contacts/contact.ts';
import type { Contact } from '../contacts/contact.ts';
import type { Brand } from '../settings/brand.ts';
import type { NewContact } from './apply-entry.ts';
import type { Change } from './evidence.ts';
import { RESTING, modelFor } from './models.ts';
import { transition } from './rules.ts';
import { permissionOf } from './status.ts';

/** The changes that a block of these uses makes to somebody known or about to be; those blocked already stay. */
export function blockChanges(
  contact: Contact | NewContact,
  brand: Brand,
  useIds: readonly string[],
): Change[] {
  const existing = 'permissions' in contact ? contact : undefined;
  return useIds.flatMap((use): Change[] => {
    const from = permissionOf(existing, brand.id, use)?.status ?? RESTING[modelFor(brand, contact.country)];
    return transition(from, 'blocks') === 'blocked' ? [{ brand: brand.id, use, from, to: 'blocked' }] : [];
  });
}

/** The changes that the end of a block makes: each use becomes what it was before, or what the person said since. */
export function unblockChanges(contact: Contact, brand: Brand, useIds: readonly string[]): Change[] {
  return useIds.flatMap((use): Change[] => {
    const permission = permissionOf(contact, brand.id, use);
    if (permission?.status !== 'blocked' || transition('blocked', 'unblocks') !== 'previous') return [];
    const to = permission.underneath?.status ?? RESTING[modelFor(brand, contact.country)];
    return [{ brand: brand.id, use, from: 'blocked', to }];
  });
}

/** All uses of a brand that are blocked, also those no longer in the catalogue. */
export function blockedUses({ permissions }: Contact, brand: Brand): string[] {
  return Object.entries(permissions)
    .filter(([, { status }]) => status === 'blocked')
    .map(([place]) => splitPermissionKey(place))
    .filter((place) => place.brand === brand.id)
    .map(({ use }) => use)
    .sort();
}
