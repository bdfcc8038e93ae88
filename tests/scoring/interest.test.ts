import { describe, expect, test } from 'vitest';

import { countDays } from '../../shared/scoring/day-counts.ts';
import { interestAt } from '../../shared/scoring/interest.ts';
import type { EngagementEvent } from '../../shared/engagement/event.ts';
import { DAY, plus } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { event, mailEvent, rules } from '../support/engagement.ts';

const MONDAY = '2026-11-02T08:00:00.000Z';
const after = (days: number, ms = 0) => plus(MONDAY, days * DAY + ms);
const RULES = rules();

function interest(events: readonly EngagementEvent[], at: Instant, by = RULES) {
  return interestAt(countDays(events, by, at), by, at);
}
const total = (events: readonly EngagementEvent[], at: Instant, by = RULES) => interest(events, at, by).total;

describe('points (DOMAIN 6)', () => {
  test.each([
    ['download', 20],
    ['webinar', 30],
    ['fair-visit', 30],
    ['contact-request', 50],
    ['job-page', -20],
    ['a type that the rules no longer know', 0],
  ])('%s gives %d', (type, points) => {
    expect(total([event(type, MONDAY)], MONDAY)).toBe(points);
  });

  test.each([
    ['open', 5],
    ['click', 10],
  ] as const)('%s of a mail gives %d, once the quiet window is over', (type, points) => {
    const reaction = mailEvent(type, MONDAY);
    expect(total([reaction], after(0, 59_999))).toBe(0);
    expect(total([reaction], after(0, 60_000))).toBe(points);
  });

  test('a click on a page by which people leave gives nothing', () => {
    expect(total([mailEvent('click', MONDAY, { mail: { leaving: true } })], after(1))).toBe(0);
  });

  test('of what a machine did nothing counts', () => {
    const apple = mailEvent('open', MONDAY, { mail: { userAgent: 'Mozilla/5.0' } });
    expect(total([apple], after(1))).toBe(0);
  });
});

describe('silence', () => {
  const sent = mailEvent('delivered', MONDAY);

  test('gives -10 a week after the delivery, not a millisecond before', () => {
    expect(total([sent], after(7, -1))).toBe(0);
    expect(interest([sent], after(7))).toMatchObject({
      total: -10,
      parts: [{ type: 'no-reaction', day: '2026-11-09', count: 1, given: -10, points: -10 }],
    });
  });

  test('is broken by a reaction in time, and not by one that is late', () => {
    const inTime = mailEvent('click', after(7));
    const late = mailEvent('click', after(7, 1));
    expect(total([sent, inTime], after(8))).toBe(9.77);
    expect(total([sent, late], after(8))).toBeCloseTo(9.77 - 9.77, 10);
  });

  test.each([
    ['a machine', { userAgent: 'Mozilla/5.0' }],
    ['leaving', { leaving: true }],
    ['a reaction to another mail', { sendId: 'send_2' }],
  ])('is not broken by %s', (_, mail) => {
    const reaction = mailEvent('open', after(1), { mail });
    expect(interest([sent, reaction], after(7)).parts).toContainEqual(
      expect.objectContaining({ type: 'no-reaction', points: -10 }),
    );
  });

  test('of many mailings on one day is capped', () => {
    const many = [1, 2, 3, 4].map((n) =>
      mailEvent('delivered', after(0, n), { mail: { sendId: `send_${n}`, messageId: `m${n}` } }),
    );
    expect(total(many, after(8))).toBe(-19.54);
  });
});

describe('decay', () => {
  test.each([
    [0, 20],
    [1, 19.54],
    [15, 14.14],
    [30, 10],
    [60, 5],
    [90, 2.5],
  ])('after %d whole days of a half-life of 30 leaves %d of 20', (days, left) => {
    expect(total([event('download', MONDAY)], after(days))).toBe(left);
  });

  test('goes by UTC days: nothing happens within one', () => {
    const late = event('download', '2026-11-02T23:59:59.999Z');
    expect(total([late], '2026-11-02T23:59:59.999Z')).toBe(20);
    expect(total([late], '2026-11-03T00:00:00.000Z')).toBe(19.54);
    expect(total([late], '2026-11-03T23:59:59.999Z')).toBe(19.54);
  });

  test('takes the half-life of the type', () => {
    const [download] = RULES.types.filter(({ id }) => id === 'download');
    const quick = rules({ types: download ? [{ ...download, halfLifeDays: 10 }] : [] });
    expect(total([event('download', MONDAY)], after(10), quick)).toBe(10);
  });
});

describe('caps', () => {
  test('hold per type and day, and each day anew', () => {
    const downloads = [1, 2, 3, 4, 5].map((n) => event('download', after(0, n)));
    expect(total(downloads, after(0, 9))).toBe(60);
    expect(total([...downloads, event('download', after(1))], after(1))).toBe(78.63);
  });

  test('leave other types alone', () => {
    const five = [1, 2, 3, 4, 5].map((n) => event('download', after(0, n)));
    expect(total([...five, event('webinar', MONDAY)], after(0, 9))).toBe(90);
  });

  test('hold for points that are taken away, too', () => {
    const visits = [1, 2, 3].map((n) => event('job-page', after(0, n)));
    expect(total(visits, after(0, 9))).toBe(-20);
  });
});

describe('topics', () => {
  test('are summed beside the whole, each with its own cap', () => {
    const drives = [1, 2, 3, 4].map((n) => event('download', after(0, n), { topics: ['drives'] }));
    const both = event('webinar', MONDAY, { topics: ['drives', 'service'] });
    expect(interest([...drives, both], after(0, 9))).toMatchObject({
      total: 90,
      topics: { drives: 90, service: 30 },
    });
  });

  test('an event counts once in the whole, however many topics it has', () => {
    const both = event('download', MONDAY, { topics: ['drives', 'service', 'drives'] });
    expect(interest([both], MONDAY)).toMatchObject({ total: 20, topics: { drives: 20, service: 20 } });
  });
});

describe('what is to come', () => {
  test('counts nothing before it happens', () => {
    expect(total([event('download', after(1))], MONDAY)).toBe(0);
  });
});
