import * as z from 'zod';

import { DELIVERED } from '../engagement/event.ts';
import { DAY, plus, toMs } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { EventType, Scoring } from '../settings/scoring.ts';
import { dayOf } from './day-counts.ts';
import type { DayCount, DayCounts } from './day-counts.ts';

/** What silence after a mailing is called among the parts of a score. */
export const NO_REACTION = 'no-reaction';
/** Younger events are scored one by one; those of older days are final and come as one part per type. */
const RECENT_DAYS = 31;

/** Points of one type, decayed to one day and not rounded. */
const worth = z.object({ total: z.number(), topics: z.record(z.string(), z.number()) });
/** What all days up to and with `through` are still worth on that day, by type. */
export const carry = z.object({ through: z.iso.date(), types: z.record(z.string(), worth) });
export type Carry = z.infer<typeof carry>;
type Worth = z.infer<typeof worth>;

/** One line of a score: points of a type on a day, as they count at the instant asked for. */
export type Part = {
  type: string;
  /** UTC day that they decay from; of the older days together: the last of them. */
  day: string;
  older?: true;
  /** Events behind it; unknown for older days. */
  count?: number;
  /** As given on the day, after the cap. */
  given?: number;
  /** What is left of them, in hundredths exact: parts add up to the score. */
  points: number;
  topics: Record<string, number>;
};
export type Interest = {
  total: number;
  topics: Record<string, number>;
  parts: Part[];
  /** What the final days are worth. */
  carry: Carry;
};
type InterestRules = Pick<Scoring, 'types' | 'halfLifeDays' | 'noReaction'>;

/** The last day whose events are final at `at`. */
export function finalDay(at: Instant): string {
  return addDays(dayOf(at), -RECENT_DAYS - 1);
}

/**
 * Interest at an instant: capped points per type and day, halved every half-life in whole UTC days (DOMAIN 6). Pure.
 * @param days everything since `from.through`, or since ever
 * @param from what is known of the days before, under the same rules
 */
export function interestAt(days: DayCounts, rules: InterestRules, at: Instant, from?: Carry): Interest {
  const today = dayOf(at);
  const older = carryOn(days, rules, finalDay(at), from);
  const parts = [
    ...Object.entries(older.types).map(([type, held]): Part => {
      const left = decay(rules, type, daysBetween(older.through, today));
      return { type, day: older.through, older: true, ...rounded(held, left) };
    }),
    ...[...days]
      .filter(([day]) => day > older.through)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([day, counts]) => partsOf(day, counts, rules, today)),
  ].filter(({ points, topics }) => points !== 0 || Object.values(topics).some((value) => value !== 0));
  return { ...summed(parts), parts, carry: older };
}

/**
 * Takes final days into the carry, one after the other, up to and with `through`. The same steps whenever it is done,
 * so what is kept and what is made anew agree to the last bit (N3).
 */
function carryOn(days: DayCounts, rules: InterestRules, through: string, from?: Carry): Carry {
  const first = [...days.keys()].reduce((least, day) => (day < least ? day : least), addDays(through, 1));
  let held: Carry = from ?? { through: addDays(first, -1), types: {} };
  while (held.through < through) {
    const day = addDays(held.through, 1);
    held = { through: day, types: nextDay(held.types, day, days.get(day) ?? [], rules) };
  }
  return held;
}

function nextDay(
  held: Carry['types'],
  day: string,
  counts: readonly DayCount[],
  rules: InterestRules,
): Carry['types'] {
  const fresh = new Map(dayWorth(counts, rules));
  const types: Carry['types'] = {};
  for (const type of new Set([...Object.keys(held), ...fresh.keys()])) {
    const left = decay(rules, type, 1);
    // Silence counts from the day on which the time to react was over; final days are well past it.
    const ahead = decay(rules, type, daysBetween(effectiveDay(day, type, rules), day));
    const value = add(scaled(held[type], left), scaled(fresh.get(type), ahead));
    if (value.total !== 0 || Object.keys(value.topics).length > 0) types[type] = value;
  }
  return types;
}

function partsOf(day: string, counts: readonly DayCount[], rules: InterestRules, today: string): Part[] {
  return dayWorth(counts, rules).map(([type, given]): Part => {
    const since = effectiveDay(day, type, rules);
    const left = decay(rules, type, daysBetween(since, today));
    const count = counts.filter((each) => typeOf(each) === type).reduce((sum, each) => sum + each.count, 0);
    return { type, day: since, count, given: given.total, ...rounded(given, left) };
  });
}

