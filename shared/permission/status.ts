import type { Contact, Permission } from '../contacts/contact.ts';
import { permissionKey } from '../contacts/contact.ts';

/** DOMAIN 2. `unclear` and `open` are resting statuses: derived, never stored. */
export const STATUSES = ['unclear', 'open', 'granted', 'withdrawn', 'blocked'] as const;
export type Status = (typeof STATUSES)[number];

export type PersonsPermission = Exclude<Permission, { status: 'blocked' }>;

/**
 * The stored permission that counts for one use of one brand. "No advertising at all" withdraws every use,
 * also one created later, unless the person granted that use anew since.
 */
export function permissionOf(
  contact: Pick<Contact, 'permissions' | 'noAdvertising'> | undefined,
  brandId: string,
  useId: string,
): Permission | undefined {
  const stored = contact?.permissions[permissionKey(brandId, useId)];
  const objection = contact?.noAdvertising;
  if (!objection || stored?.status === 'blocked') return stored;
  // Order is the chain's: clocks of two functions may differ, and a millisecond can hold two acts.
  const { since, seq } = objection;
  return stored && stored.seq > seq ? stored : { status: 'withdrawn', since, seq };
}

/** What the person last said, whether or not we block it. */
export function heldBy(permission: Permission | undefined): PersonsPermission | undefined {
  return permission?.status === 'blocked' ? permission.underneath : permission;
}

/** The person restricted the use of their data, unless they agreed to this use anew since (art. 18 GDPR). */
export function restrictionOf(
  contact: Pick<Contact, 'restricted'> | undefined,
  brandId: string,
  useId: string,
): Contact['restricted'] {
  const { restricted } = contact ?? {};
  return restricted?.except?.includes(permissionKey(brandId, useId)) ? undefined : restricted;
}

/** The entry that said "no advertising at all". */
export function toldIn(objection: Contact['noAdvertising']): number | undefined {
  return objection?.toldIn ?? objection?.seq;
}

/** The status of one use of one brand; without a stored permission the model's resting status. */
export function statusOf(
  contact: Pick<Contact, 'permissions' | 'noAdvertising'> | undefined,
  brandId: string,
  useId: string,
  resting: 'unclear' | 'open',
): Status {
  return permissionOf(contact, brandId, useId)?.status ?? resting;
}
