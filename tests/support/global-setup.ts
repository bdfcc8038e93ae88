import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { copyAssets } from '../../infra/bundle.ts';

/** Builds the static files once per run, in a folder of its own: two runs at a time do not disturb each other. */
export default async function buildAssets(): Promise<() => Promise<void>> {
  const folder = fileURLToPath(
    new URL(`../../node_modules/.cache/assent-assets/${process.pid}`, import.meta.url),
  );
  await copyAssets(folder);
  process.env['ASSENT_ASSETS'] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
