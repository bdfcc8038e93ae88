import * as z from 'zod';

import { permissionKey, splitPermissionKey } from '../contacts/contact.ts';
import { cachedFor } from '../platform/cached.ts';
import { MINUTE } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import { get } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';

const instant = z.iso.datetime({ precision: 3 });

/** What became of the mail of one purpose; the rates are shares, not per cent. */
export const rates = z.object({
  delivered: z.int(),
  bounced: z.int(),
  complained: z.int(),
  bounceRate: z.number(),
  complaintRate: z.number(),
});
export type Rates = z.infer<typeof rates>;

/** Why mail of one purpose, a use of a brand, may go on no longer (B3). */
export const sendingStop = z.object({ since: instant, why: z.enum(['bounces', 'complaints']), rates });
export type SendingStop = z.infer<typeof sendingStop>;

export const guardItem = z.object({
  stopped: sendingStop.optional(),
  /** The last release, and the stop that it ended: what was sent before it counts no more. */
  released: z.object({ at: instant, by: z.string(), reason: z.string(), stop: sendingStop }).optional(),
  /** The day on which somebody was last warned. */
  warnedOn: z.iso.date().optional(),
});
export type GuardItem = z.infer<typeof guardItem>;

/** Strongly consistent, for who writes it or shows it. */
export async function readGuard(db: Database, brand: string, use: string): Promise<GuardItem> {
  return (await get(db, 'engagement', keys.guard(brand, use), guardItem)) ?? {};
}

/** What each container has read: batches come in many requests. */
const guards = new WeakMap<Database, (place: string) => Promise<GuardItem | undefined>>();

/**
 * Whether a purpose was stopped at an instant. A stop or a release is seen within a minute; of the past the last stop is
 * remembered.
 */
export async function stopAt(
  db: Database,
  brand: string,
  use: string,
  at: Instant,
): Promise<SendingStop | undefined> {
  const read =
    guards.get(db) ??
    cachedFor(MINUTE, (place) => {
      const asked = splitPermissionKey(place);
      return get(db, 'engagement', keys.guard(asked.brand, asked.use), guardItem, { consistent: false });
    });
  guards.set(db, read);
  const { stopped, released } = (await read(permissionKey(brand, use))) ?? {};
  if (stopped) return stopped.since <= at ? stopped : undefined;
  return released && released.stop.since <= at && at < released.at ? released.stop : undefined;
}