/** Capped points of each type on a day, in all and per topic. */
function dayWorth(counts: readonly DayCount[], rules: InterestRules): [string, Worth][] {
  const byType = Map.groupBy(counts, typeOf);
  byType.delete(undefined);
  return [...byType].flatMap(([type, own]): [string, Worth][] => {
    const rule = ruleOf(rules, type ?? '');
    if (!rule || type === undefined) return [];
    const of = (some: readonly DayCount[]) =>
      clamp(rule.points * some.reduce((sum, { count }) => sum + count, 0), rule.dayCap);
    const topics = new Set(own.flatMap((each) => each.topics));
    const perTopic = [...topics].map(
      (topic) => [topic, of(own.filter((each) => each.topics.includes(topic)))] as const,
    );
    return [[type, { total: of(own), topics: Object.fromEntries(perTopic) }]];
  });
}

/** The type that a count scores as; undefined for what scores nothing: machines, doubts, leaving, and mail answered. */
function typeOf({ type, verdict, leaving, answered }: DayCount): string | undefined {
  if (type === DELIVERED) return answered ? undefined : NO_REACTION;
  return leaving || (verdict !== undefined && verdict !== 'human') ? undefined : type;
}

export function ruleOf(
  rules: InterestRules,
  type: string,
): Pick<EventType, 'points' | 'dayCap' | 'halfLifeDays'> | undefined {
  return type === NO_REACTION ? rules.noReaction : rules.types.find(({ id }) => id === type);
}

function effectiveDay(day: string, type: string, { noReaction }: InterestRules): string {
  return type === NO_REACTION ? addDays(day, noReaction.days) : day;
}

/** What is left of a point after `days` days. */
function decay(rules: InterestRules, type: string, days: number): number {
  return 2 ** (-days / halfLifeOf(rules, type));
}

/** Days after which half of the points of a type are left. */
export function halfLifeOf(rules: InterestRules, type: string): number {
  return ruleOf(rules, type)?.halfLifeDays ?? rules.halfLifeDays;
}

/** Below this nobody will ever see it again. */
const NOTHING = 1e-4;

function scaled(value: Worth | undefined, factor: number): Worth {
  if (!value) return { total: 0, topics: {} };
  const keep = (points: number) => (Math.abs(points * factor) < NOTHING ? 0 : points * factor);
  const topics = Object.entries(value.topics).map(([topic, points]) => [topic, keep(points)] as const);
  return {
    total: keep(value.total),
    topics: Object.fromEntries(topics.filter(([, points]) => points !== 0)),
  };
}

function add(a: Worth, b: Worth): Worth {
  const topics = { ...a.topics };
  for (const [topic, points] of Object.entries(b.topics)) topics[topic] = (topics[topic] ?? 0) + points;
  return { total: a.total + b.total, topics };
}

function rounded({ total, topics }: Worth, left: number): Pick<Part, 'points' | 'topics'> {
  const entries = Object.entries(topics).map(
    ([topic, points]) => [topic, hundredths(points * left)] as const,
  );
  return {
    points: hundredths(total * left),
    topics: Object.fromEntries(entries.filter(([, points]) => points !== 0)),
  };
}

/** Adds in whole hundredths, so that parts make up the sum to the last digit. */
function summed(parts: readonly Part[]): Pick<Interest, 'total' | 'topics'> {
  let total = 0;
  const topics = new Map<string, number>();
  for (const part of parts) {
    total += Math.round(part.points * 100);
    for (const [topic, points] of Object.entries(part.topics)) {
      topics.set(topic, (topics.get(topic) ?? 0) + Math.round(points * 100));
    }
  }
  const named = [...topics].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { total: total / 100, topics: Object.fromEntries(named.map(([topic, sum]) => [topic, sum / 100])) };
}

/** To hundredths, half away from zero; never -0. */
function hundredths(points: number): number {
  return (Math.sign(points) * Math.round(Math.abs(points) * 100)) / 100 + 0;
}

function clamp(points: number, cap: number): number {
  return Math.max(-cap, Math.min(cap, points));
}

function daysBetween(from: string, to: string): number {
  return Math.round((toMs(`${to}T00:00:00.000Z`) - toMs(`${from}T00:00:00.000Z`)) / DAY);
}

function addDays(day: string, days: number): string {
  return dayOf(plus(`${day}T00:00:00.000Z`, days * DAY));
}
