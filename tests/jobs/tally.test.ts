import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { OUTCOMES, addMarks } from '../../shared/jobs/tally.ts';
import type { Mark, Tally } from '../../shared/jobs/tally.ts';

const allowed: Mark = { brand: 'nordlicht', use: 'newsletter', outcome: 'allowed' };
const refused = (reason: string): Mark => ({ ...allowed, outcome: 'refused', reason });
const page = (from: number, count: number, ...marks: Mark[]) =>
  Array.from({ length: count }, (_, at) => ({ id: `con_${from + at}`, marks }));

describe('tallies', () => {
  test('count by use, outcome and reason, page after page', () => {
    const first = addMarks([], [...page(0, 2, allowed), ...page(2, 1, refused('hold'))]);
    const both = addMarks(first, [...page(3, 1, allowed), ...page(4, 3, refused('blocked'))]);
    expect(both.map(({ outcome, reason, count }) => [outcome, reason, count])).toEqual([
      ['allowed', undefined, 3],
      ['refused', 'hold', 1],
      ['refused', 'blocked', 3],
    ]);
    expect(both[0]?.samples).toEqual(['con_0', 'con_1', 'con_3']);
  });

  test('leave what they were made from as it was', () => {
    const first = addMarks([], page(0, 1, allowed));
    const before = structuredClone(first);
    addMarks(first, page(1, 1, allowed));
    expect(first).toEqual(before);
  });

  test('show the first twenty ids of a line, none of those left as they are, and two thousand in all', () => {
    expect(addMarks([], page(0, 30, allowed))[0]?.samples).toHaveLength(20);
    expect(addMarks([], page(0, 30, { ...allowed, outcome: 'stays-allowed' }))[0]?.samples).toEqual([]);
    const many = Array.from({ length: 200 }, (_, at): Mark => ({ ...allowed, use: `use-${at}` }));
    const tallies = addMarks(addMarks([], page(0, 30, ...many)), page(30, 30, ...many));
    expect(tallies.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(2_000);
    expect(tallies.every(({ count }) => count === 60)).toBe(true);
  });

  test('are the same however contacts fall into pages', () => {
    const marked = fc.array(
      fc.record({
        id: fc.uuid(),
        marks: fc.uniqueArray(fc.constantFrom(...OUTCOMES.map((outcome): Mark => ({ ...allowed, outcome })))),
      }),
    );
    fc.assert(
      fc.property(marked, fc.integer({ min: 1, max: 5 }), (contacts, size) => {
        let paged: Tally[] = [];
        for (let at = 0; at < contacts.length; at += size) {
          paged = addMarks(paged, contacts.slice(at, at + size));
        }
        expect(paged).toEqual(addMarks([], contacts));
      }),
    );
  });
});
