import { permissionKey } from '../contacts/contact.ts';
import { decide } from '../decision/decide.ts';
import { stopAt } from '../decision/guard.ts';
import type { SendingStop } from '../decision/guard.ts';
import { takeSnapshot } from '../decision/take-snapshot.ts';
import { assertNever } from '../platform/assert-never.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Database } from '../platform/table.ts';
import type { AccountClass } from '../settings/account-class.ts';
import type { OwnSettings } from '../settings/own-settings.ts';
import { parseSetting } from '../settings/store.ts';
import { knownFor } from './load-page.ts';
import type { Loaded } from './load-page.ts';
import type { Mark } from './tally.ts';
import type { Task } from './task.ts';

/** The settings of one side of the comparison; the class is that of the account in question. */
export type Side = Pick<OwnSettings, 'brands' | 'uses' | 'policy'> & { accountClass?: AccountClass };
/** What was stopped, by `brand#use`. */
export type Stops = ReadonlyMap<string, SendingStop>;
type Answer = { allowed: boolean; reason: string };

/**
 * The settings as they would be with another document.
 * @throws AppError `not-found` where there is none that it would take the place of
 */
export function withDocument(
  now: Side,
  { setting, id, document }: Extract<Task, { kind: 'settings-preview' }>,
  controller: string,
): Side {
  switch (setting) {
    case 'brand': {
      const brand = parseSetting('brand', document);
      if (brand.id !== id || !now.brands.some((each) => each.id === id)) throw unknown();
      return { ...now, brands: now.brands.map((each) => (each.id === id ? brand : each)) };
    }
    case 'uses':
      if (id !== controller) throw unknown();
      return { ...now, uses: parseSetting('uses', document) };
    case 'policy':
      if (id !== controller) throw unknown();
      return { ...now, policy: parseSetting('policy', document) };
    default:
      return assertNever(setting);
  }
}

/** Decides each use of each brand for a contact under both sides at the same instant. Pure. */
export function comparing(
  now: Side,
  then: Side,
  at: Instant,
  stops: Stops,
): (loaded: Loaded) => { listed: boolean; marks: Mark[] } {
  const places = placesOf(now, then).map(({ brand, use }) => ({
    brand,
    use,
    before: answering(now, brand, use, at, stops),
    after: answering(then, brand, use, at, stops),
  }));
  return (loaded) => {
    const marks = places.map(({ brand, use, before, after }) => ({
      brand,
      use,
      ...difference(before(loaded), after(loaded)),
    }));
    return { listed: marks.some(({ outcome }) => outcome === 'wins' || outcome === 'loses'), marks };
  };
}

/** Mail that was stopped stays refused, whatever settings are tried. */
export async function readStops(db: Database, now: Side, then: Side, at: Instant): Promise<Stops> {
  const mailed = placesOf(now, then).filter(({ use }) => isMailed(now, use) || isMailed(then, use));
  const found = await Promise.all(
    mailed.map(
      async ({ brand, use }) => [permissionKey(brand, use), await stopAt(db, brand, use, at)] as const,
    ),
  );
  return new Map(found.flatMap(([place, stop]) => (stop ? [[place, stop]] : [])));
}

function isMailed({ uses }: Side, useId: string): boolean {
  return uses?.uses.some(({ id, channel }) => id === useId && channel === 'email') ?? false;
}

/** Every use of both catalogues, under every brand that the change can touch. */
function placesOf(now: Side, then: Side): { brand: string; use: string }[] {
  const changed = now.brands.filter((brand) => !then.brands.includes(brand));
  const brands = (changed.length > 0 ? changed : now.brands).map(({ id }) => id);
  const uses = new Set([now, then].flatMap((side) => side.uses?.uses.map(({ id }) => id) ?? []));
  return brands.flatMap((brand) => [...uses].map((use) => ({ brand, use })));
}

function answering(
  { brands, uses, policy, accountClass }: Side,
  brandId: string,
  useId: string,
  at: Instant,
  stops: Stops,
): (loaded: Loaded) => Answer {
  const brand = brands.find(({ id }) => id === brandId);
  const use = uses?.uses.find(({ id }) => id === useId);
  if (!brand || !uses || !use) return () => ({ allowed: false, reason: 'unknown-use' });
  const place = permissionKey(brandId, useId);
  const settled = { uses, policy, stopped: stops.get(place) };
  return (loaded) => {
    const known = knownFor(loaded, place);
    return decide(
      takeSnapshot({ brand, use, at }, settled, accountClass ? { ...known, accountClass } : known),
    );
  };
}

function difference(before: Answer, after: Answer): Pick<Mark, 'outcome' | 'reason'> {
  if (before.allowed) {
    return after.allowed ? { outcome: 'stays-allowed' } : { outcome: 'loses', reason: after.reason };
  }
  return after.allowed ? { outcome: 'wins', reason: before.reason } : { outcome: 'stays-refused' };
}

function unknown(): AppError {
  return new AppError('not-found', 'there is no such document');
}
