import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { buildFunction } from '../../../infra/bundle.ts';
import { buildAll } from '../../../infra/local/build.ts';
import { FUNCTIONS } from '../../../infra/functions.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('one run for all functions makes the very bundles of the CDK build, and none holds anything of /dev', async () => {
  const folder = temporaryFolder();
  const { functions } = await buildAll(folder);
  expect([...functions.keys()]).toEqual(Object.keys(FUNCTIONS));
  const { file } = await buildFunction('signup', join(folder, 'alone'), { lambda: false });
  expect(readFileSync(functions.get('signup') ?? '').equals(readFileSync(file))).toBe(true);
  for (const bundle of functions.values()) expect(readFileSync(bundle, 'utf8')).not.toMatch(/["'`]\/dev\b/);
});
