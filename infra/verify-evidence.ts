import { readFile } from 'node:fs/promises';

import { jwkSet } from '../shared/platform/jwk.ts';
import { verifyPack } from '../shared/evidence/verify-pack.ts';

const USAGE = 'usage: verify-evidence PACK.json [--keys JWKS.json]';
const WORDS = { pass: 'PASS', fail: 'FAIL', open: 'OPEN' } as const;

/** Verifies an evidence pack from a file: 0 it holds, 1 it does not, 2 it could not be read. */
async function main(args: readonly string[]): Promise<number> {
  const [pack, flag, keys, ...rest] = args;
  if (pack === undefined || rest.length > 0 || (flag !== undefined && (flag !== '--keys' || !keys))) {
    console.error(USAGE);
    return 2;
  }
  const trusted = keys === undefined ? undefined : jwkSet.parse(await readJson(keys)).keys;
  const steps = verifyPack(await readJson(pack), trusted);
  for (const { step, verdict, detail } of steps) {
    console.log(`${WORDS[verdict]}  ${step.padEnd(10)}  ${detail}`);
  }
  const holds = steps.every(({ verdict }) => verdict !== 'fail');
  console.log(holds ? 'The evidence holds.' : 'The evidence does NOT hold.');
  return holds ? 0 : 1;
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
