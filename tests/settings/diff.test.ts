import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { diff } from '../../shared/settings/diff.ts';

describe('the difference between two documents', () => {
  test.each([
    ['nothing', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['a changed value', { a: 1 }, { a: 2 }, [{ pointer: '/a', from: 1, to: 2 }]],
    ['a new member', {}, { a: { b: 1 } }, [{ pointer: '/a', to: { b: 1 } }]],
    ['a member that is gone', { a: false }, {}, [{ pointer: '/a', from: false }]],
    [
      'an entry of a list',
      { a: [1, 2] },
      { a: [1, 3, 4] },
      [
        { pointer: '/a/1', from: 2, to: 3 },
        { pointer: '/a/2', to: 4 },
      ],
    ],
    [
      'a list that became an object',
      { a: [1] },
      { a: { 0: 1 } },
      [{ pointer: '/a', from: [1], to: { 0: 1 } }],
    ],
    [
      'names that a pointer must escape',
      { 'a/b~c': 1 },
      { 'a/b~c': 2 },
      [{ pointer: '/a~1b~0c', from: 1, to: 2 }],
    ],
    ['a new document', undefined, { a: 1 }, [{ pointer: '', to: { a: 1 } }]],
  ])('is %s', (_, from, to, expected) => expect(diff(from, to)).toEqual(expected));

  test('is empty for equal documents alone', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(diff(a, structuredClone(a))).toEqual([]);
        expect(diff(a, b).length === 0).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
      }),
    );
  });
});

/** Order of members makes no difference, and JSON knows no −0. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, sorted(member)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
