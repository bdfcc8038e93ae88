import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { DAY, MINUTE, now, plus } from '../../../shared/platform/clock.ts';
import { newApiKeyText, readApiKeyText } from '../../../shared/settings/api-key.ts';
import { listApiKeys, revokeApiKey } from '../../../shared/settings/api-key-store.ts';
import { createApiApp } from '../../../web/api/app.ts';
import { openTestApi } from '../../support/api.ts';
import type { TestApi } from '../../support/api.ts';
import { CONTROLLER, advanceClock, captureLog, resetClock } from '../../support/system.ts';
import { faultyDatabase, serviceError } from '../../platform/faulty-database.ts';
import type { Fault } from '../../platform/faulty-database.ts';
import { thingEndpoints } from './things.ts';

const acts = { count: 0 };
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi(thingEndpoints(acts));
});
afterAll(resetClock);

const read = (key: string | null, headers = {}) => api.call('GET', '/v1/things/th_1', { key, headers });
const idOf = (text: string) => readApiKeyText(text)?.id ?? '';

describe('W9 who may call', () => {
  test.each([
    ['without a key', null, 'Bearer'],
    ['with something else', 'secret', 'Bearer error="invalid_token"'],
    ['with a key that nobody made', newApiKeyText().text, 'Bearer error="invalid_token"'],
  ])('%s: 401 and how to do better', async (_, key, challenge) => {
    const { status, headers, body } = await read(key);
    expect([status, headers.get('www-authenticate')]).toEqual([401, challenge]);
    expect(body).toMatchObject({ detail: 'A valid API key is needed: Authorization: Bearer ak_…' });
  });

  test('another scheme is no key', async () => {
    expect((await read(null, { authorization: `Basic ${api.allScopes}` })).status).toBe(401);
    expect((await read(null, { authorization: `bearer  ${api.allScopes}` })).status).toBe(200);
  });

  test('a scope that is missing is named, and nothing is done', async () => {
    const key = await api.keyFor(['contacts:read', 'evidence:legal']);
    expect((await read(key)).status).toBe(200);
    const { status, headers, body } = await api.call('POST', '/v1/things', { key, body: { name: 'a' } });
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="contacts:write"');
    expect(body).toMatchObject({
      code: 'insufficient-scope',
      detail: expect.stringMatching('contacts:write'),
    });
    expect(acts.count).toBe(0);
  });

  test('a key ends at its instant, to the millisecond', async () => {
    const key = await api.keyFor(['contacts:read'], { expiresAt: plus(now(), MINUTE) });
    expect((await read(key)).status).toBe(200);
    advanceClock(MINUTE);
    expect((await read(key)).status).toBe(401);
  });

  test('a revoked key ends within a minute, its successor goes on', async () => {
    const [old, next] = [await api.keyFor(['contacts:read']), await api.keyFor(['contacts:read'])];
    expect((await read(old)).status).toBe(200);
    const revoked = { controller: CONTROLLER, id: idOf(old), at: now() };
    expect(await revokeApiKey(api.deps.db, revoked)).toBe(true);
    advanceClock(MINUTE);
    expect((await read(old)).status).toBe(401);
    expect((await read(next)).status).toBe(200);
    expect(await revokeApiKey(api.deps.db, revoked)).toBe(false);
  });

  test('another controller cannot revoke it', async () => {
    const other = { controller: 'other-gmbh', id: idOf(api.allScopes), at: now() };
    await expect(revokeApiKey(api.deps.db, other)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('W9 what is kept of a key', () => {
  test('no table holds it, only its hash', async () => {
    await read(api.allScopes);
    const tables = [await api.dump('config'), await api.dump('outbox')];
    const text = JSON.stringify(tables);
    expect(text).toContain(readApiKeyText(api.allScopes)?.hash);
    expect(text).not.toContain(api.allScopes.slice(-58, -9));
  });

  test('the day of its last use, written once a day', async () => {
    const key = await api.keyFor(['contacts:read']);
    const lastUse = async () =>
      (await listApiKeys(api.deps.db, CONTROLLER)).find(({ id }) => id === idOf(key))?.lastUsedOn;
    expect(await lastUse()).toBeUndefined();
    await read(key);
    expect(await lastUse()).toBe(now().slice(0, 10));
    api.deps.db.reset();
    await read(key);
    // The one write is the count of calls.
    expect(api.deps.db.calls().write).toBe(1);
    advanceClock(DAY);
    await read(key);
    expect(await lastUse()).toBe(now().slice(0, 10));
  });

  test('that a use cannot be noted refuses nobody', async () => {
    const lines = captureLog();
    const faults: (Fault | undefined)[] = [{ error: serviceError('InternalServerError'), arrives: false }];
    const db = await faultyDatabase(api.deps.db, (operation) =>
      operation === 'Update' ? faults.shift() : undefined,
    );
    const app = createApiApp({ ...api.deps, db }, thingEndpoints(acts));
    const headers = { authorization: `Bearer ${await api.keyFor(['contacts:read'])}` };
    expect((await app.request('/v1/things/th_1', { headers })).status).toBe(200);
    vi.restoreAllMocks();
    expect(lines).toMatchObject([{ event: 'api-key-use-not-noted' }]);
  });
});

test('T15 a call that its key does not allow is logged, by the id of the key and the scope', async () => {
  const lines = captureLog();
  const key = await api.keyFor(['contacts:read']);
  await api.call('POST', '/v1/things', { key, body: { name: 'a' } });
  vi.restoreAllMocks();
  expect(lines).toMatchObject([{ event: 'api-scope-missing', key: idOf(key), scope: 'contacts:write' }]);
});

test('T15 T16 refusals are logged by the id of the key alone', async () => {
  const lines = captureLog();
  const key = await api.keyFor(['contacts:read'], { expiresAt: plus(now(), -MINUTE) });
  await read(key);
  await read(`${key.slice(0, -1)}x`);
  vi.restoreAllMocks();
  expect(lines).toMatchObject([
    { event: 'api-key-refused', reason: 'expired', key: idOf(key) },
    { event: 'api-key-refused', reason: 'malformed' },
  ]);
  expect(JSON.stringify(lines)).not.toContain(key.slice(17, 60));
});
