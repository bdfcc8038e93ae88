import { formatHex, oklch, wcagContrast } from 'culori';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { contrast, toHex, toOklch } from '../../shared/settings/oklch.ts';

const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

test('a colour goes to OKLCH and back unchanged, as an independent library has it', () => {
  fc.assert(
    fc.property(hex, (colour) => {
      const ours = toOklch(colour);
      const theirs = oklch(colour);
      expect(ours.l).toBeCloseTo(theirs?.l ?? -1, 4);
      expect(ours.c).toBeCloseTo(theirs?.c ?? -1, 4);
      expect(toHex(ours)).toBe(formatHex(colour));
    }),
    { numRuns: 500 },
  );
});

test('contrast is that of WCAG 2.2', () => {
  fc.assert(
    fc.property(hex, hex, (one, other) => {
      expect(contrast(one, other)).toBeCloseTo(wcagContrast(one, other), 1);
    }),
  );
});

test('chroma gives way where no screen shows the colour; lightness and hue stay', () => {
  const shown = toOklch(toHex({ l: 0.6, c: 0.5, h: 2 }));
  expect(shown.l).toBeCloseTo(0.6, 2);
  expect(shown.h).toBeCloseTo(2, 1);
  expect(shown.c).toBeLessThan(0.5);
});
