import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { LAMBDA_STAND_INS, buildFunction } from '../../infra/bundle.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { ROUTES } from '../../infra/triggers.ts';
import type { FunctionName } from '../../infra/functions.ts';
import { functionEnvironment } from '../../infra/local/environment.ts';

const KIB = 1024;
const BUDGET = 400 * KIB;
/** What is known to be big: DynamoDB's client and what it stands on, validation, and SES where mail is sent. */
const BIG = new Set([
  '@smithy/core',
  'zod',
  '@aws-sdk/core',
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-sesv2',
]);
const NAMES = Object.keys(FUNCTIONS).filter((name): name is FunctionName => name in FUNCTIONS);
/** Ours, in the place of something bigger. */
const standIns = LAMBDA_STAND_INS.map(({ file }) => file);
const HTTP = [...new Set(ROUTES.map((route) => route.function))];

type Bundle = { name: FunctionName; file: string; bytes: number; metafile: Metafile };
let dir = '';
let bundles: Bundle[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assent-bundles-'));
  bundles = await Promise.all(
    NAMES.map(async (name) => {
      const { file, metafile } = await buildFunction(name, join(dir, name), { lambda: true });
      return { name, file, metafile, bytes: (await readFile(file)).length };
    }),
  );
}, 120_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

function bundleOf(name: FunctionName): Bundle {
  const found = bundles.find((bundle) => bundle.name === name);
  if (!found) throw new Error(`${name} was not built`);
  return found;
}

/** Sources that left something in a bundle, with the bytes they take there. */
function sourcesOf({ metafile }: Bundle): [string, number][] {
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]): [string, number][] =>
      bytesInOutput > 0 ? [[path, bytesInOutput]] : [],
    ),
  );
}

/** Bytes by package; our own sources count by their folder. */
function bytesByOrigin(bundle: Bundle): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [path, bytes] of sourcesOf(bundle)) {
    const origin = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.split('/')[0] ?? path;
    sums.set(origin, (sums.get(origin) ?? 0) + bytes);
  }
  return sums;
}

describe('the bundles that Lambda gets', () => {
  test.each(HTTP)('%s stays under 400 KiB', (name) => {
    expect(bundleOf(name).bytes).toBeLessThanOrEqual(BUDGET);
  });

  test('only mail and nightly carry the SES client', () => {
    const carriers = bundles.filter((bundle) => bytesByOrigin(bundle).has('@aws-sdk/client-sesv2'));
    expect(carriers.map(({ name }) => name)).toEqual(['mail', 'nightly']);
  });

  test.each(NAMES)('%s holds nothing of the local system, of tests or of the tools', (name) => {
    const foreign = sourcesOf(bundleOf(name))
      .map(([path]) => path)
      .filter((path) =>
        /(^|\/)(infra|tests)\/|node_modules\/(vitest|esbuild|fast-check|culori|aws-cdk)/.test(path),
      )
      .filter((path) => !standIns.some((standIn) => standIn.endsWith(path)));
    expect(foreign).toEqual([]);
  });

  test.each(NAMES)('%s does not know the path /dev', async (name) => {
    expect(await readFile(bundleOf(name).file, 'utf8')).not.toMatch(/["'`]\/dev[/"'`]/);
  });

  test.each(NAMES)(
    '%s takes its credentials from the environment, without the chain of providers',
    (name) => {
      const origins = [...bytesByOrigin(bundleOf(name)).keys()];
      expect(origins.filter((origin) => /credential-provider|nested-clients/.test(origin))).toEqual([]);
    },
  );

  test.each(NAMES)('no package beyond the known ones takes more than 60 KiB of %s', (name) => {
    const big = [...bytesByOrigin(bundleOf(name))]
      .filter(([origin, bytes]) => bytes > 60 * KIB && !BIG.has(origin))
      .filter(([origin]) => !['functions', 'shared', 'web'].includes(origin));
    expect(big).toEqual([]);
  });

  test.each(NAMES)(
    '%s loads by itself with the environment of its construct and offers a handler',
    async (name) => {
      const env = functionEnvironment({
        baseUrl: 'https://assent.example',
        dynamodb: 'http://127.0.0.1:9',
        ses: 'http://127.0.0.1:9',
        secretsFile: join(dir, 'secrets.json'),
        signingKeyFile: join(dir, 'signing-key.json'),
        rootsFolder: join(dir, 'roots'),
      });
      const script = `const { handler } = await import(${JSON.stringify(pathToFileURL(bundleOf(name).file).href)});
      console.log(typeof handler);`;
      const args = ['--input-type=module', '-e', script];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env });
      expect(stdout.trim()).toBe('function');
    },
  );
});
