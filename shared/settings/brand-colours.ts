import { contrast, toHex, toOklch } from './oklch.ts';

/** Backgrounds of `web/assets/site.css`; a test holds the two together. */
export const BACKGROUNDS = {
  light: { page: '#ffffff', surface: '#f3f5f6' },
  dark: { page: '#14181b', surface: '#1e2428' },
} as const;
export type Theme = keyof typeof BACKGROUNDS;

const WHITE = '#ffffff';
const INK = '#0c0f11';
/** WCAG 2.2, 1.4.3, with a hair to spare for rounding to eight bits. */
const TEXT = 4.55;
/** Enough to see where a filled button ends; its border, in the text colour, meets 1.4.11. */
const VISIBLE = 1.25;
const STEP = 0.005;

/** `fill` behind buttons, `onFill` the text on it, `text` for links, borders and focus rings. */
export type BrandColours = { fill: string; onFill: string; text: string };

const known = new Map<string, BrandColours>();

/**
 * A brand's colour for one theme, changed in lightness alone and no more than legibility asks for (hex in, hex out).
 * Found by trying, so each answer is kept: a process meets a handful of brands.
 */
export function brandColours(colour: string, theme: Theme): BrandColours {
  const key = `${theme} ${colour}`;
  const colours = known.get(key) ?? correct(colour, theme);
  known.set(key, colours);
  return colours;
}

function correct(colour: string, theme: Theme): BrandColours {
  const { page, surface } = BACKGROUNDS[theme];
  const away = theme === 'light' ? -STEP : STEP;
  const text = shift(colour, away, (hex) => contrast(hex, page) >= TEXT && contrast(hex, surface) >= TEXT);
  const seen = shift(colour, away, (hex) => contrast(hex, page) >= VISIBLE);
  const onFill = contrast(seen, WHITE) >= TEXT ? WHITE : INK;
  const fill = shift(seen, onFill === WHITE ? -STEP : STEP, (hex) => contrast(hex, onFill) >= TEXT);
  return { fill, onFill, text };
}

/** Moves a colour's lightness step by step until it is good enough; hue stays, chroma gives way to the gamut. */
function shift(colour: string, step: number, enough: (hex: string) => boolean): string {
  let current = toOklch(colour);
  let hex = colour;
  while (!enough(hex)) {
    const l = current.l + step;
    if (l <= 0 || l >= 1) return step < 0 ? '#000000' : WHITE;
    current = { ...current, l };
    hex = toHex(current);
  }
  return hex;
}
