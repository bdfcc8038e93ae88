import { readFileSync } from 'node:fs';

import { optional } from './config.ts';

/** A file that is shipped beside the bundle in `assets/` (or in the folder `ASSENT_ASSETS`). */
export function readAsset(name: string): Buffer {
  const folder = optional('ASSENT_ASSETS');
  return readFileSync(folder ? `${folder}/${name}` : new URL(`./assets/${name}`, import.meta.url));
}
