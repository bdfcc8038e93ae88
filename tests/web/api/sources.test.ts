import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { DAY, HOUR } from '../../../shared/platform/clock.ts';
import { sourceEndpoints } from '../../../web/api/sources.ts';
import { openTestApi } from '../../support/api.ts';
import { advanceClock, captureLog, resetClock } from '../../support/system.ts';

const api = await openTestApi(sourceEndpoints);
afterAll(resetClock);
captureLog();

const PATH = '/v1/engagement-sources';
const answered = z.object({ source: z.object({ id: z.string() }), secret: z.string() });
const create = (id: string, more = {}) => api.call('POST', PATH, { body: { id, name: 'Shop' }, ...more });
const rotate = (id: string, more = {}) => api.call('POST', `${PATH}/${id}/rotate`, more);
const revoke = (id: string, more = {}) => api.call('DELETE', `${PATH}/${id}`, more);
const list = async (more = {}) =>
  (await api.call('GET', PATH, more)).as(z.object({ sources: z.array(z.record(z.string(), z.string())) }))
    .sources;

describe('W1 a source', () => {
  test('is told its secret once: 32 bytes, and no table holds it', async () => {
    const made = await create('shop', { idempotencyKey: 'k'.repeat(20) });
    expect(made.status).toBe(201);
    const { secret } = made.as(answered);
    const bytes = /^whsec_([A-Za-z0-9+/]{43}=)$/.exec(secret)?.[1] ?? '';
    expect(Buffer.from(bytes, 'base64')).toHaveLength(32);
    const next = (await rotate('shop')).as(answered).secret;
    expect(next).not.toBe(secret);
    const items = JSON.stringify([await api.dump('config'), await api.dump('outbox')]);
    for (const text of [secret, next]) expect(items).not.toContain(text.slice(6));
    expect(JSON.stringify(await list())).not.toContain('whsec');
  });

  test('W7 sent again with one Idempotency-Key is the same secret', async () => {
    const [first, again] = [
      await create('twice', { idempotencyKey: 'a' }),
      await create('twice', { idempotencyKey: 'a' }),
    ];
    expect(again.body).toEqual(first.body);
    const turned = [
      await rotate('twice', { idempotencyKey: 'b' }),
      await rotate('twice', { idempotencyKey: 'b' }),
    ];
    expect(turned[0]?.body).toEqual(turned[1]?.body);
  });

  test('has an id that is used once, whosever it is; `ses` is ours', async () => {
    const stranger = await api.keyFor(['settings:read', 'settings:write'], { controller: 'fremd-ag' });
    expect((await create('mine')).status).toBe(201);
    for (const more of [{}, { key: stranger }])
      expect(await create('mine', more)).toMatchObject({ status: 409, body: { code: 'exists' } });
    expect((await create('ses')).status).toBe(409);
    expect((await rotate('mine', { key: stranger })).status).toBe(404);
    expect((await revoke('mine', { key: stranger })).status).toBe(404);
    expect(await list({ key: stranger })).toEqual([]);
  });

  test('of many at once that want one id, one gets it', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('wanted')));
    const told = Map.groupBy(answers, ({ status }) => status);
    expect([told.get(201)?.length, told.get(409)?.length]).toEqual([1, 7]);
  });

  test('turned by many at once, nobody is told a secret that is not the newest of its moment', async () => {
    await create('busy');
    const answers = await Promise.all(Array.from({ length: 6 }, () => rotate('busy')));
    const done = answers.filter(({ status }) => status === 200).map((answer) => answer.as(answered).secret);
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done).size).toBe(done.length);
    for (const { status } of answers) expect([200, 409]).toContain(status);
  });

  test('keeps few former secrets, and none longer than a day', async () => {
    const generations = async () =>
      z
        .array(z.object({ n: z.int(), until: z.string().optional() }))
        .parse((await api.dump('config')).find(({ pk }) => pk === 'SOURCE#many')?.['generations']);
    await create('many');
    for (let turn = 0; turn < 8; turn += 1) await rotate('many');
    expect((await generations()).map(({ n }) => n)).toEqual([5, 6, 7, 8, 9]);
    advanceClock(12 * HOUR);
    await rotate('many');
    advanceClock(12 * HOUR);
    await rotate('many');
    expect((await generations()).map(({ n }) => n)).toEqual([9, 10, 11]);
    advanceClock(DAY);
    await rotate('many');
    expect((await generations()).map(({ n }) => n)).toEqual([11, 12]);
  });

  test('ends for good, and its id with it', async () => {
    await create('over');
    expect([(await revoke('over')).status, (await revoke('over')).status]).toEqual([204, 204]);
    expect((await rotate('over')).status).toBe(404);
    expect((await create('over')).status).toBe(409);
    const over = (await list()).find(({ id }) => id === 'over');
    expect(over).toMatchObject({ name: 'Shop', revokedAt: expect.any(String) });
  });
});
