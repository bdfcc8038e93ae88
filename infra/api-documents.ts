import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';
import * as z from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const generator = z.object({ apiDocuments: z.custom<() => unknown>((value) => typeof value === 'function') });
const documents = z.record(z.string(), z.string());

/**
 * Writes what describes the API, made from the endpoints themselves (W10). Its generator runs here and is in no
 * bundle; Node alone cannot load it, because some of the endpoints render pages.
 */
export async function writeApiDocuments(to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const [name, text] of Object.entries(await makeDocuments())) await writeFile(join(to, name), text);
}

let made: Promise<Record<string, string>> | undefined;

/** Once per process. */
function makeDocuments(): Promise<Record<string, string>> {
  return (made ??= runGenerator());
}

async function runGenerator(): Promise<Record<string, string>> {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  // Inside the repository, where packages are found, and beside the static files that it links to by their hash.
  const dir = await mkdtemp(join(cache, 'assent-api-'));
  try {
    const outfile = join(dir, 'documents.mjs');
    await symlink(join(root, 'web/assets'), join(dir, 'assets'));
    await build({
      entryPoints: [join(root, 'web/api/documents.tsx')],
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      jsx: 'automatic',
      jsxImportSource: 'hono/jsx',
    });
    const { apiDocuments } = generator.parse(await import(pathToFileURL(outfile).href));
    return documents.parse(apiDocuments());
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
