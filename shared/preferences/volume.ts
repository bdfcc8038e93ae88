import { cachedFor } from '../platform/cached.ts';
import { DAY, MINUTE, now, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import { errorFields, log } from '../platform/log.ts';
import { queryPartition } from '../platform/read-many.ts';
import type { Database } from '../platform/table.ts';
import { volumeItem } from '../decision/volume.ts';
import type { VolumeItem } from '../decision/volume.ts';

/** Mailings that really went out in the last 90 days, by use and by topic; what is absent is not known. */
export type Volume = { uses: ReadonlyMap<string, number>; topics: ReadonlyMap<string, number> };

const COUNTED_DAYS = 90;
/** A sender who names every message a mailing of its own is not read to the end: half a count would be no honest one. */
const MOST_READ = 5_000;
const UNKNOWN: Volume = { uses: new Map(), topics: new Map() };

/**
 * Counts what a brand sent of late, at most five minutes old. Where it cannot be read nothing is known: choosing and
 * leaving never wait for a number.
 */
export function openVolume(db: Database): (brandId: string) => Promise<Volume> {
  const counted = cachedFor(5 * MINUTE, async (brandId) =>
    countMailings(await readVolume(db, brandId), now()),
  );
  return async (brandId) => {
    try {
      return await counted(brandId);
    } catch (error) {
      log('warn', 'volume-unknown', { brand: brandId, ...errorFields(error) });
      return UNKNOWN;
    }
  };
}

/** Each mailing counts once, however many days and batches it took. Pure. */
export function countMailings(items: readonly VolumeItem[], at: Instant): Volume {
  const since = plus(at, -COUNTED_DAYS * DAY).slice(0, 10);
  const late = items.filter(({ day }) => day > since);
  const distinct = (named: (item: VolumeItem) => string | undefined) => {
    const mailings = new Map<string, Set<string>>();
    for (const item of late) {
      const name = named(item);
      if (name === undefined) continue;
      mailings.set(name, (mailings.get(name) ?? new Set<string>()).add(`${item.use}#${item.mailing}`));
    }
    return new Map([...mailings].map(([name, each]) => [name, each.size]));
  };
  return { uses: distinct(({ use }) => use), topics: distinct(({ topic }) => topic) };
}

async function readVolume(db: Database, brandId: string): Promise<VolumeItem[]> {
  const items: VolumeItem[] = [];
  const { pk } = keys.volume(brandId, '', '', '');
  for await (const item of queryPartition(db, 'engagement', pk, volumeItem)) {
    if (items.push(item) > MOST_READ) return [];
  }
  return items;
}
