import { describe, expect, test } from 'vitest';

import { parseDuration } from '../../../infra/local/duration.ts';

const HOUR = 3_600_000;

describe('ISO 8601 durations', () => {
  test.each([
    ['PT72H', 72 * HOUR],
    ['P1D', 24 * HOUR],
    ['P2W', 336 * HOUR],
    ['PT15M', HOUR / 4],
    ['P1DT2H30M5S', 26.5 * HOUR + 5_000],
    ['PT0S', 0],
  ])('%s is read', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', 'P', 'PT', 'P1DT', 'P1M', 'P1Y', '-P1D', 'PT-1H', 'pt1h', '72', 'PT1.5H', 'P1D '])(
    '"%s" is refused',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});
