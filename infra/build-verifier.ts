import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds the verifier as one file that needs Node alone, to hand to others. */
export async function buildVerifier(outfile: string): Promise<void> {
  await build({
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    mainFields: ['module', 'main'],
    legalComments: 'eof',
    entryPoints: [`${root}infra/verify-evidence.ts`],
    outfile,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outfile = process.argv[2] ?? 'dist/assent-verify.mjs';
  await buildVerifier(outfile);
  console.log(`Built ${outfile}`);
}
