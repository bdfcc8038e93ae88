import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';
import * as z from 'zod';

/** What our requirements name of OWASP ASVS 5.0.0, by requirement. */
const NAMED = {
  D2: ['1.2.10'],
  T1: ['3.5.3'],
  T2: ['6.5.1', '6.5.2', '6.5.3', '7.2.3', '11.2.4', '15.4.2'],
  T3: ['14.2.1', '14.2.3', '14.3.2', '3.4.5'],
  T4: ['6.5.5', '6.6.2', '6.6.3', '6.3.6'],
  T5: '3.3.1 3.3.2 3.3.3 3.3.4 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.5.1'.split(' '),
  T6: ['6.3.8'],
  T7: ['2.4.1', '6.6.3'],
  T8: ['15.3.4'],
  T9: ['3.5.1', '3.5.2'],
  T10: ['3.4.2'],
  T11: ['3.4.1', '3.4.3', '3.4.4', '3.4.6', '3.4.8'],
  T12: ['3.7.2', '1.3.6'],
  T13: ['1.2.1', '1.2.2', '1.3.7', '1.3.11', '1.2.10', '15.3.3'],
  T15: [
    ...['16.2.5', '16.3.1', '16.3.2', '16.3.3', '16.5.1'],
    ...['14.2.1', '14.2.2', '14.2.3', '14.2.4', '14.2.5', '14.2.6', '14.2.7', '14.2.8'],
  ],
  T16: [
    ...['2.1.3', '2.2.1', '2.2.2', '2.3.1', '2.3.2', '2.3.3', '3.2.1', '3.6.1', '4.1.1', '4.1.3', '4.1.4'],
    ...['6.4.1', '8.2.1', '8.2.2', '8.2.3', '8.3.1', '8.4.1', '9.1.1', '9.1.2', '9.1.3'],
    ...['9.2.1', '9.2.2', '9.2.3', '11.2.3', '13.3.1', '14.2.6', '14.2.7', '15.3.6', '16.2.1', '16.5.3'],
  ],
  W6: ['16.5.1'],
  W9: ['6.5.2', '11.2.4', '13.3.1', '9.1.1', '9.1.2', '9.1.3', '9.2.1', '9.2.2', '9.2.3', '9.2.4'],
  N10: ['8.4.1'],
};

const line = z.string().regex(/^\S.{3,139}$/);
const proof = z.union([
  /** The title of a test, of a group of tests or of a row of `test.each`, or how it begins. */
  z.strictObject({ file: z.string().regex(/^tests\/.*\.test\.tsx?$/), test: line }),
  z.strictObject({ file: z.string().regex(/^docs\/.*\.md$/), says: line }),
]);
const proofs = z.array(proof).min(1);
/** `not` says why we do otherwise; what stands beside it shows how. */
const coverage = z.record(
  z.string().regex(/^\d+\.\d+\.\d+$/),
  z.union([
    z.strictObject({ asks: line, proof: proofs }),
    z.strictObject({ asks: line, not: line, proof: proofs.optional() }),
  ]),
);

const root = new URL('../', import.meta.url);
const covered = coverage.parse(
  JSON.parse(readFileSync(new URL('../docs/asvs.json', import.meta.url), 'utf8')),
);

/** Whether the file is there and holds the title, as a text that begins so, or the words. */
function holds(named: z.infer<typeof proof>): boolean {
  const file = new URL(named.file, root);
  if (!existsSync(file)) return false;
  const text = readFileSync(file, 'utf8');
  if ('says' in named) return text.includes(named.says);
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${named.test}`));
}

test('T16 every id that the requirements name is there, and no other', () => {
  const named = [...new Set(Object.values(NAMED).flat())];
  expect(Object.keys(covered).toSorted()).toEqual(named.toSorted());
});

describe('T16 what proves it is there', () => {
  test.each(Object.entries(covered))('%s', (_, { proof: named = [] }) => {
    expect(named.filter((each) => !holds(each))).toEqual([]);
  });

  test('a file, a title or words that are missing would be told', () => {
    const file = 'tests/asvs.test.ts';
    // Put together here, so that this very file does not hold it.
    const absent = ['no', 'such', 'title'].join(' ');
    expect(holds({ file, test: 'T16 every id' })).toBe(true);
    expect(holds({ file, test: absent })).toBe(false);
    expect(holds({ file: 'tests/gone.test.ts', test: 'T16 every id' })).toBe(false);
    expect(holds({ file: 'docs/limits.md', says: '# Limits' })).toBe(true);
    expect(holds({ file: 'docs/limits.md', says: absent })).toBe(false);
  });
});
