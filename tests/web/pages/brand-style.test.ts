import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { wcagContrast } from 'culori';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { BACKGROUNDS, brandColours } from '../../../shared/settings/brand-colours.ts';
import { brandStyleSheet } from '../../../web/components/brand-style.ts';

const SITE_CSS = readFileSync(new URL('../../../web/assets/site.css', import.meta.url), 'utf8');
const THEMES = ['light', 'dark'] as const;
const AA = 4.5;

const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('a brand colour', () => {
  test('A1 is legible on page and surface, and text on it is legible, whatever the colour', () => {
    fc.assert(
      fc.property(hex, fc.constantFrom(...THEMES), (colour, theme) => {
        const { fill, onFill, text } = brandColours(colour, theme);
        expect(wcagContrast(text, BACKGROUNDS[theme].page)).toBeGreaterThanOrEqual(AA);
        expect(wcagContrast(text, BACKGROUNDS[theme].surface)).toBeGreaterThanOrEqual(AA);
        expect(wcagContrast(onFill, fill)).toBeGreaterThanOrEqual(AA);
      }),
      { numRuns: 300 },
    );
  });

  test.each(['#ffffff', '#000000', '#ffff00', '#00ff00', '#808080', '#ff00ff', '#0000ff', '#fefefe'])(
    'A1 %s is corrected in both themes and stays visible as a button',
    (colour) => {
      for (const theme of THEMES) {
        const { fill, onFill, text } = brandColours(colour, theme);
        expect(wcagContrast(text, BACKGROUNDS[theme].surface)).toBeGreaterThanOrEqual(AA);
        expect(wcagContrast(onFill, fill)).toBeGreaterThanOrEqual(AA);
        expect(wcagContrast(fill, BACKGROUNDS[theme].page)).toBeGreaterThan(1.2);
      }
    },
  );

  test('stays as it is where it is legible already', () => {
    expect(brandColours('#0b6e75', 'light')).toEqual({ fill: '#0b6e75', onFill: '#ffffff', text: '#0b6e75' });
  });

  test('keeps a bright fill and puts dark text on it', () => {
    const { fill, onFill } = brandColours('#ffcc00', 'light');
    expect(wcagContrast(fill, '#ffcc00')).toBeLessThan(1.1);
    expect(wcagContrast(onFill, '#000000')).toBeLessThan(1.2);
  });

  test('becomes a style sheet of custom properties and nothing else', () => {
    expect(brandStyleSheet('#0b6e75')).toMatch(
      /^:root\{(--(brand|brand-text|on-brand):light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\);?){3}\}$/,
    );
  });
});

describe('the style sheet', () => {
  test('is at most 8 KB gzip', () => {
    expect(gzipSync(SITE_CSS, { level: 9 }).length).toBeLessThanOrEqual(8 * 1024);
  });

  const token = (name: string) => {
    const found = new RegExp(`--${name}:\\s*light-dark\\((#[0-9a-f]{6}),\\s*(#[0-9a-f]{6})\\)`).exec(
      SITE_CSS,
    );
    return { light: found?.[1] ?? '', dark: found?.[2] ?? '' };
  };

  test('has the backgrounds that brand colours are made for', () => {
    for (const name of ['page', 'surface'] as const) {
      expect(token(name)).toEqual({ light: BACKGROUNDS.light[name], dark: BACKGROUNDS.dark[name] });
    }
  });

  test.each(['ink', 'quiet', 'alarm', 'brand-text'])(
    'A1 %s is legible on page and surface in both themes',
    (name) => {
      for (const theme of THEMES) {
        for (const background of Object.values(BACKGROUNDS[theme])) {
          expect(wcagContrast(token(name)[theme], background)).toBeGreaterThanOrEqual(AA);
        }
      }
    },
  );

  test('A1 the edge of a field stands out 3:1', () => {
    for (const theme of THEMES) {
      expect(wcagContrast(token('edge')[theme], BACKGROUNDS[theme].page)).toBeGreaterThanOrEqual(3);
    }
  });

  test('loads nothing', () => {
    expect(SITE_CSS).not.toMatch(/url\(|@import|@font-face/);
  });
});
