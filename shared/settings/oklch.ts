/** A colour by lightness (0–1), chroma and hue angle (radians), even to the eye (Ottosson's Oklab, 2020). */
export type Oklch = { l: number; c: number; h: number };
type Triple = [number, number, number];

/** @param hex `#rrggbb` */
export function toOklch(hex: string): Oklch {
  const [r, g, b] = linear(hex);
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const l = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
  const a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
  const y = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  return { l, c: Math.hypot(a, y), h: Math.atan2(y, a) };
}

/** The nearest colour a screen can show: lightness and hue stay, chroma gives way. */
export function toHex({ l, c, h }: Oklch): string {
  let [low, high] = [0, c];
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (isShown(toLinear({ l, c: middle, h }))) low = middle;
    else high = middle;
  }
  const shown = toLinear({ l, c: isShown(toLinear({ l, c, h })) ? c : low, h });
  return `#${shown.map((part) => toByte(part).toString(16).padStart(2, '0')).join('')}`;
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function toLinear({ l, c, h }: Oklch): Triple {
  const [a, b] = [c * Math.cos(h), c * Math.sin(h)];
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

function isShown(parts: Triple): boolean {
  return parts.every((part) => part >= -1e-4 && part <= 1 + 1e-4);
}

function linear(hex: string): Triple {
  return [at(hex, 1), at(hex, 3), at(hex, 5)];
}

/** One channel of sRGB, without its gamma (IEC 61966-2-1). */
function at(hex: string, from: number): number {
  const part = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function toByte(part: number): number {
  const clamped = Math.min(Math.max(part, 0), 1);
  const encoded = clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255);
}
