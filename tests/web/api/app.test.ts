import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { AppError } from '../../../shared/platform/errors.ts';
import { openTestApi } from '../../support/api.ts';
import type { ApiCall, TestApi } from '../../support/api.ts';
import { captureLog } from '../../support/system.ts';
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

const post = (body: unknown, more: ApiCall = {}) => api.call('POST', '/v1/things', { ...more, body });

describe('what an endpoint answers', () => {
  test('goes out with its status, headers and JSON', async () => {
    const { status, headers, body } = await post({ name: 'a' });
    expect({ status, body }).toEqual({ status: 201, body: { name: 'a', count: 1 } });
    expect(headers.get('etag')).toBe('"1"');
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('T3 T11 carries the headers that protect it, whatever it says', async () => {
    const answers = [
      await post({ name: 'a' }),
      await api.call('DELETE', '/v1/things/th_1'),
      await api.call('OPTIONS', '/v1/things'),
      await api.call('GET', '/v1/things/th_1', { key: null }),
      await api.call('GET', '/v1/nothing'),
      await api.call('PATCH', '/v1/things'),
      await post({}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 204, 204, 401, 404, 405, 422]);
    for (const { headers } of answers) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'strict-transport-security': 'max-age=63072000; includeSubDomains',
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; .*base-uri 'none'; frame-ancestors 'none'$/,
        ),
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('is empty where there is nothing to say', async () => {
    expect(await api.call('DELETE', '/v1/things/th_1')).toMatchObject({ status: 204, body: undefined });
  });

  test('knows path and query, parsed', async () => {
    const { body } = await api.call('GET', '/v1/things/th_1', { query: { limit: 3 } });
    expect(body).toEqual({ id: 'th_1', limit: 3 });
  });
});

describe('routing', () => {
  test('HEAD is a GET without its body, for those who may read', async () => {
    expect(await api.call('HEAD', '/v1/things/th_1')).toMatchObject({ status: 200, body: undefined });
    expect((await api.call('HEAD', '/v1/things/th_1', { key: null })).status).toBe(401);
  });

  test.each([
    ['/v1/things', 'POST, OPTIONS'],
    ['/v1/things/lookup', 'POST, OPTIONS'],
    ['/v1/things/th_1', 'GET, HEAD, PUT, DELETE, OPTIONS'],
  ])('OPTIONS and a wrong method on %s learn what is allowed', async (path, allowed) => {
    const options = await api.call('OPTIONS', path, { key: null });
    const wrong = await api.call('PATCH', path);
    expect([options.status, options.headers.get('allow')]).toEqual([204, allowed]);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, allowed]);
  });

  test('a fixed path is never taken for an id', async () => {
    expect((await api.call('GET', '/v1/things/lookup')).status).toBe(405);
  });

  test.each(['/v1', '/v1/', '/v1/nothing', '/v1/things/', '/v1/things/th_1/more', '/v2/things'])(
    'W6 %s is a 404 problem',
    async (path) => {
      const { status, body } = await api.call('GET', path);
      expect(status).toBe(404);
      expect(body).toEqual({ type: 'about:blank', title: 'Not Found', status: 404, instance: path });
    },
  );
});

describe('a body that cannot be read', () => {
  test.each([
    ['no JSON', 400, '{"name":', {}],
    ['no UTF-8 letters in it', 400, '\u0000', {}],
    ['another type', 415, '{}', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['JSON of another kind', 415, '{}', { 'content-type': 'application/merge-patch+json' }],
    ['too much', 413, JSON.stringify({ name: 'x'.repeat(65_536) }), {}],
    ['said to be too much', 413, '{}', { 'content-length': '70000' }],
  ])('%s is told %i, and nothing is done', async (_, status, body, headers) => {
    expect((await post(body, { headers })).status).toBe(status);
    expect(acts.count).toBe(0);
  });

  test('a charset beside the type is no other type', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect((await post({ name: 'a' }, { headers })).status).toBe(201);
  });

  test('512 KiB are taken where many are meant, and no more', async () => {
    const lookup = (bytes: number) =>
      api.call('POST', '/v1/things/lookup', { body: `{"number":${'1'.padStart(bytes - 11, ' ')}}` });
    expect((await lookup(512 * 1024)).status).toBe(201);
    expect((await lookup(512 * 1024 + 1)).status).toBe(413);
  });
});

describe('what does not fit the schema', () => {
  test.each([
    ['a missing field', {}, [{ pointer: '/name', code: 'invalid-type' }]],
    ['no document at all', undefined, [{ pointer: '', code: 'invalid-type' }]],
    ['another kind of document', [], [{ pointer: '', code: 'invalid-type' }]],
    ['an unknown field', { name: 'a', 'b/c~d': 1 }, [{ pointer: '/b~1c~0d', code: 'unknown' }]],
    ['what is too long', { name: 'x'.repeat(21) }, [{ pointer: '/name', code: 'too-big' }]],
    [
      'something deep',
      { name: 'a', tags: { 'x/y': 'z' } },
      [{ pointer: '/tags/x~1y', code: 'invalid-type' }],
    ],
    ['a prototype', '{"name":"a","__proto__":{}}', [{ pointer: '/__proto__', code: 'unknown' }]],
  ])('W6 %s is told 422 with the place and the reason', async (_, body, errors) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 422, body: { errors } });
    expect(acts.count).toBe(0);
  });

  test('of several shapes, the nearest is explained', async () => {
    const { body } = await api.call('POST', '/v1/things/lookup', { body: { number: 'one' } });
    expect(body).toMatchObject({ errors: [{ pointer: '/number', code: 'invalid-type' }] });
  });

  test('W6 a wrong path or query is told 400', async () => {
    const query = { limit: 'many', more: 1 };
    const answer = await api.call('GET', '/v1/things/x', { query });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        errors: [
          { in: 'path', pointer: '/id', code: 'invalid-format' },
          { in: 'query', pointer: '/limit', code: 'invalid-type' },
          { in: 'query', pointer: '/more', code: 'unknown' },
        ],
      },
    });
  });

  test('a query that is given twice is no single value', async () => {
    expect((await api.call('GET', '/v1/things/th_1?limit=1&limit=2')).status).toBe(400);
  });

  test('T15 what was posted is not repeated', async () => {
    const { body } = await post({ name: 7, tags: { 'a@b.example': 'anna@example.com' } });
    expect(JSON.stringify(body)).not.toContain('anna');
  });

  test('no answer names more than fifty errors', async () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`x${at}`, at]));
    const { body } = await post({ name: 'a', ...many });
    expect(body).toHaveProperty('errors.length', 50);
  });
});

