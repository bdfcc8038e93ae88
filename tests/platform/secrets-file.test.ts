import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { ensureSecrets } from '../../infra/local/secrets-file.ts';
import { MINUTE, setClockOffset } from '../../shared/platform/clock.ts';
import { SECRET_NAMES, openSecrets, parameterName } from '../../shared/platform/secrets.ts';

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-secrets-'));
  file = join(folder, 'secrets.json');
  // Read once per process, by whoever asks first.
  process.env['ASSENT_SECRETS_FILE'] = file;
});
afterEach(async () => {
  setClockOffset(0);
  await rm(file, { force: true });
});
afterAll(() => rm(folder, { recursive: true }));

const KEY = 'A'.repeat(43);

describe('secrets of one machine', () => {
  test('those that the first start makes can be read, all of them', async () => {
    await ensureSecrets(file);
    const secrets = openSecrets();
    expect(await secrets.pepper()).toMatch(/^[\w-]{43}$/);
    expect(await secrets.evidenceMaster()).toMatch(/^[\w-]{43}$/);
    expect(await secrets.webhookMaster()).toMatch(/^[\w-]{43}$/);
    expect(await secrets.linkKeys()).toEqual({
      current: 'k1',
      keys: { k1: expect.stringMatching(/^[\w-]{43}$/) },
    });
  });

  test('what an older version had made stays, and gets what is new beside it', async () => {
    await writeFile(file, JSON.stringify({ pepper: KEY }));
    await ensureSecrets(file);
    const secrets = openSecrets();
    expect(await secrets.pepper()).toBe(KEY);
    const webhooks = await secrets.webhookMaster();
    await ensureSecrets(file);
    expect(await openSecrets().webhookMaster()).toBe(webhooks);
  });

  test('a missing secret is named, those that are there can be read', async () => {
    await writeFile(file, JSON.stringify({ pepper: KEY }));
    const secrets = openSecrets();
    expect(await secrets.pepper()).toBe(KEY);
    await expect(secrets.linkKeys()).rejects.toThrow('no access to the secret link-keys');
  });

  test.each([
    ['a short key', { pepper: KEY.slice(1) }],
    ['a key id of another form', { 'link-keys': { current: 'new', keys: { new: KEY } } }],
    ['a key that is no base64url', { 'evidence-master': `${KEY.slice(1)}+` }],
  ])('%s is refused', async (_, content) => {
    await writeFile(file, JSON.stringify(content));
    await expect(openSecrets().pepper()).rejects.toThrow();
  });

  test('a failure is forgotten at once, an answer after five minutes', async () => {
    const secrets = openSecrets();
    await expect(secrets.pepper()).rejects.toThrow('ENOENT');
    await writeFile(file, JSON.stringify({ pepper: KEY }));
    expect(await secrets.pepper()).toBe(KEY);
    const rotated = 'B'.repeat(43);
    await writeFile(file, JSON.stringify({ pepper: rotated }));
    setClockOffset(5 * MINUTE - 1_000);
    expect(await secrets.pepper()).toBe(KEY);
    setClockOffset(5 * MINUTE + 1_000);
    expect(await secrets.pepper()).toBe(rotated);
  });

  test('each secret has a parameter of its own per stage, which a role can name', () => {
    expect(SECRET_NAMES.map((name) => parameterName('prod', name))).toEqual([
      '/assent/prod/pepper',
      '/assent/prod/link-keys',
      '/assent/prod/evidence-master',
      '/assent/prod/webhook-master',
    ]);
  });
});
