import { join } from 'node:path';

import { build } from 'esbuild';

import { BUNDLE_OPTIONS } from '../bundle.ts';

/** The least that a web function can be with this framework: what ours are compared with. */
const SOURCE = `
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.all("*", (c) => c.html("<!doctype html><title>Hello</title><p>Hello"));
export const handler = handle(app);
`;

/** Builds a function of hono alone into `<outDir>/hono-only/index.mjs`. */
export async function buildHonoOnly(outDir: string): Promise<string> {
  const outfile = join(outDir, 'hono-only', 'index.mjs');
  await build({
    ...BUNDLE_OPTIONS,
    stdin: { contents: SOURCE, resolveDir: import.meta.dirname, sourcefile: 'hono-only.js' },
    outfile,
  });
  return outfile;
}
