import * as z from 'zod';

import { DELIVERED, VERDICTS } from '../engagement/event.ts';
import type { EngagementEvent } from '../engagement/event.ts';
import { judgeReactions } from '../engagement/verdict.ts';
import type { Judged } from '../engagement/verdict.ts';
import { DAY, SECOND, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { settingId } from '../settings/brand.ts';
import type { Scoring } from '../settings/scoring.ts';

/** Events of one UTC day that no scoring rule can tell apart, and how many there were: all that a rule ever sees. */
export const dayCount = z.object({
  type: settingId,
  topics: z.array(settingId),
  asset: z.string().optional(),
  tracked: z.literal(true).optional(),
  /** Of what is tracked: whose permission it rests on. */
  brand: settingId.optional(),
  /** Of opens and clicks. */
  verdict: z.enum(VERDICTS).optional(),
  /** A click on a page by which people leave. */
  leaving: z.literal(true).optional(),
  /** Of mailings: whether a person reacted in time. */
  answered: z.boolean().optional(),
  count: z.int().positive(),
});
export type DayCount = z.infer<typeof dayCount>;
/** By UTC day (`2026-11-22`). */
export type DayCounts = ReadonlyMap<string, readonly DayCount[]>;

type CountRules = Pick<Scoring, 'noReaction' | 'quietSeconds'>;

/** UTC day of an instant. */
export function dayOf(at: Instant): string {
  return at.slice(0, 10);
}

/**
 * Counts events as they stood at `at`, day by day. Pure; neither order nor repetition of `events` matters.
 * An open or click counts once its quiet window is over; a mailing counts once its time to react is.
 */
export function countDays(events: readonly EngagementEvent[], rules: CountRules, at: Instant): DayCounts {
  const known = distinct(events).filter(({ occurredAt }) => occurredAt <= at);
  const judged = judgeReactions(known);
  const reactions = reactionsOf(known, judged);
  const days = new Map<string, Map<string, DayCount>>();
  for (const event of known) {
    const count = toCount(event, judged.get(event), reactions, rules, at);
    if (!count) continue;
    const day = dayOf(event.occurredAt);
    const counts = days.get(day) ?? new Map<string, DayCount>();
    days.set(day, counts);
    const name = nameOf(count);
    const before = counts.get(name);
    counts.set(name, before ? { ...before, count: before.count + 1 } : count);
  }
  return new Map([...days].map(([day, counts]) => [day, [...counts.values()].toSorted(byName)]));
}

/**
 * When time alone makes an event count that does not yet: the end of a quiet window or of the time to react, or, where
 * the sender's clock is ahead of ours, the instant at which it happened.
 */
export function nextToCount(
  events: readonly EngagementEvent[],
  rules: CountRules,
  at: Instant,
): Instant | undefined {
  return events
    .map((event) => countsFrom(event, rules) ?? event.occurredAt)
    .filter((from) => from > at)
    .toSorted()[0];
}

/** When an event begins to count, where that is later than it happened. */
export function countsFrom(event: EngagementEvent, rules: CountRules): Instant | undefined {
  if (!event.mail) return undefined;
  return event.type === DELIVERED
    ? plus(event.occurredAt, rules.noReaction.days * DAY)
    : plus(event.occurredAt, rules.quietSeconds * SECOND);
}

/** Instants of people's reactions to each send; leaving is none. */
function reactionsOf(
  events: readonly EngagementEvent[],
  judged: ReadonlyMap<EngagementEvent, Judged>,
): ReadonlyMap<string, Instant[]> {
  const human = events.filter((event) => judged.get(event)?.verdict === 'human' && !event.mail?.leaving);
  const bySend = Map.groupBy(human, ({ mail }) => mail?.sendId ?? '');
  return new Map([...bySend].map(([sendId, own]) => [sendId, own.map(({ occurredAt }) => occurredAt)]));
}

function toCount(
  event: EngagementEvent,
  judgement: Judged | undefined,
  reactions: ReadonlyMap<string, Instant[]>,
  rules: CountRules,
  at: Instant,
): DayCount | undefined {
  const { type, topics, asset, tracked, mail } = event;
  const from = countsFrom(event, rules);
  if (from !== undefined && from > at) return undefined;
  const place = event.brand ?? mail?.brand;
  const shared = {
    type,
    topics: [...new Set(topics)].toSorted(),
    ...(asset === undefined ? {} : { asset }),
    ...(tracked ? { tracked } : {}),
    ...(place === undefined ? {} : { brand: place }),
    count: 1,
  };
  if (mail && type === DELIVERED) {
    const answered = (reactions.get(mail.sendId) ?? []).some((when) => from === undefined || when <= from);
    return { ...shared, answered };
  }
  return {
    ...shared,
    ...(judgement ? { verdict: judgement.verdict } : {}),
    ...(mail?.leaving ? { leaving: true as const } : {}),
  };
}

/** Each event once: source and id name it. */
function distinct(events: readonly EngagementEvent[]): EngagementEvent[] {
  const byId = new Map(events.map((event) => [`${event.occurredAt}\n${event.source}\n${event.id}`, event]));
  return [...byId.values()].toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
}

function nameOf(count: DayCount): string {
  const { type, topics, asset, tracked, brand, verdict, leaving, answered } = count;
  return JSON.stringify([type, topics, asset, tracked, brand, verdict, leaving, answered]);
}

function byName(a: DayCount, b: DayCount): number {
  return nameOf(a) < nameOf(b) ? -1 : 1;
}
