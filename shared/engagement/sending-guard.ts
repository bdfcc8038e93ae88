import { readGuard } from '../decision/guard.ts';
import type { GuardItem } from '../decision/guard.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { keys } from '../platform/keys.ts';
import { log } from '../platform/log.ts';
import { write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import type { OwnSettings } from '../settings/own-settings.ts';
import { readRates } from './sending-rates.ts';
import type { Purpose, RecentRates } from './sending-rates.ts';

/** How the mail of one purpose fares, and whether it was stopped. */
export type GuardedPurpose = Purpose & Omit<GuardItem, 'warnedOn'> & Pick<RecentRates, 'today' | 'week'>;

/** Every purpose of a controller that is mailed. */
export async function listGuarded(
  db: Database,
  { brands, uses }: Pick<OwnSettings, 'brands' | 'uses'>,
  at: Instant,
): Promise<GuardedPurpose[]> {
  const mailed = uses?.uses.filter(({ channel }) => channel === 'email') ?? [];
  const purposes = brands.flatMap((brand) => mailed.map((use) => ({ brand: brand.id, use: use.id })));
  return Promise.all(purposes.map((purpose) => readGuarded(db, purpose, at)));
}

/**
 * Lets the mail of a purpose go on, by a named person. What was sent before counts no more: the same bounces and
 * complaints do not stop it again.
 * @throws AppError `conflict` where it is not stopped (any more)
 */
export async function releaseSending(
  db: Database,
  purpose: Purpose,
  { at, by, reason }: { at: Instant; by: string; reason: string },
): Promise<GuardedPurpose> {
  const { brand, use } = purpose;
  const { stopped } = await readGuard(db, brand, use);
  const released =
    stopped !== undefined &&
    (await write(db, {
      update: 'engagement',
      key: keys.guard(brand, use),
      set: 'SET released = :released REMOVE stopped',
      condition: 'stopped.since = :since',
      values: { ':released': { at, by, reason, stop: stopped }, ':since': stopped.since },
    }));
  if (!released) throw new AppError('conflict', 'this is not stopped', { reason: 'not-stopped' });
  log('info', 'sending-released', { brand, use, why: stopped.why, by, reason });
  return readGuarded(db, purpose, at);
}

async function readGuarded(db: Database, { brand, use }: Purpose, at: Instant): Promise<GuardedPurpose> {
  const { warnedOn: _, ...guard } = await readGuard(db, brand, use);
  const { today, week } = await readRates(db, { brand, use }, guard.released?.at, at);
  return { brand, use, today, week, ...guard };
}
