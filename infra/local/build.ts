import { join } from 'node:path';

import { build, stop } from 'esbuild';
import { fileURLToPath } from 'node:url';

import { BUNDLE_OPTIONS, buildFunction } from '../bundle.ts';
import { FUNCTIONS } from '../functions.ts';
import type { FunctionName } from '../functions.ts';

export type Built = { functions: ReadonlyMap<FunctionName, string>; dev: string };

const DEV = fileURLToPath(new URL('./dev/app.tsx', import.meta.url));

/** Builds all functions as the CDK build does, but for its Lambda-only alias, and the pages under `/dev`. */
export async function buildAll(outDir: string): Promise<Built> {
  const names = Object.keys(FUNCTIONS).filter((name): name is FunctionName => name in FUNCTIONS);
  const dev = join(outDir, 'dev', 'index.mjs');
  const [functions] = await Promise.all([
    Promise.all(
      names.map(async (name) => [name, (await buildFunction(name, outDir, { lambda: false })).file] as const),
    ),
    build({ ...BUNDLE_OPTIONS, entryPoints: [DEV], outfile: dev }),
  ]);
  await stop();
  return { functions: new Map(functions), dev };
}
