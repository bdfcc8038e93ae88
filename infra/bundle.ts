import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';
import * as z from 'zod';

import { disposableList } from '../shared/contacts/disposable.ts';
import { writeApiDocuments } from './api-documents.ts';
import type { FunctionName } from './functions.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** esbuild options of every function, for CDK, the local system, the size budget and the bench alike (F4). */
export const BUNDLE_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  mainFields: ['module', 'main'],
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
  legalComments: 'none',
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
} as const satisfies BuildOptions;

/**
 * Lambda only: credentials come from the environment, so the default chain (130 KiB) is left out; so are the cache of
 * endpoint discovery (8 KiB), which DynamoDB does not use unless asked to, event streams (20 KiB) and what writes
 * JSON schemas (18 KiB).
 */
export const LAMBDA_STAND_INS = [
  { importing: /^@aws-sdk\/credential-provider-node$/, file: join(root, 'infra/lambda-credentials.ts') },
  { importing: /^@aws-sdk\/endpoint-cache$/, file: join(root, 'infra/lambda-endpoint-cache.ts') },
  { importing: /^@smithy\/core\/event-streams$/, file: join(root, 'infra/lambda-event-streams.ts') },
  {
    importing: /\/(json-schema-processors|to-json-schema)\.js$/,
    file: join(root, 'infra/lambda-json-schema.ts'),
  },
] as const;

const LAMBDA_OPTIONS = {
  plugins: LAMBDA_STAND_INS.map(({ importing, file }): Plugin => ({
    name: file,
    setup: ({ onResolve }) => onResolve({ filter: importing }, () => ({ path: file })),
  })),
  // Zod names each of its processors; the one file in their place has none.
  logOverride: { 'import-is-undefined': 'silent' },
} as const satisfies BuildOptions;

export function entryOf(name: FunctionName): string {
  return join(root, 'functions', `${name}.ts`);
}

/**
 * Builds one function into `<folder>/index.mjs` with its static files beside it.
 * @returns the path of the bundle and esbuild's account of what is in it
 */
export async function buildFunction(
  name: FunctionName,
  folder: string,
  { lambda, sourcemap = false }: { lambda: boolean; sourcemap?: boolean },
): Promise<{ file: string; metafile: Metafile }> {
  const file = join(folder, 'index.mjs');
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    ...(lambda ? LAMBDA_OPTIONS : {}),
    entryPoints: [entryOf(name)],
    outfile: file,
    metafile: true,
    sourcemap,
  });
  await writeAssets(name, join(folder, 'assets'));
  return { file, metafile };
}

/** The static files of one function. */
export async function writeAssets(name: FunctionName, to: string): Promise<void> {
  await copyAssets(to);
  if (name === 'api') await writeApiDocuments(to);
}

/** Copies what pages and rules read from files: style sheet, embed script, list of disposable domains. */
export async function copyAssets(to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const from = join(root, 'web/assets');
  for (const file of await readdir(from)) await cp(join(from, file), join(to, file));
  await writeFile(join(to, 'disposable-domains.bin'), disposableDomains());
}

let disposable: Buffer | undefined;

/** Hashed once per process: 120,000 domains take a fifth of a second. */
function disposableDomains(): Buffer {
  const require = createRequire(import.meta.url);
  const listed = ['disposable-email-domains', 'disposable-email-domains/wildcard.json'];
  return (disposable ??= disposableList(listed.flatMap((name) => z.array(z.string()).parse(require(name)))));
}
