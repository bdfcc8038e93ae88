import { splitPermissionKey } from '../contacts/contact.ts';
import type { Contact, FieldSource, GrantedPermission } from '../contacts/contact.ts';
import type { Instant } from '../platform/clock.ts';
import { heldBy, permissionOf } from './status.ts';

export type Granted = { place: string; granted: GrantedPermission };

const OWN: ReadonlySet<FieldSource> = new Set<FieldSource>(['person', 'form']);

/** The grants that hold, with their `brand#use`: none under a block, none that "no advertising at all" took. */
export function grantsOf(contact: Contact): Granted[] {
  const places = Object.keys(contact.permissions).sort();
  return places.flatMap((place) => {
    const { brand, use } = splitPermissionKey(place);
    const permission = permissionOf(contact, brand, use);
    return permission?.status === 'granted' ? [{ place, granted: permission }] : [];
  });
}

/**
 * The last own act of the person that the contact tells of, at least when we got to know them (DOMAIN 8). A grant that
 * lapsed counts until then: nobody is without a grant before it ends.
 */
export function idleSince(contact: Contact): Instant {
  const {
    permissions,
    lapses = {},
    reviews = {},
    bases = {},
    fields,
    noAdvertising,
    restricted,
    createdAt,
  } = contact;
  const acts = [
    createdAt,
    noAdvertising?.since,
    restricted?.since,
    ...Object.values(permissions).map(ownAct),
    ...Object.values(lapses).map(({ since }) => since),
    ...Object.values(reviews).map(({ since }) => since),
    ...Object.values(bases).map(({ at }) => at),
    ...Object.values(fields).map((field) => (field && OWN.has(field.source) ? field.at : undefined)),
  ];
  return acts.reduce<Instant>((latest, at) => (at !== undefined && at > latest ? at : latest), createdAt);
}

function ownAct(permission: Contact['permissions'][string]): Instant | undefined {
  return heldBy(permission)?.since;
}
