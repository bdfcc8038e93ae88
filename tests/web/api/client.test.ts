import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';

import { ApiProblem, createClient } from '../../../web/api/client.ts';
import type { Data, Job, Listing } from '../../../web/api/client-types.ts';
import { startLocalServer } from '../../support/local-server.ts';
import type { LocalServer } from '../../support/local-server.ts';

const BRAND = 'nordlicht';
const source = { kind: 'crm', id: 'salesdesk' } as const;

describe('against the local system', () => {
  let server: LocalServer;
  let client: ReturnType<typeof createClient>;
  let key = '';
  beforeAll(async () => {
    server = await startLocalServer();
    key = (await readFile(join(server.dataDir, 'api-key'), 'utf8')).trim();
    client = createClient({ baseUrl: `${server.baseUrl}/`, key });
  });
  afterAll(() => server.stop());

  test('what one call answers is what the next one takes, version included', async () => {
    const body = { email: 'anna@kunde.example', source, fields: { company: 'Kunde AG' } };
    const made = await client.call('POST /v1/contacts', { body });
    expect(made.status).toBe(201);
    const { id } = made.data.contact;
    const shown = await client.call('GET /v1/contacts/{id}', { params: { id }, query: { brand: BRAND } });
    expect(shown).toMatchObject({ version: made.version, data: { contact: { id, email: body.email } } });
    const change = { params: { id }, body: { fieldSource: 'crm', fields: { city: 'Kiel' } } } as const;
    const changed = await client.call('PATCH /v1/contacts/{id}', { ...change, ifMatch: shown.version });
    expect(changed.data.contact.fields).toMatchObject({ city: { value: 'Kiel' } });
    const stale = client.call('PATCH /v1/contacts/{id}', { ...change, ifMatch: shown.version });
    await expect(stale).rejects.toMatchObject({ status: 412 });
  });

  test('a refusal is thrown with its document, and names nobody', async () => {
    const asked = { contacts: [{ email: 'no.body@kunde.example' }], brand: BRAND, use: 'unheard-of' };
    const refused = await client.call('POST /v1/decisions', { body: asked }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiProblem);
    expect(refused).toMatchObject({ status: 422, problem: { errors: [{ pointer: '/use' }] } });
    expect(String(refused)).toMatch(/^ApiProblem: POST \/v1\/decisions: 422 /);
    expect(String(refused)).not.toContain('body@');
    const stranger = createClient({ baseUrl: server.baseUrl, key: 'ak_wrong' });
    await expect(stranger.call('GET /v1/reviews')).rejects.toMatchObject({ status: 401 });
  });

  test('W7 the same key acts once', async () => {
    const post = (name: string) =>
      client.call('POST /v1/accounts', { body: { name }, idempotencyKey: 'order 1' });
    const [first, again] = [await post('Kunde AG'), await post('Kunde AG')];
    expect(again).toEqual(first);
    await expect(post('Other AG')).rejects.toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    const [one, other] = [
      await client.call('POST /v1/accounts', { body: { name: 'Twice AG' } }),
      await client.call('POST /v1/accounts', { body: { name: 'Twice AG' } }),
    ];
    expect(one.data.account.id).not.toBe(other.data.account.id);
  });

  test('lists are read page by page, to the end', async () => {
    const people = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@viele.example`);
    for (const email of people) await client.call('POST /v1/contacts', { body: { email, source } });
    await server.advance('PT1M');
    const query = { limit: 2, updatedSince: '2020-01-01T00:00:00.000Z' };
    const pages: Data<'GET /v1/contacts'>[] = [];
    for await (const page of client.pages('GET /v1/contacts', { query })) pages.push(page);
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.flatMap(({ contacts }) => contacts.map(({ email }) => email))).toEqual(
      expect.arrayContaining(people),
    );
    const reviews: unknown[] = [];
    for await (const page of client.pages('GET /v1/reviews')) reviews.push(page);
    expect(reviews).toEqual([{ reviews: [] }]);
  });

  test('a job is waited for, and its results are read to the end', async () => {
    const body = { brand: BRAND, use: 'newsletter', status: 'unclear' } as const;
    const { data } = await client.call('POST /v1/contacts-by-status', { body });
    const seen: Job['state'][] = [];
    const [done] = await Promise.all([
      client.job(data.id, { everySeconds: 0.05, progress: ({ state }) => seen.push(state) }),
      server.advance('PT1M'),
    ]);
    expect(done).toMatchObject({ state: 'done', failures: { count: 0 } });
    expect(seen.at(-1)).toBe('done');
    const ids: string[] = [];
    for await (const { contactIds } of client.pages('GET /v1/jobs/{id}/results', { params: { id: data.id } }))
      ids.push(...contactIds);
    expect(ids).toHaveLength(done.listed);
    expect(ids.length).toBeGreaterThan(4);
    const gone = await client.call('DELETE /v1/jobs/{id}', { params: { id: data.id } });
    expect(gone).toEqual({ status: 204, data: undefined, version: undefined });
  });

  test('what is no JSON comes as text', async () => {
    const { data } = await client.call('POST /v1/contacts', { body: { email: 'h@viele.example', source } });
    const params = { id: data.contact.id };
    const block = { brand: BRAND, uses: ['newsletter'], reason: 'in negotiations', actor: 'm.meier' };
    expect((await client.call('POST /v1/contacts/{id}/block', { params, body: block })).data.changed).toBe(
      true,
    );
    const pack = await client.call('GET /v1/contacts/{id}/evidence', { params });
    expect(pack.data).toMatchObject({ contactId: params.id, format: 'assent-evidence/1' });
    const query = { use: 'newsletter' };
    const page = await client.call('GET /v1/contacts/{id}/evidence.html', { params, query });
    expect(page.data).toMatch(/^<!doctype html>/i);
  });
});

describe('what is refused for the moment', () => {
  /** A server that answers these in turn, and what it was sent. */
  function scripted(...answers: Response[]) {
    const sent: { url: string; init: RequestInit }[] = [];
    const fetch = (url: string, init: RequestInit) => {
      sent.push({ url, init });
      return Promise.resolve(answers.shift() ?? new Response('one call too many', { status: 500 }));
    };
    const keys = () => sent.map(({ init }) => new Headers(init.headers).get('idempotency-key'));
    return { sent, keys, client: createClient({ baseUrl: 'https://assent.example', key: 'ak_1', fetch }) };
  }
  const later = (status: number, seconds = '0') =>
    Response.json({ title: 'Later', status }, { status, headers: { 'Retry-After': seconds } });
  const done = () => Response.json({ account: { id: 'acc_1' } });
  const body = { name: 'Kunde AG' };

  test('W8 is sent again after the time asked for, a POST with the same key', async () => {
    const { client, keys } = scripted(later(429, '0.05'), later(503), done());
    const from = performance.now();
    expect((await client.call('POST /v1/accounts', { body })).status).toBe(200);
    expect(performance.now() - from).toBeGreaterThan(40);
    expect(keys()).toHaveLength(3);
    expect(new Set(keys()).size).toBe(1);
    expect(keys()[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('W7 a first attempt that still runs is waited for', async () => {
    const { client, sent } = scripted(later(503), later(409), done());
    await client.call('POST /v1/accounts', { body });
    expect(sent).toHaveLength(3);
  });

  test('is given up after two more attempts', async () => {
    const { client, sent } = scripted(later(503), later(503), later(503));
    await expect(client.call('GET /v1/reviews')).rejects.toMatchObject({ status: 503 });
    expect(sent).toHaveLength(3);
  });

  test.each([
    ['asks for more patience than anybody has', later(429, '61')],
    ['asks in a way that we do not read', later(503, 'Wed, 25 Nov 2026 08:00:00 GMT')],
    ['asks for nothing', Response.json({ title: 'No', status: 409 }, { status: 409 })],
    ['is broken', new Response('oh', { status: 500 })],
  ])('is told at once where it %s', async (_, answer) => {
    const { client, sent } = scripted(answer);
    await expect(client.call('GET /v1/reviews')).rejects.toMatchObject({ status: answer.status });
    expect(sent).toHaveLength(1);
  });

  test('what stands before the API may answer as it likes', async () => {
    const busy = () => Response.json({ message: 'Service Unavailable' }, { status: 503 });
    const { client, sent } = scripted(busy(), Response.json({ reviews: [] }));
    expect((await client.call('GET /v1/reviews')).data).toEqual({ reviews: [] });
    expect(sent).toHaveLength(2);
  });

  test('T3 an id is a part of the path and nothing else', async () => {
    const { client, sent } = scripted(Response.json({}));
    await client.call('GET /v1/contacts/{id}', { params: { id: '../x?y#z' } });
    expect(sent[0]?.url).toBe('https://assent.example/v1/contacts/..%2Fx%3Fy%23z');
    expect(new Headers(sent[0]?.init.headers).get('idempotency-key')).toBe(null);
  });
});

test('its types are those of the endpoints', () => {
  expectTypeOf<Data<'DELETE /v1/reservations/{id}'>>().toEqualTypeOf<undefined>();
  expectTypeOf<Data<'GET /v1/contacts/{id}/receipt.html'>>().toEqualTypeOf<string>();
  expectTypeOf<Listing>().toEqualTypeOf<
    | 'GET /v1/contacts'
    | 'GET /v1/contacts/{id}/promotions'
    | 'GET /v1/jobs/{id}/results'
    | 'GET /v1/requests'
    | 'GET /v1/reviews'
  >();
  const { call, pages } = createClient({ baseUrl: 'https://assent.example', key: 'ak_1' });
  // What the compiler must refuse stands here to be compiled, never to be run.
  const refused = () => [
    // @ts-expect-error there is no such endpoint
    call('GET /v1/nothing'),
    // @ts-expect-error a path has parameters
    call('GET /v1/contacts/{id}'),
    // @ts-expect-error a change names its version
    call('PATCH /v1/accounts/{id}', { params: { id: 'acc_1' }, body: {} }),
    // @ts-expect-error a body has no other fields
    call('POST /v1/contacts/lookup', { body: { phone: '+49' } }),
    // @ts-expect-error it answers at once
    pages('GET /v1/settings/{kind}', { params: { kind: 'brand' } }),
  ];
  expect(refused).toBeTypeOf('function');
});

test('bundles for browsers to a few KB, without anything of the server', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../../../web/api/client.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
  });
  expect(Object.keys(metafile.inputs).map((path) => path.split('/').at(-1))).toEqual(['client.ts']);
  expect(outputFiles[0]?.contents.length).toBeLessThanOrEqual(8 * 1024);
});
