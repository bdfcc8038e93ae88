import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/platform/clock.ts';
import { AppError } from '../../../shared/platform/errors.ts';
import { createApiApp } from '../../../web/api/app.ts';
import { openTestApi } from '../../support/api.ts';
import type { ApiCall, TestApi } from '../../support/api.ts';
import { advanceClock, captureLog, resetClock } from '../../support/system.ts';
import { faultyDatabase, serviceError } from '../../platform/faulty-database.ts';
import { thingEndpoints } from './things.ts';
import type { Acts } from './things.ts';

const acts: Acts = { count: 0 };
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi(thingEndpoints(acts));
});
beforeEach(() => {
  Object.assign(acts, { count: 0, fail: undefined, wait: undefined });
});
afterAll(resetClock);

const post = (idempotencyKey: string, name = 'Anna', more: ApiCall = {}) =>
  api.call('POST', '/v1/things', { body: { name }, idempotencyKey, ...more });
const ended = (answers: { status: number }[]) =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

describe('W7 a request that is sent again with its key', () => {
  test('is answered as before and acts once', async () => {
    const first = await post('again');
    const second = await post('again');
    expect(first).toMatchObject({ status: 201, body: { name: 'Anna', count: 1 } });
    expect(second).toMatchObject({ status: 201, body: { name: 'Anna', count: 1 } });
    expect(second.headers.get('etag')).toBe('"1"');
    expect(acts.count).toBe(1);
  });

  test.each([
    ['"quoted"', 'quoted'],
    ['"a\\"b"', 'a"b'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '"8e03978e-40d5-43dd-bc93-6894a57f9324"'],
  ])('quoted or bare, %s is %s', async (one, other) => {
    await post(one);
    expect((await post(other)).body).toMatchObject({ count: 1 });
  });

  test.each(['', '""', '"open', 'x'.repeat(256), '"ä"'])('%j is no key: 400', async (key) => {
    expect((await post('x', 'Anna', { headers: { 'idempotency-key': key } })).status).toBe(400);
    expect(acts.count).toBe(0);
  });

  test('but another document is told 422, and nothing is done', async () => {
    await post('other');
    expect(await post('other', 'Berta')).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(acts.count).toBe(1);
  });

  test('belongs to its API key: another one acts for itself', async () => {
    const key = await api.keyFor(['contacts:write']);
    await post('mine');
    expect((await post('mine', 'Anna', { key })).body).toMatchObject({ count: 2 });
  });

  test('without a key acts each time', async () => {
    await api.call('POST', '/v1/things', { body: { name: 'a' } });
    await api.call('POST', '/v1/things', { body: { name: 'a' } });
    expect(acts.count).toBe(2);
  });

  test('N8 acts again after a day, though the item still lies there', async () => {
    await post('daily');
    advanceClock(DAY - MINUTE);
    expect((await post('daily')).body).toMatchObject({ count: 1 });
    advanceClock(MINUTE + SECOND);
    expect((await post('daily', 'Berta')).body).toMatchObject({ count: 2 });
  });
});

describe('W7 requests with one key at the same time', () => {
  test('twenty of them act once; the others wait or get the same answer', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('parallel')));
    expect(acts.count).toBe(1);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const acted = answers.filter(({ status }) => status === 201).map(({ body }) => body);
    expect(acted).toEqual(acted.map(() => expect.objectContaining({ count: 1 })));
    expect(ended(answers)[0]).toBe(201);
  });

  test('one that still runs: 409 and when to ask again', async () => {
    let finish = () => {};
    acts.wait = new Promise((resolve) => (finish = resolve));
    const first = post('slow');
    await vi.waitFor(() => expect(acts.count).toBe(1));
    const second = await post('slow');
    expect(second).toMatchObject({ status: 409, body: { code: 'idempotency-key-in-use' } });
    expect(second.headers.get('retry-after')).toBe('1');
    expect((await post('slow', 'Berta')).status).toBe(422);
    finish();
    expect((await first).status).toBe(201);
    expect((await post('slow')).body).toMatchObject({ count: 1 });
  });
});

describe('W7 a request that did not end well', () => {
  test.each([new AppError('conflict', 'Not now.'), new Error('broken')])(
    '%s leaves its key free',
    async (fail) => {
      acts.fail = fail;
      expect((await post(`failed-${fail.message}`)).status).toBeGreaterThanOrEqual(409);
      acts.fail = undefined;
      expect((await post(`failed-${fail.message}`, 'Berta')).status).toBe(201);
    },
  );

  test('a document that does not fit uses no key up', async () => {
    expect((await post('typo', 'x'.repeat(30))).status).toBe(422);
    expect((await post('typo')).status).toBe(201);
  });

  test('one that died half-way holds its key for a minute, not for ever', async () => {
    acts.wait = new Promise(() => {});
    void post('died');
    await vi.waitFor(() => expect(acts.count).toBe(1));
    acts.wait = undefined;
    advanceClock(MINUTE - SECOND);
    expect((await post('died')).status).toBe(409);
    advanceClock(SECOND);
    // Another document must not slip in under what may have been done.
    expect((await post('died', 'Berta')).status).toBe(422);
    expect((await post('died')).body).toMatchObject({ count: 2 });
  });

  test('an answer that cannot be kept is given all the same', async () => {
    const lines = captureLog();
    const db = await faultyDatabase(api.deps.db, (operation) =>
      operation === 'Update' && acts.count > 0
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    const app = createApiApp({ ...api.deps, db }, thingEndpoints(acts));
    const headers = {
      authorization: `Bearer ${api.allScopes}`,
      'content-type': 'application/json',
      'idempotency-key': 'unkept',
    };
    const answer = await app.request('/v1/things', { method: 'POST', headers, body: '{"name":"a"}' });
    vi.restoreAllMocks();
    expect(answer.status).toBe(201);
    expect(lines).toMatchObject([{ event: 'idempotency-not-noted' }]);
  });

  test('nothing is done where the key cannot be claimed', async () => {
    const error = serviceError('InternalServerError');
    const db = await faultyDatabase(api.deps.db, (operation) =>
      operation === 'Put' ? { error, arrives: false } : undefined,
    );
    const app = createApiApp({ ...api.deps, db }, thingEndpoints(acts));
    const headers = {
      authorization: `Bearer ${api.allScopes}`,
      'content-type': 'application/json',
      'idempotency-key': 'unclaimed',
    };
    const answer = await app.request('/v1/things', { method: 'POST', headers, body: '{"name":"a"}' });
    expect(answer.status).toBe(500);
    expect(acts.count).toBe(0);
  });
});

test('T3 what is stored of requests and answers names nobody', async () => {
  await post('secret', 'anna@example.com');
  const text = JSON.stringify(await api.dump('outbox'));
  expect(text).toContain('sealed');
  expect(text).not.toMatch(/anna|secret/);
  advanceClock(HOUR);
});
