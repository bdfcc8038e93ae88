import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readKeysArguments } from '../../infra/keys-command.ts';
import { SCOPES } from '../../shared/settings/api-key.ts';
import { startLocalServer } from '../support/local-server.ts';
import type { LocalServer } from '../support/local-server.ts';
import { temporaryFolder } from './local/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KEY = /\bak_[0-9a-f]{12}_[0-9a-f]{48}_[0-9a-f]{8}\b/g;

/** Runs the command as `npm run keys --` does. */
function keys(...args: string[]): Promise<{ code: number; out: string; errors: string }> {
  const command = ['--import', './infra/local/require-node.mjs', 'infra/keys.ts', ...args];
  const env = { ...process.env, DYNAMODB_ENDPOINT: '' };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: ROOT, env }, (_, out, errors) =>
      resolve({ code: child.exitCode ?? -1, out, errors }),
    );
  });
}

describe('npm run keys, beside the local system', () => {
  let server: LocalServer;
  let here: string[];
  beforeAll(async () => {
    server = await startLocalServer();
    here = ['--data', server.dataDir];
  });
  afterAll(() => server.stop());

  const call = (key: string, path = '/v1/reviews') =>
    fetch(server.baseUrl + path, { headers: { authorization: `Bearer ${key}` } });
  const create = async (...more: string[]) => {
    const { code, out } = await keys('create', ...more, ...here);
    expect(code).toBe(0);
    expect(out.match(KEY)).toHaveLength(1);
    const [text = ''] = out.match(KEY) ?? [];
    return { text, id: text.slice(0, 15) };
  };

  test('W9 a new key opens its scopes, is shown once and lies nowhere in clear', async () => {
    const { text, id } = await create('--name', 'crm', '--scopes', 'contacts:read');
    expect((await call(text)).status).toBe(200);
    const refused = await call(text, '/v1/settings/brand');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('settings:read') });
    const { code, out } = await keys('list', ...here);
    expect(code).toBe(0);
    const line = out.split('\n').find((one) => one.startsWith(id));
    expect(line).toMatch(/^ak_\w{12} {2}crm {2}no end {2}used \d{4}-\d\d-\d\d {2}contacts:read$/);
    expect(out).not.toMatch(KEY);
    for (const name of await readdir(server.dataDir, { recursive: true })) {
      const path = join(server.dataDir, name);
      if (!(await stat(path)).isFile()) continue;
      expect([name, (await readFile(path)).includes(text)]).toEqual([name, false]);
    }
  });

  test('W9 two keys live side by side; one that is revoked ends within a minute, the other goes on', async () => {
    const [old, next] = [await create('--name', 'shop'), await create('--name', 'shop')];
    expect([(await call(old.text)).status, (await call(next.text)).status]).toEqual([200, 200]);
    const revoke = () => keys('revoke', old.id, ...here);
    expect(await revoke()).toMatchObject({ code: 0, out: `${old.id} ends within a minute.\n` });
    await server.advance('PT1M');
    expect([(await call(old.text)).status, (await call(next.text)).status]).toEqual([401, 200]);
    expect(await revoke()).toMatchObject({ code: 0, out: `${old.id} had ended before.\n` });
    expect((await keys('list', ...here)).out).toMatch(new RegExp(`^${old.id} {2}shop {2}revoked 2`, 'm'));
  });

  test('a key ends when it was told to, and opens what is kept for legal reasons only by name', async () => {
    const end = new Date(Date.now() + 2 * 3_600_000).toISOString();
    const { text, id } = await create('--name', 'fair', '--expires', end);
    const { out } = await keys('list', ...here);
    const line = out.split('\n').find((one) => one.startsWith(id));
    expect(line).toContain(`until ${end}`);
    expect(line).not.toContain('evidence:legal');
    expect((await call(text)).status).toBe(200);
    await server.advance('PT3H');
    expect((await call(text)).status).toBe(401);
  });

  test('keys belong to a controller: nobody sees or ends those of another', async () => {
    const other = ['--controller', 'fremd-ag'];
    const { text, id } = await create('--name', 'theirs', ...other);
    expect((await keys('list', ...here)).out).not.toContain(id);
    expect((await keys('list', ...other, ...here)).out).toContain(id);
    const foreign = await keys('revoke', id, ...here);
    expect([foreign.code, foreign.errors]).toEqual([1, expect.stringContaining(`has no key ${id}`)]);
    expect((await call(text)).status).not.toBe(401);
  });

  test('the key of the demo company is for its owner alone', async () => {
    const path = join(server.dataDir, 'api-key');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const key = (await readFile(path, 'utf8')).trim();
    expect(key).toMatch(new RegExp(`^${KEY.source}$`));
    expect((await keys('list', ...here)).out).toMatch(new RegExp(`^${key.slice(0, 15)} {2}demo `, 'm'));
  });
});

test(
  'works where the local system does not run, and leaves nothing running',
  { timeout: 60_000 },
  async () => {
    const here = ['--data', join(temporaryFolder(), 'data')];
    expect(await keys('list', ...here)).toMatchObject({ code: 0, out: 'nordlicht-gmbh has no keys.\n' });
    const made = await keys('create', '--name', 'crm', ...here);
    const [id = ''] = made.out.match(/ak_[0-9a-f]{12}(?= for)/) ?? [];
    expect((await keys('list', ...here)).out).toMatch(new RegExp(`^${id} {2}crm {2}no end {2}used never`));
  },
);

describe('what cannot be meant', () => {
  test.each([
    [[], 'one of create, list, revoke is needed'],
    [['delete'], 'one of create, list, revoke is needed'],
    [['create'], 'at name'],
    [['create', '--name', 'a', '--scopes', 'contacts:read,contacts:reed'], 'contacts:reed'],
    [['create', '--name', 'a', '--expires', 'tomorrow'], 'at expires'],
    [['create', '--name', 'a', '--expires', '2020-01-01'], 'in the past'],
    [['create', '--name', 'a', '--colour', 'blue'], '--colour'],
    [['revoke'], 'at id'],
    [['revoke', 'crm'], 'at id'],
    [['revoke', 'ak_0123456789ab', 'b'], 'too many words'],
    [['list', '--local', '--stage', 'prod'], 'not both'],
  ])('%j is told as what it is, with the usage, and ends with 1', async (args, told) => {
    const { code, out, errors } = await keys(...args, '--data', join(temporaryFolder(), 'data'));
    expect([code, out]).toEqual([1, '']);
    expect(errors.split('\n\n')[0]).toContain(told);
    expect(errors).toContain('Usage: npm run keys -- create');
  });
});

describe('what is meant', () => {
  test('the local system unless a stage is named', () => {
    const local = { kind: 'local', data: '.assent' };
    expect(readKeysArguments(['list']).place).toEqual(local);
    expect(readKeysArguments(['list', '--local']).place).toEqual(local);
    const aws = readKeysArguments(['list', '--stage', 'prod', '--region', 'eu-west-1']);
    expect(aws.place).toEqual({ kind: 'aws', stage: 'prod', region: 'eu-west-1' });
  });

  test('all scopes but the one for legal reasons, unless some are named', () => {
    const scopesOf = (...more: string[]) => {
      const { wish } = readKeysArguments(['create', '--name', 'a', ...more]);
      return wish.command === 'create' ? wish.scopes : [];
    };
    expect(scopesOf()).toEqual(SCOPES.filter((scope) => scope !== 'evidence:legal'));
    expect(scopesOf('--scopes', 'evidence:legal,contacts:read')).toEqual(['evidence:legal', 'contacts:read']);
  });
});
