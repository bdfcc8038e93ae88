import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { applyNews, isSuppressed, mayConfirm, suppression } from '../../shared/contacts/suppression.ts';
import type { Suppression, SuppressionNews } from '../../shared/contacts/suppression.ts';
import { DAY, plus } from '../../shared/platform/clock.ts';

const START = '2026-11-01T08:00:00.000Z';
const day = (days: number) => plus(START, days * DAY);

const soft = (days: number): SuppressionNews => ({ kind: 'soft-bounce', at: day(days), id: `soft-${days}` });
const hard = (days: number): SuppressionNews => ({
  kind: 'hard-bounce',
  at: day(days),
  reason: 'Permanent/NoEmail',
});
const news = (kind: 'complaint' | 'delivery' | 'retry' | 'proof', days: number): SuppressionNews => ({
  kind,
  at: day(days),
});
const told = (...all: SuppressionNews[]) =>
  all.reduce<Suppression | undefined>((state, one) => applyNews(state, one), undefined);
const reasonAt = (state: Suppression | undefined, days: number) => {
  const verdict = isSuppressed(state, day(days));
  return verdict.suppressed ? verdict.reason : 'none';
};
const FIVE = [0, 1, 2, 3, 4].map(soft);
const FIVE_MORE = [40, 41, 42, 43, 44].map(soft);

describe('V3 soft bounces', () => {
  test('four do nothing, the fifth within 30 days closes the address for 30 days', () => {
    expect(reasonAt(told(...FIVE.slice(1)), 5)).toBe('none');
    const state = told(...FIVE);
    expect(reasonAt(state, 4)).toBe('soft-bounces');
    expect(reasonAt(state, 33.9)).toBe('soft-bounces');
    expect(reasonAt(state, 34)).toBe('none');
  });

  test('five more after that close it for good', () => {
    expect(reasonAt(told(...FIVE, ...FIVE_MORE.slice(1)), 60)).toBe('none');
    expect(reasonAt(told(...FIVE, ...FIVE_MORE), 4000)).toBe('soft-bounces');
  });

  test('five over more than 30 days do nothing, exactly 30 days count', () => {
    expect(reasonAt(told(...[0, 8, 16, 24, 30.01].map(soft)), 31)).toBe('none');
    expect(reasonAt(told(...[0, 8, 16, 24, 30].map(soft)), 31)).toBe('soft-bounces');
  });

  test('a delivery between starts the count anew, whenever it is told', () => {
    expect(reasonAt(told(...FIVE, news('delivery', 3.5)), 5)).toBe('none');
    expect(reasonAt(told(...FIVE.slice(0, 4), news('delivery', 3.5), soft(4)), 5)).toBe('none');
    expect(reasonAt(told(news('delivery', -1), ...FIVE), 5)).toBe('soft-bounces');
  });

  test('a delivery shows that the mailbox works and ends the block', () => {
    expect(reasonAt(told(...FIVE, ...FIVE_MORE, news('delivery', 45)), 46)).toBe('none');
  });

  test('mails under way when the block began do not count towards the second', () => {
    expect(reasonAt(told(...[0, 1, 2, 3, 4, 4.1, 4.2, 4.3, 4.4, 4.5].map(soft)), 35)).toBe('none');
  });

  test('the same bounce told twice counts once', () => {
    expect(reasonAt(told(...FIVE.slice(1), ...FIVE.slice(1)), 5)).toBe('none');
  });
});

