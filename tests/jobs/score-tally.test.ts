import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { NO_SCORES, addMoves, crosses, scoreTally } from '../../shared/jobs/score-tally.ts';
import type { ScoreMove } from '../../shared/jobs/score-tally.ts';
import { ACTIONS, BANDS, GRADES } from '../../shared/settings/scoring.ts';

type Says = ScoreMove['before'];
const COLD: Says = { total: 12.5, band: 4, grade: 'C', action: 'none', isMql: false };
const RIPE: Says = { total: 61, band: 2, grade: 'B', action: 'inside-sales', isMql: true };
const page = (from: number, count: number, before: Says, after: Says) =>
  Array.from({ length: count }, (_, at) => ({ id: `con_${from + at}`, moved: { before, after } }));

describe('what rules do to all scores together', () => {
  test('is told by who crosses the threshold, and from where to where', () => {
    const first = addMoves(NO_SCORES, [...page(0, 2, COLD, RIPE), ...page(2, 1, RIPE, COLD)]);
    const both = addMoves(first, [...page(3, 3, COLD, COLD), ...page(6, 1, RIPE, RIPE), { id: 'con_7' }]);
    expect(both).toEqual({
      mql: {
        becomes: { count: 2, samples: ['con_0', 'con_1'] },
        stops: { count: 1, samples: ['con_2'] },
        stays: 1,
        none: 3,
      },
      bands: [
        { from: 2, to: 2, count: 1 },
        { from: 2, to: 4, count: 1 },
        { from: 4, to: 2, count: 2 },
        { from: 4, to: 4, count: 3 },
      ],
      grades: [
        { from: 'B', to: 'B', count: 1 },
        { from: 'B', to: 'C', count: 1 },
        { from: 'C', to: 'B', count: 2 },
        { from: 'C', to: 'C', count: 3 },
      ],
      actions: [
        { from: 'inside-sales', to: 'inside-sales', count: 1 },
        { from: 'inside-sales', to: 'none', count: 1 },
        { from: 'none', to: 'inside-sales', count: 2 },
        { from: 'none', to: 'none', count: 3 },
      ],
      totals: [
        { from: 10, before: 5, after: 4 },
        { from: 60, before: 2, after: 3 },
      ],
    });
    expect([crosses({ before: COLD, after: RIPE }), crosses({ before: RIPE, after: RIPE })]).toEqual([
      true,
      false,
    ]);
  });

  test.each([
    [-0.01, -10],
    [0, 0],
    [9.99, 0],
    [10, 10],
    [-5_000, -200],
    [1_000, 1_000],
    [90_000, 1_000],
  ])('a total of %d stands in the step from %d', (total, from) => {
    const { totals } = addMoves(NO_SCORES, page(0, 1, { ...COLD, total }, { ...COLD, total }));
    expect(totals).toEqual([{ from, before: 1, after: 1 }]);
  });

  test('shows the first twenty either way, and is the same however contacts fall into pages', () => {
    const says = fc.record({
      total: fc.double({ min: -400, max: 1_200, noNaN: true }),
      band: fc.constantFrom(...BANDS),
      grade: fc.constantFrom(...GRADES),
      action: fc.constantFrom(...ACTIONS),
      isMql: fc.boolean(),
    });
    const moves = fc.array(fc.record({ id: fc.uuid(), moved: fc.record({ before: says, after: says }) }), {
      maxLength: 200,
      size: 'max',
    });
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 30 }), (contacts, size) => {
        let paged = NO_SCORES;
        for (let at = 0; at < contacts.length; at += size) {
          paged = addMoves(paged, contacts.slice(at, at + size));
        }
        expect(paged).toEqual(addMoves(NO_SCORES, contacts));
        expect(scoreTally.parse(paged)).toEqual(paged);
        expect(paged.mql.becomes.samples).toHaveLength(Math.min(20, paged.mql.becomes.count));
      }),
      { numRuns: 30 },
    );
  });
});
