import { afterAll, beforeAll, expect, test } from 'vitest';

import { MINUTE, nowMs } from '../../../shared/platform/clock.ts';
import { openTestApi } from '../../support/api.ts';
import type { TestApi } from '../../support/api.ts';
import { advanceClock, resetClock } from '../../support/system.ts';
import { thingEndpoints } from './things.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi(thingEndpoints({ count: 0 }));
  await api.set('limits', 'default', { apiCallsPerMinute: 5 });
});
afterAll(resetClock);

/** Ten seconds into the next minute. */
const nextMinute = () => advanceClock(MINUTE - (nowMs() % MINUTE) + 10_000);
const read = (key: string) => api.call('GET', '/v1/things/th_1', { key });
const fields = ({ headers }: { headers: Headers }) =>
  ['ratelimit-policy', 'ratelimit', 'retry-after'].map((name) => headers.get(name));

test('W8 every answer to a key says how many calls are left', async () => {
  nextMinute();
  const key = await api.keyFor(['contacts:read']);
  const answers = [await read(key), await api.call('POST', '/v1/things', { key, body: {} })];
  expect(answers.map(({ status }) => status)).toEqual([200, 403]);
  expect(fields(answers[0] ?? { headers: new Headers() })[0]).toBe('"minute";q=5;w=60');
  const left = answers.map((answer) => fields(answer)[1]);
  expect(left).toEqual([expect.stringMatching(/^"minute";r=4;t=[45]\d$/), expect.stringMatching(/r=3;/)]);
  expect(fields(await api.call('GET', '/v1/things/th_1', { key: null }))).toEqual([null, null, null]);
});

test('W8 more calls than allowed are told 429 and when to come back; the next minute is free', async () => {
  nextMinute();
  const [key, other] = [await api.keyFor(['contacts:read']), await api.keyFor(['contacts:read'])];
  const answers = await Promise.all(Array.from({ length: 12 }, () => read(key)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(7);
  expect(refused[0]?.body).toMatchObject({
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    code: 'quota-exceeded',
  });
  expect(fields(refused[0] ?? { headers: new Headers() })).toEqual([
    '"minute";q=5;w=60',
    expect.stringMatching(/^"minute";r=0;t=[45]\d$/),
    expect.stringMatching(/^[45]\d$/),
  ]);
  expect((await read(other)).status).toBe(200);
  nextMinute();
  expect((await read(key)).status).toBe(200);
});
