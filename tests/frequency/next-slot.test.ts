import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Limit } from '../../shared/frequency/caps.ts';
import { nextSlot } from '../../shared/frequency/next-slot.ts';
import type { CountedSlot } from '../../shared/frequency/slots.ts';
import { DAY, plus, toMs } from '../../shared/platform/clock.ts';

const START = '2026-11-01T08:00:00.000Z';
const day = (days: number, ms = 0) => plus(START, days * DAY + ms);
const sent = (days: number, more: Partial<CountedSlot> = {}): CountedSlot => ({
  at: day(days),
  same: false,
  ...more,
});
const limit = (count: number, days: number, more: Partial<Limit> = {}): Limit => ({
  count,
  days,
  reason: 'frequency',
  per: 'channel',
  ...more,
});

describe('sliding windows', () => {
  test('a window opens exactly when the message that filled it leaves it', () => {
    const slots = [sent(0), sent(2)];
    const refused = { free: false, reasons: ['frequency'], retryAt: day(7) };
    expect(nextSlot(slots, [limit(2, 7)], day(6))).toEqual(refused);
    expect(nextSlot(slots, [limit(2, 7)], day(7, -1))).toEqual(refused);
    expect(nextSlot(slots, [limit(2, 7)], day(7))).toEqual({ free: true });
  });

  test('the next slot is one that all limits allow', () => {
    const slots = [0, 3, 8, 11, 16, 19].map((days) => sent(days));
    const limits = [limit(2, 7), limit(6, 30)];
    expect(nextSlot(slots, limits, day(20))).toEqual({
      free: false,
      reasons: ['frequency'],
      retryAt: day(30),
    });
  });

  test('G18 a promise counts the messages of its own use only', () => {
    const weekly = limit(1, 7, { reason: 'promised-frequency', per: 'use' });
    expect(nextSlot([sent(0)], [weekly], day(1))).toEqual({ free: true });
    expect(nextSlot([sent(0, { same: true })], [weekly], day(1))).toEqual({
      free: false,
      reasons: ['promised-frequency'],
      retryAt: day(7),
    });
  });

  test('a message planned for later keeps its window too', () => {
    expect(nextSlot([sent(5)], [limit(1, 7)], day(0))).toEqual({
      free: false,
      reasons: ['frequency'],
      retryAt: day(12),
    });
  });

  test('a reservation counts until its time is out, to the millisecond', () => {
    const until = day(0, 900_000);
    const slots = [sent(0, { until })];
    expect(nextSlot(slots, [limit(1, 7)], day(0, 899_999))).toMatchObject({ free: false, retryAt: until });
    expect(nextSlot(slots, [limit(1, 7)], until)).toEqual({ free: true });
  });

  test('a limit of none never opens; each limit that refuses is named once', () => {
    const none = limit(0, 30, { reason: 'unanswered' });
    expect(nextSlot([], [none], START)).toEqual({ free: false, reasons: ['unanswered'] });
    const limits = [limit(1, 7), limit(1, 30), limit(1, 7, { reason: 'own-wish' }), none];
    expect(nextSlot([sent(0)], limits, day(1))).toEqual({
      free: false,
      reasons: ['frequency', 'own-wish', 'unanswered'],
    });
  });
});

test('whoever sends whenever a slot is free never sends more than any limit says, and never waits in vain', () => {
  const limits = fc.array(
    fc.record({ count: fc.integer({ min: 1, max: 4 }), days: fc.integer({ min: 1, max: 30 }) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  const attempts = fc.array(fc.integer({ min: 0, max: 60 * 24 }), { maxLength: 60 });
  fc.assert(
    fc.property(limits, attempts, (caps, hours) => {
      const all = caps.map(({ count, days }) => limit(count, days));
      const slots: CountedSlot[] = [];
      for (const hour of hours) {
        const at = plus(START, hour * 3_600_000);
        const answer = nextSlot(slots, all, at);
        if (answer.free) slots.push({ at, same: false });
        const next = answer.free ? answer : nextSlot(slots, all, answer.retryAt ?? '');
        expect(next).toEqual({ free: true });
      }
      const times = slots.map((slot) => toMs(slot.at)).sort((a, b) => a - b);
      for (const { count, days } of caps) {
        for (const [position, first] of times.entries()) {
          const within = times.slice(position).filter((time) => time < first + days * DAY);
          expect(within.length).toBeLessThanOrEqual(count);
        }
      }
    }),
    { numRuns: 300 },
  );
});
