import { readFile, rename, writeFile } from 'node:fs/promises';

import type * as z from 'zod';

/** Reads a JSON file; undefined where there is none. Throws where it is not what `schema` says. */
export async function readJson<S extends z.ZodType>(
  path: string,
  schema: S,
): Promise<z.infer<S> | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a JSON file so that a reader, even after kill -9, finds the old or the new state, never half of one. */
export async function writeJson(path: string, value: unknown, mode = 0o644): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, JSON.stringify(value), { mode });
  await rename(draft, path);
}