describe('V7 hard bounce and complaint', () => {
  test('a delivery lifts neither, before or after', () => {
    expect(reasonAt(told(hard(1), news('delivery', 2)), 3)).toBe('hard-bounce');
    expect(reasonAt(told(news('delivery', 2), news('complaint', 1)), 3)).toBe('complaint');
  });

  test('the strictest reason is given', () => {
    expect(reasonAt(told(...FIVE, hard(1), news('complaint', 1)), 5)).toBe('complaint');
    expect(reasonAt(told(...FIVE, hard(1)), 5)).toBe('hard-bounce');
  });

  test('the owner’s click lifts a hard bounce before it and no complaint', () => {
    expect(reasonAt(told(hard(1), news('proof', 40)), 41)).toBe('none');
    expect(reasonAt(told(hard(1), news('proof', 40), hard(50)), 51)).toBe('hard-bounce');
    expect(reasonAt(told(news('complaint', 1), news('proof', 40)), 41)).toBe('complaint');
  });

  test('an address that we know nothing of is not suppressed', () => {
    expect(isSuppressed(undefined, START)).toEqual({ suppressed: false });
  });
});

describe('one more confirmation mail (DOMAIN 2)', () => {
  const refused = (reason: string) => ({ allowed: false, reason });

  test.each([
    ['nothing known', told(), 0, { allowed: true, retry: false }],
    ['delivered', told(news('delivery', 0)), 1, { allowed: true, retry: false }],
    ['hard-bounced just under 30 days ago', told(hard(0)), 29.99, refused('hard-bounce')],
    ['hard-bounced 30 days ago', told(hard(0)), 30, { allowed: true, retry: true }],
    ['retried already', told(hard(0), news('retry', 30)), 90, refused('hard-bounce')],
    [
      'retried, bounced again 30 days ago',
      told(hard(0), news('retry', 30), hard(31)),
      61,
      { allowed: true, retry: true },
    ],
    [
      'retried and clicked',
      told(hard(0), news('retry', 30), news('proof', 31)),
      32,
      { allowed: true, retry: false },
    ],
    ['complained', told(news('complaint', 0)), 4000, refused('complaint')],
    ['complained and hard-bounced', told(news('complaint', 0), hard(0)), 40, refused('complaint')],
    ['soft-blocked', told(...FIVE), 10, refused('soft-bounces')],
    ['soft block over', told(...FIVE), 34, { allowed: true, retry: false }],
    [
      'hard-bounced and soft-blocked for good',
      told(hard(0), ...FIVE, ...FIVE_MORE),
      90,
      refused('hard-bounce'),
    ],
  ])('%s', (_, state, days, expected) => {
    expect(mayConfirm(state, day(days))).toEqual(expected);
  });
});

describe('V7 the state depends on what happened, not on who told it when', () => {
  const instant = fc.integer({ min: 0, max: 120 }).map(day);
  const anyNews: fc.Arbitrary<SuppressionNews> = fc.oneof(
    fc.record({
      kind: fc.constant('hard-bounce' as const),
      at: instant,
      reason: fc.constantFrom('Permanent/General', 'Permanent/NoEmail'),
    }),
    { weight: 4, arbitrary: instant.map((at) => ({ kind: 'soft-bounce' as const, at, id: `soft-${at}` })) },
    fc.record({ kind: fc.constantFrom('complaint', 'delivery', 'retry', 'proof'), at: instant }),
  );

  test('every order and repetition ends alike', () => {
    const twoOrders = fc
      .array(anyNews, { maxLength: 40 })
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
      );
    fc.assert(
      fc.property(twoOrders, ([all, again]) => {
        expect(told(...again)).toEqual(told(...all));
      }),
      { numRuns: 500 },
    );
  });

  test('what is told again changes nothing, so nothing need be written', () => {
    fc.assert(
      fc.property(fc.array(anyNews, { minLength: 1, maxLength: 20 }), (all) => {
        const state = told(...all);
        for (const one of all) expect(state && applyNews(state, one)).toBe(state);
      }),
    );
  });

  test('the state stays small, is JSON and keeps to its schema', () => {
    const state = told(
      ...Array.from({ length: 300 }, (_, index) => soft(index / 100)),
      hard(1),
      news('complaint', 2),
    );
    expect(JSON.stringify(state).length).toBeLessThan(1_500);
    expect(suppression.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });
});
