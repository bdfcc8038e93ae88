import { describe, expect, test } from 'vitest';

import { verdictOf } from '../../shared/scoring/score.ts';
import { GRADES } from '../../shared/settings/scoring.ts';
import { rules } from '../support/engagement.ts';

const RULES = rules();
const judge = (total: number, grade: (typeof GRADES)[number], topics: Record<string, number> = {}) =>
  verdictOf({ total, topics }, grade, RULES);

describe('bands (DOMAIN 6)', () => {
  test.each([
    [1_000, 1],
    [100, 1],
    [99.99, 2],
    [60, 2],
    [59.99, 3],
    [30, 3],
    [29.99, 4],
    [0, 4],
    [-50, 4],
  ])('%d points are band %d', (total, band) => {
    expect(judge(total, 'A').band).toBe(band);
  });
});

describe('the sales action (DOMAIN 6)', () => {
  const TABLE = {
    '1A': 'key-account',
    '1B': 'field-sales',
    '1C': 'inside-sales',
    '1D': 'nurture',
    '2A': 'field-sales',
    '2B': 'inside-sales',
    '2C': 'inside-sales',
    '2D': 'nurture',
    '3A': 'inside-sales',
    '3B': 'nurture',
    '3C': 'nurture',
    '3D': 'nurture',
    '4A': 'none',
    '4B': 'none',
    '4C': 'none',
    '4D': 'none',
  };
  test.each(Object.entries(TABLE))('of %s is %s', (cell, action) => {
    const [band, grade] = cell;
    const total = { '1': 100, '2': 60, '3': 30, '4': 0 }[band ?? ''] ?? 0;
    const found = GRADES.find((each) => each === grade);
    if (!found) throw new Error(`no grade ${grade}`);
    expect(judge(total, found)).toMatchObject({ band: Number(band), action });
  });
});

describe('an MQL (DOMAIN 6)', () => {
  test.each([
    ['60 in all and grade C', 60, 'C', {}, { by: 'total' }],
    ['59.99 in all', 59.99, 'C', {}, undefined],
    ['60 in all and grade D', 60, 'D', {}, undefined],
    ['40 in one topic', 45, 'B', { drives: 40, service: 5 }, { by: 'topic', topic: 'drives' }],
    ['39.99 in one topic', 45, 'B', { drives: 39.99 }, undefined],
    ['40 in one topic and grade D', 45, 'D', { drives: 40 }, undefined],
    ['the topic with most points', 59, 'A', { drives: 41, service: 44 }, { by: 'topic', topic: 'service' }],
    [
      'of two alike the first by name',
      59,
      'A',
      { service: 44, drives: 44 },
      { by: 'topic', topic: 'drives' },
    ],
  ] as const)('%s', (_, total, grade, topics, mql) => {
    expect(judge(total, grade, topics).mql).toEqual(mql);
  });
});
