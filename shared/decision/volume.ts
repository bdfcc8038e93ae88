import * as z from 'zod';

import { DAY, plus, toTtl } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import { errorFields, log } from '../platform/log.ts';
import { write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { settingId } from '../settings/brand.ts';
import type { Question } from './take-snapshot.ts';

/** A mailing that went out on a day to a use of a brand, or to one topic of it. Nobody's name stands in it. */
export const volumeItem = z.object({
  day: z.iso.date(),
  use: settingId,
  mailing: z.string(),
  topic: settingId.optional(),
});
export type VolumeItem = z.infer<typeof volumeItem>;

/** Longer than people are told of, so that nothing goes missing while it is counted. */
const KEPT_DAYS = 100;
const MOST_REMEMBERED = 1_000;

/** A mailing comes in many batches: what this container has told is not told again. */
const told = new WeakMap<Database, Set<string>>();

/**
 * Writes down that a mailing goes out, once per day and topic, for the choices page to count. The messages are booked
 * already, so a failure here only leaves the count for the next batch.
 */
export async function tellVolume(
  db: Database,
  { brand, use, at }: Pick<Question, 'brand' | 'use' | 'at'>,
  { mailing, topics }: { mailing: string; topics: readonly string[] },
): Promise<void> {
  const day = at.slice(0, 10);
  const expiresAt = toTtl(plus(`${day}T00:00:00.000Z`, KEPT_DAYS * DAY));
  const known = told.get(db) ?? new Set<string>();
  if (known.size >= MOST_REMEMBERED) known.clear();
  told.set(db, known);
  const tell = async (topic: string | undefined) => {
    const key = keys.volume(brand.id, day, use.id, mailing, topic);
    const name = `${key.pk}#${key.sk}`;
    if (known.has(name)) return;
    const item: VolumeItem = { day, use: use.id, mailing, ...(topic === undefined ? {} : { topic }) };
    await write(db, { put: 'engagement', item: { ...key, ...item, expiresAt } });
    known.add(name);
  };
  try {
    await Promise.all((topics.length > 0 ? topics : [undefined]).map(tell));
  } catch (error) {
    log('warn', 'volume-not-told', { brand: brand.id, mailing, ...errorFields(error) });
  }
}
