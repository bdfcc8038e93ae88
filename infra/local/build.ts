import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, stop } from 'esbuild';

import { BUNDLE_OPTIONS, entryOf, writeAssets } from '../bundle.ts';
import { FUNCTIONS } from '../functions.ts';
import type { FunctionName } from '../functions.ts';

export type Built = { functions: ReadonlyMap<FunctionName, string>; dev: string };

const DEV = fileURLToPath(new URL('./dev/app.tsx', import.meta.url));

/**
 * Builds all functions and the pages under `/dev` into `<outDir>/<name>/index.mjs`. The bundles are those of the CDK
 * build, byte for byte, but for its Lambda-only stand-ins; one run for all of them reads each source only once.
 */
export async function buildAll(outDir: string): Promise<Built> {
  const names = Object.keys(FUNCTIONS).filter((name): name is FunctionName => name in FUNCTIONS);
  const entries = [
    ...names.map((name) => ({ out: `${name}/index`, in: entryOf(name) })),
    { out: 'dev/index', in: DEV },
  ];
  const fileOf = (name: string) => join(outDir, name, 'index.mjs');
  await Promise.all([
    build({ ...BUNDLE_OPTIONS, entryPoints: entries, outdir: outDir, outExtension: { '.js': '.mjs' } }),
    ...names.map((name) => writeAssets(name, join(outDir, name, 'assets'))),
  ]);
  await stop();
  return { functions: new Map(names.map((name) => [name, fileOf(name)])), dev: fileOf('dev') };
}
