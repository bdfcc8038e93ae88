import { readAsset } from '../shared/platform/assets.ts';
import { sha256 } from '../shared/platform/ids.ts';
import type { Brand } from '../shared/settings/brand.ts';
import type { Language } from '../shared/settings/language.ts';
import type { NeutralContext, PageContext } from './components/layout.tsx';

export type StaticAsset = { body: string; hash: string };
export type AssetName = 'site.css' | 'embed.js';

const read = new Map<AssetName, StaticAsset>();

/** A shipped text file and a short hash of it for its address; read on first use. */
export function staticAsset(name: AssetName): StaticAsset {
  const known = read.get(name);
  if (known) return known;
  const body = readAsset(name).toString('utf8');
  const asset = { body, hash: shortHash(body) };
  read.set(name, asset);
  return asset;
}

/** Changes whenever the brand's style sheet does. */
export function brandStyleVersion({ colour }: Brand): string {
  return shortHash(colour);
}

/** What a page of this brand needs to know. */
export function pageContext(brand: Brand, language: Language): PageContext {
  const logo = brand.logo && `/assets/brand/${brand.id}.logo?v=${shortHash(brand.logo.base64)}`;
  return {
    brand,
    language,
    assets: {
      ...neutralContext(language).assets,
      brandCss: `/assets/brand/${brand.id}.${brandStyleVersion(brand)}.css`,
      ...(logo ? { logo } : {}),
    },
  };
}

/** The same where we cannot know the brand. */
export function neutralContext(language: Language): NeutralContext {
  return { language, assets: { css: `/assets/site.${staticAsset('site.css').hash}.css` } };
}

function shortHash(text: string): string {
  return sha256(text).slice(0, 12);
}
