import { brandColours } from '../../shared/settings/brand-colours.ts';
import type { BrandColours } from '../../shared/settings/brand-colours.ts';

/** The style sheet of a brand: custom properties for both themes, on top of `site.css`. */
export function brandStyleSheet(colour: string): string {
  const [light, dark] = [brandColours(colour, 'light'), brandColours(colour, 'dark')];
  const both = (part: keyof BrandColours) => `light-dark(${light[part]},${dark[part]})`;
  return `:root{--brand:${both('fill')};--brand-text:${both('text')};--on-brand:${both('onFill')}}`;
}