describe('If-Match', () => {
  const put = (headers: Record<string, string>) =>
    api.call('PUT', '/v1/things/th_1', { body: { name: 'a' }, headers });

  test.each([
    [{}, 428],
    [{ 'if-match': '"1-1"' }, 201],
    [{ 'if-match': '"1-0"' }, 412],
    [{ 'if-match': 'W/"1-1"' }, 400],
    [{ 'if-match': '1-1' }, 400],
    [{ 'if-match': '*' }, 400],
    [{ 'if-match': '"1-1", "1-2"' }, 400],
  ])('%o is answered %i', async (headers, status) => {
    expect((await put(headers)).status).toBe(status);
    expect(acts.count).toBe(status === 201 ? 1 : 0);
  });

  test('what an error was raised for stands in the document as code', async () => {
    const { body } = await put({ 'if-match': '"0"' });
    expect(body).toMatchObject({ detail: 'It has changed.', code: 'changed' });
  });
});

describe('what goes wrong on our side', () => {
  test('T15 is told as a fixed text with a reference, and nothing else', async () => {
    const lines = captureLog();
    acts.fail = new TypeError('anna@example.com is broken');
    const { status, body } = await post({ name: 'a' });
    vi.restoreAllMocks();
    expect(status).toBe(500);
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      instance: '/v1/things',
      requestId: 'req-1',
    });
    expect(lines).toContainEqual(expect.objectContaining({ event: 'request-failed', requestId: 'req-1' }));
  });

  test('errors in a document that only the domain can see are told like the others', async () => {
    const errors = [{ pointer: '/name', detail: 'Nobody is called that.', code: 'unlikely' }];
    acts.fail = new AppError('invalid', 'No.', { errors });
    expect(await post({ name: 'a' })).toMatchObject({ status: 422, body: { errors } });
  });
});
