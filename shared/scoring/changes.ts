import { DAY, plus, toInstant, toMs } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Scoring } from '../settings/scoring.ts';
import { dayOf, nextToCount } from './day-counts.ts';
import { halfLifeOf } from './interest.ts';
import type { Part } from './interest.ts';
import { scoreAt, verdictOf } from './score.ts';
import type { Score, ScoreInput } from './score.ts';

/** Nothing that happens later than this is looked for: whatever decays is next to nothing by then. */
const HORIZON_DAYS = 400;

/**
 * The next instant at which a score says something else by time alone: an event begins to count, or decay takes it over
 * a threshold (ARCHITECTURE 1). Undefined where nothing will for more than a year.
 */
export function nextChange(input: ScoreInput, score: Score): Instant | undefined {
  const { at } = score;
  const counts = nextToCount(input.events, input.rules, at);
  const crosses = nextCrossing(input, score, counts ?? plus(at, HORIZON_DAYS * DAY));
  return crosses ?? counts;
}

/** What a score says, without its figures. */
export function saysOf({ band, action, mql }: Pick<Score, 'band' | 'action' | 'mql'>): string {
  return [band, action, mql?.by, mql?.by === 'topic' ? mql.topic : ''].join(' ');
}

/**
 * The first midnight (UTC) before `until` at which decay alone makes the score say something else. Sums without
 * rounding tell where it may be; only there is it worked out exactly.
 */
function nextCrossing(input: ScoreInput, score: Score, until: Instant): Instant | undefined {
  const { rules } = input;
  const { parts } = score.interest;
  const groups = groupByHalfLife(parts, rules);
  const gains = groupByHalfLife(parts.map(gainOf), rules);
  const lowest = Math.min(
    rules.bands['1'],
    rules.bands['2'],
    rules.bands['3'],
    rules.mql.total,
    rules.mql.topic,
  );
  // Each part is rounded, today and then.
  const margin = 0.01 * (parts.length + 2);
  const midnight = toMs(`${dayOf(score.at)}T00:00:00.000Z`);
  const now = saysOf(score);
  for (let days = 1; days <= HORIZON_DAYS && midnight + days * DAY < toMs(until); days += 1) {
    const guess = faded(groups, days);
    const says = saysOf(verdictOf(guess, score.potential.grade, rules));
    if (says !== now || isNear(guess, rules, margin)) {
      const then = toInstant(midnight + days * DAY);
      if (saysOf(scoreAt(input, then)) !== now) return then;
      // What speaks for the person fades: once that alone reaches no threshold, nothing ever will.
    } else if (mostOf(faded(gains, days)) + margin < lowest) return undefined;
  }
  return undefined;
}

/** A part without what it takes away. */
function gainOf({ points, topics, ...part }: Part): Part {
  const gained = Object.entries(topics).map(([topic, of]) => [topic, Math.max(0, of)] as const);
  return { ...part, points: Math.max(0, points), topics: Object.fromEntries(gained) };
}

function mostOf({ total, topics }: Sums): number {
  return Math.max(total, ...Object.values(topics));
}

function groupByHalfLife(parts: readonly Part[], rules: Scoring): (Sums & { halfLife: number })[] {
  return [...Map.groupBy(parts, ({ type }) => halfLifeOf(rules, type))].map(([halfLife, own]) => ({
    halfLife,
    ...sums(own.map(({ points, topics }) => ({ total: points, topics }))),
  }));
}

type Sums = { total: number; topics: Record<string, number> };

function sums(parts: readonly Sums[]): Sums {
  const topics: Record<string, number> = {};
  let total = 0;
  for (const part of parts) {
    total += part.total;
    for (const [topic, points] of Object.entries(part.topics)) topics[topic] = (topics[topic] ?? 0) + points;
  }
  return { total, topics };
}

function faded(groups: readonly (Sums & { halfLife: number })[], days: number): Sums {
  return sums(
    groups.map(({ halfLife, total, topics }) => {
      const left = 2 ** (-days / halfLife);
      const entries = Object.entries(topics).map(([topic, points]) => [topic, points * left] as const);
      return { total: total * left, topics: Object.fromEntries(entries) };
    }),
  );
}

function isNear(
  { total, topics }: Sums,
  { bands, mql }: Pick<Scoring, 'bands' | 'mql'>,
  margin: number,
): boolean {
  const near = (points: number, thresholds: readonly number[]) =>
    thresholds.some((threshold) => Math.abs(points - threshold) <= margin);
  return (
    near(total, [bands['1'], bands['2'], bands['3'], mql.total]) ||
    Object.values(topics).some((points) => near(points, [mql.topic]))
  );
}
