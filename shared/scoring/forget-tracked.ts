import { splitPermissionKey } from '../contacts/contact.ts';
import type { Contact } from '../contacts/contact.ts';
import { heldBy, permissionOf } from '../permission/status.ts';
import { eventKey } from '../engagement/event.ts';
import type { EngagementEvent } from '../engagement/event.ts';
import { remove } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import type { ScoreInput } from './score.ts';
import { readDays, readEvents, writeDay } from './store.ts';

/** Whether what was tracked may stay: for a brand, or for none in particular. */
export type TrackingKept = (brand: string | undefined) => boolean;

/**
 * Where the permission `tracking` still stands. A block of ours or a restriction keeps what there is, unused; the
 * person's no does not, nor does a consent that lapsed (G12).
 * @returns undefined where everything may stay: nobody was ever asked, or said yes throughout
 */
export function trackingKept(contact: Contact): TrackingKept | undefined {
  const places = [...Object.keys(contact.permissions), ...Object.keys(contact.lapses ?? {})]
    .map(splitPermissionKey)
    .filter(({ use }) => use === 'tracking');
  const brands = [...new Set(places.map(({ brand }) => brand))];
  const isHeld = (brand: string) => heldBy(permissionOf(contact, brand, 'tracking'))?.status === 'granted';
  if (brands.every(isHeld)) return undefined;
  const isRefused = (brand: string) =>
    heldBy(permissionOf(contact, brand, 'tracking'))?.status === 'withdrawn';
  return (brand) => (brand === undefined ? brands.some(isHeld) && !brands.some(isRefused) : isHeld(brand));
}

/**
 * Removes what was tracked without the person's doing and may not stay, events and counted days alike (G12). May be
 * done again, and by two of us at once.
 * @returns whether any counted day was changed
 */
export async function forgetTracked(db: Database, contactId: string, isKept: TrackingKept): Promise<boolean> {
  await forgetEvents(db, await readEvents(db, contactId, { since: '', most: Infinity }), isKept);
  let changed = false;
  for (const [day, counts] of await readDays(db, contactId)) {
    const left = counts.filter((count) => !mustGo(count, isKept));
    if (left.length === counts.length) continue;
    await writeDay(db, contactId, day, left);
    changed = true;
  }
  return changed;
}

/** Removes those of `events` that may not stay. */
export async function forgetEvents(
  db: Database,
  events: readonly EngagementEvent[],
  isKept: TrackingKept,
): Promise<void> {
  const gone = events.filter((event) => mustGo(event, isKept));
  for (const event of gone) await remove(db, { remove: 'engagement', key: eventKey(event) });
}

/** What a score rests on, without what may not stay and is still there. Pure. */
export function withoutForgotten(input: ScoreInput, isKept: TrackingKept): ScoreInput {
  const days = [...input.days].map(
    ([day, counts]) => [day, counts.filter((count) => !mustGo(count, isKept))] as const,
  );
  return { ...input, events: input.events.filter((event) => !mustGo(event, isKept)), days: new Map(days) };
}

/** Whether an event, or what was counted of some, may not stay. */
export function mustGo(
  {
    tracked,
    brand,
    mail,
  }: Pick<EngagementEvent, 'tracked' | 'brand'> & {
    mail?: { brand: string } | undefined;
  },
  isKept: TrackingKept,
): boolean {
  return tracked === true && !isKept(brand ?? mail?.brand);
}
