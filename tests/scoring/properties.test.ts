import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { EngagementEvent } from '../../shared/engagement/event.ts';
import { DAY, SECOND, plus, toInstant, toMs } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { nextChange, saysOf } from '../../shared/scoring/changes.ts';
import { finalDay } from '../../shared/scoring/interest.ts';
import type { Carry } from '../../shared/scoring/interest.ts';
import { scoreAt } from '../../shared/scoring/score.ts';
import type { Score, ScoreInput } from '../../shared/scoring/score.ts';
import type { DayCount } from '../../shared/scoring/day-counts.ts';
import { event, mailEvent, rules } from '../support/engagement.ts';

const START = '2026-01-01T00:00:00.000Z';
const SPAN = 120 * DAY;
const RULES = rules();
/** A head of department at a big company: grade C or better, so that thresholds matter. */
const FACTS = { position: 'head', buyingRole: 'decider', employees: 5_000 } as const;

const ACTS = ['download', 'webinar', 'job-page', 'contact-request', 'fair-visit', 'page-visit'];
const instant = fc.integer({ min: 0, max: SPAN }).map((ms) => plus(START, ms));
const topics = fc.subarray(['drives', 'service', 'automation']);
const act = fc
  .record({ type: fc.constantFrom(...ACTS), at: instant, topics })
  .map(({ type, at, topics: about }) => [event(type, at, { topics: about })]);
/** A mailing, and what came back: people at any time, machines in bursts right after the delivery. */
const mailing = fc
  .record({
    at: instant,
    n: fc.integer({ min: 1, max: 1_000_000 }),
    topics,
    reactions: fc.array(
      fc.record({
        type: fc.constantFrom('open' as const, 'click' as const),
        after: fc.oneof(
          fc.integer({ min: 0, max: 5 * SECOND }),
          fc.integer({ min: 0, max: 2 * DAY }),
          fc.integer({ min: 0, max: 12 * DAY }),
        ),
        link: fc.constantFrom('a', 'b', 'c', 'd'),
        userAgent: fc.constantFrom('Mozilla/5.0', 'Mozilla/5.0 (Macintosh) Safari/605.1.15'),
        leaving: fc.boolean(),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ at, n, topics: about, reactions }): EngagementEvent[] => {
    const ids = { sendId: `send_${n}`, messageId: `m${n}` };
    return [
      mailEvent('delivered', at, { topics: about, mail: ids }),
      ...reactions.map(({ type, after, leaving, ...mail }) =>
        mailEvent(type, plus(at, after), {
          topics: about,
          mail: { ...ids, ...mail, ...(leaving ? { leaving } : {}) },
        }),
      ),
    ];
  });
const history = fc.array(fc.oneof(act, mailing), { maxLength: 25 }).map((all) => all.flat());
const later = fc.integer({ min: 0, max: SPAN + 200 * DAY }).map((ms) => plus(START, ms));

const inputOf = (events: readonly EngagementEvent[], change: Partial<ScoreInput> = {}): ScoreInput => ({
  events,
  days: new Map(),
  facts: FACTS,
  rules: RULES,
  ...change,
});
/** Without the days that it looked at, which depend on what was read. */
const comparable = (score: Score) => ({ ...score, days: undefined });
const runs = { numRuns: 300 };

describe('a score', () => {
  test('N2 is the same in whatever order and how often its events come', () => {
    fc.assert(
      fc.property(
        history,
        later,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (events, at, random) => {
          const chance = () => Number(random.next().value);
          const twice = events.flatMap((each) => (chance() < 0.5 ? [each, { ...each }] : [each]));
          const mixed = twice
            .map((each) => ({ each, order: chance() }))
            .toSorted((a, b) => a.order - b.order)
            .map(({ each }) => each);
          expect(scoreAt(inputOf(mixed), at)).toEqual(scoreAt(inputOf(events), at));
        },
      ),
      runs,
    );
  });

  test('N3 carried on from time to time equals one that is worked out from everything', () => {
    fc.assert(
      fc.property(history, fc.array(later, { minLength: 1, maxLength: 6 }), (events, looks) => {
        let from: Carry | undefined;
        const kept = new Map<string, readonly DayCount[]>();
        for (const at of looks.toSorted()) {
          const since = from?.through ?? '';
          const recent = events.filter(({ occurredAt }) => occurredAt >= since);
          const carried = scoreAt(inputOf(recent, { from }), at);
          for (const [day, counts] of carried.days) {
            if (day <= finalDay(at) && day > since) kept.set(day, counts);
          }
          from = carried.interest.carry;
          const young = events.filter(({ occurredAt }) => occurredAt >= (from?.through ?? ''));
          const whole = comparable(scoreAt(inputOf(events), at));
          expect(comparable(carried)).toEqual(whole);
          expect(comparable(scoreAt(inputOf(young, { days: kept }), at))).toEqual(whole);
        }
      }),
      runs,
    );
  });

  test('equals the sum of its parts, in all and per topic', () => {
    fc.assert(
      fc.property(history, later, (events, at) => {
        const { total, topics: perTopic, parts } = scoreAt(inputOf(events), at).interest;
        const cents = (points: number) => Math.round(points * 100);
        expect(parts.reduce((sum, { points }) => sum + cents(points), 0)).toBe(cents(total));
        for (const [topic, points] of Object.entries(perTopic)) {
          const sum = parts.reduce((all, part) => all + cents(part.topics[topic] ?? 0), 0);
          expect(sum).toBe(cents(points));
        }
        for (const { points } of parts) expect(points).toBe(cents(points) / 100);
      }),
      runs,
    );
  });

  test('says the same until the instant at which it is looked at again', () => {
    fc.assert(
      fc.property(
        history,
        later,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
        (events, at, places) => {
          // Nothing new comes in: what is not yet known at `at` is not there.
          const known = events.filter(({ occurredAt }) => occurredAt <= at);
          const input = inputOf(known);
          const score = scoreAt(input, at);
          const next = nextChange(input, score) ?? plus(at, 400 * DAY);
          expect(next > at).toBe(true);
          const between = toMs(next) - toMs(at) - 1;
          for (const place of [...places, 1]) {
            const then: Instant = toInstant(toMs(at) + Math.round(place * between));
            expect(saysOf(scoreAt(input, then))).toBe(saysOf(score));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('is never raised by leaving', () => {
    fc.assert(
      fc.property(history, instant, later, (events, leftAt, at) => {
        const left = mailEvent('click', leftAt, {
          mail: { sendId: 'send_x', messageId: 'mx', leaving: true },
        });
        const before = scoreAt(inputOf(events), at).interest;
        const after = scoreAt(inputOf([...events, left]), at).interest;
        expect(after.total).toBeLessThanOrEqual(before.total);
        for (const [topic, points] of Object.entries(after.topics)) {
          expect(points).toBeLessThanOrEqual(before.topics[topic] ?? 0);
        }
      }),
      runs,
    );
  });
});
