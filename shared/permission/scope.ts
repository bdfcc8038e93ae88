import { splitPermissionKey } from '../contacts/contact.ts';
import type { Contact, Permission } from '../contacts/contact.ts';
import { assertNever } from '../platform/assert-never.ts';
import type { Instant } from '../platform/clock.ts';
import type { Brand } from '../settings/brand.ts';
import type { Uses } from '../settings/uses.ts';
import type { Change } from './evidence.ts';
import { RESTING, modelFor } from './models.ts';
import { transition } from './rules.ts';
import type { Act } from './rules.ts';
import { heldBy, permissionOf } from './status.ts';
import type { Status } from './status.ts';

/** What a withdrawal covers. */
export type Scope =
  | { kind: 'topic'; use: string; topic: string }
  | { kind: 'uses'; uses: readonly string[] }
  /** Every use of the brand. */
  | { kind: 'brand' }
  /** Every e-mail use of every brand (a complaint, V4), but for what was granted after `grantedBefore`. */
  | { kind: 'email'; grantedBefore: Instant }
  /** "No advertising at all": every use of every brand of the controller, also those created later. */
  | { kind: 'all' };

type Place = { brand: string; use: string };

/**
 * The changes that a withdrawal of `scope` makes, without those already true.
 * @param receivedAt when it reached us, where that was before now
 */
export function withdrawalChanges(
  scope: Scope,
  act: Extract<Act, 'withdraws' | 'complains'>,
  contact: Contact,
  brand: Brand,
  uses: Uses,
  receivedAt?: Instant,
): Change[] {
  if (scope.kind === 'topic') {
    const left = leaveTopic(scope, contact, brand);
    if (left !== 'whole-use') return left;
  }
  const resting = RESTING[modelFor(brand, contact.country)];
  return covered(scope, contact, brand, uses).flatMap((place) => {
    const permission = permissionOf(contact, place.brand, place.use);
    if (scope.kind === 'email' && isGrantedAfter(scope.grantedBefore, permission)) return [];
    return isOvertaken(receivedAt, permission) ? [] : takeAway(place, act, permission, resting);
  });
}

/** The changes of "no advertising at all" to what is stored, of every brand; the rest is covered without a change. */
export function objectionChanges(contact: Contact, receivedAt?: Instant): Change[] {
  return storedPlaces(contact).flatMap((place) => {
    const permission = permissionOf(contact, place.brand, place.use);
    return isOvertaken(receivedAt, permission) ? [] : takeAway(place, 'withdraws', permission, 'unclear');
  });
}

function takeAway(
  place: Place,
  act: Extract<Act, 'withdraws' | 'complains'>,
  permission: Permission | undefined,
  resting: Status,
): Change[] {
  const from = permission?.status ?? resting;
  switch (transition(from, act)) {
    case 'withdrawn':
      return [{ ...place, from, to: 'withdrawn', ...lost(permission) }];
    case 'withdrawn-beneath':
      return remembered(permission) ? [] : [{ ...place, from, to: from, beneath: 'withdrawn' }];
    case 'granted':
    case 'blocked':
    case 'previous':
    case 'resting':
    case 'unchanged':
    case 'needs-click':
    case 'review':
      return [];
  }
}

function covered(scope: Scope, contact: Contact, brand: Brand, uses: Uses): Place[] {
  const stored = storedPlaces(contact);
  const email = new Set(uses.uses.filter(({ channel }) => channel === 'email').map(({ id }) => id));
  switch (scope.kind) {
    case 'topic':
      return [{ brand: brand.id, use: scope.use }];
    case 'uses':
      return scope.uses.map((use) => ({ brand: brand.id, use }));
    case 'brand':
      return distinct([
        ...ofBrand(
          brand,
          uses.uses.map(({ id }) => id),
        ),
        ...stored.filter((at) => at.brand === brand.id),
      ]);
    case 'email':
      return distinct([...ofBrand(brand, [...email]), ...stored.filter(({ use }) => email.has(use))]);
    case 'all':
      return stored;
    default:
      return assertNever(scope);
  }
}

/**
 * Leaving the last topic of a use leaves the use: nothing would be sent any more. So does leaving a topic where no
 * grant names topics, under a block for example: the no must not be lost, and the strictest wins (DOMAIN 2).
 */
function leaveTopic(
  { use, topic }: Extract<Scope, { kind: 'topic' }>,
  contact: Contact,
  brand: Brand,
): Change[] | 'whole-use' {
  const permission = permissionOf(contact, brand.id, use);
  if (permission?.status !== 'granted') return 'whole-use';
  if (!permission.topics.includes(topic)) return [];
  const topics = permission.topics.filter((kept) => kept !== topic);
  if (topics.length === 0) return 'whole-use';
  return [{ brand: brand.id, use, from: 'granted', to: 'granted', topics, topicsLeft: [topic] }];
}

function lost(permission: Permission | undefined): Partial<Change> {
  if (permission?.status !== 'granted') return {};
  const { topics, wording, form, proof } = permission;
  return { topics, wording, form, proof };
}

/** A grant beneath a block counts: it comes back when the block ends. */
function isGrantedAfter(instant: Instant, permission: Permission | undefined): boolean {
  const held = heldBy(permission);
  return held?.status === 'granted' && held.since > instant;
}

/**
 * Whether the person agreed anew after a no that only now is written down. As if it had been written down at once:
 * then nothing but their own proven act led out of it, so what one of us wrote or allowed meanwhile does not count.
 */
function isOvertaken(receivedAt: Instant | undefined, permission: Permission | undefined): boolean {
  const held = heldBy(permission);
  if (receivedAt === undefined || held?.status !== 'granted') return false;
  return held.since > receivedAt && held.proof === 'double' && !held.approved;
}

function storedPlaces(contact: Contact): Place[] {
  return Object.keys(contact.permissions).sort().map(splitPermissionKey);
}

function remembered(permission: Permission | undefined): boolean {
  return permission?.status === 'blocked' && permission.underneath?.status === 'withdrawn';
}

function ofBrand(brand: Brand, useIds: string[]): Place[] {
  return useIds.map((use) => ({ brand: brand.id, use }));
}

function distinct(places: Place[]): Place[] {
  return [...new Map(places.map((place) => [`${place.brand}#${place.use}`, place])).values()];
}
