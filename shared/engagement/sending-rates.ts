import * as z from 'zod';

import type { Rates } from '../decision/guard.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import type { Database } from '../platform/table.ts';
import type { Policy } from '../settings/policy.ts';

/** A purpose: what is stopped by itself, while others go on. */
export type Purpose = { brand: string; use: string };
type Counts = Pick<Rates, 'delivered' | 'bounced' | 'complained'>;

export const SHARDS = 10;
/** As long as Gmail looks back before it helps a sender again (B1). */
const WINDOW_DAYS = 7;

const count = z.int().default(0);
const dayCounts = z.object({ day: z.iso.date(), delivered: count, bounced: count, complained: count });

/** The mail of each of the last seven days and of all of them, by the day on which it was sent. */
export type RecentRates = { today: Rates; days: Rates[]; week: Rates };

/**
 * What became of the mail of a purpose, sent since its last release. Strongly consistent, so that of many who count at
 * once the last sees everything.
 */
export async function readRates(
  db: Database,
  { brand, use }: Purpose,
  since: Instant | undefined,
  at: Instant,
): Promise<RecentRates> {
  const days = Array.from({ length: WINDOW_DAYS }, (_, back) => plus(at, -back * DAY).slice(0, 10));
  const shards = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) => {
      const { pk, sk } = keys.reputation(brand, use, shard, since ?? '', '');
      return Array.fromAsync(queryPartition(db, 'engagement', pk, dayCounts, sk));
    }),
  );
  const found = shards.flat();
  const ofDays = days.map((day) => toRates(found.filter((each) => each.day === day)));
  return { today: ofDays[0] ?? toRates([]), days: ofDays, week: toRates(ofDays) };
}

/** A bounce did not arrive, so both together are what was tried; only what arrived can be complained about. */
function toRates(counts: readonly Counts[]): Rates {
  const sum = (name: keyof Counts) => counts.reduce((total, each) => total + each[name], 0);
  const [delivered, bounced, complained] = [sum('delivered'), sum('bounced'), sum('complained')];
  return {
    delivered,
    bounced,
    complained,
    bounceRate: share(bounced, delivered + bounced),
    complaintRate: share(complained, delivered),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

export type RatesVerdict =
  { kind: 'fine' } | { kind: 'warned' | 'stopped'; why: 'bounces' | 'complaints'; rates: Rates };

/** Whether a day of mail, or seven, bounced or was complained about too often (B1, B3). Pure. */
export function judgeRates({ days, week }: RecentRates, guard: Policy['guard']): RatesVerdict {
  let verdict: RatesVerdict = { kind: 'fine' };
  for (const rates of [week, ...days]) {
    for (const why of ['complaints', 'bounces'] as const) {
      const { rate, of } = measured(rates, why);
      const { warn, stop, leastMails } = guard[why];
      if (of < leastMails) continue;
      if (rate >= stop) return { kind: 'stopped', why, rates };
      if (rate >= warn) verdict = { kind: 'warned', why, rates };
    }
  }
  return verdict;
}

function measured({ delivered, bounced, bounceRate, complaintRate }: Rates, why: 'bounces' | 'complaints') {
  return why === 'bounces'
    ? { rate: bounceRate, of: delivered + bounced }
    : { rate: complaintRate, of: delivered };
}
