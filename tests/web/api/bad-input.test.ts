import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { createSource } from '../../../shared/engagement/source-store.ts';
import { DAY, now, plus } from '../../../shared/platform/clock.ts';
import { newId, randomHex } from '../../../shared/platform/ids.ts';
import { askUs } from '../../../shared/preferences/person-request.ts';
import { SCOPES } from '../../../shared/settings/api-key.ts';
import { createApiApp } from '../../../web/api/app.ts';
import { ENDPOINTS } from '../../../web/api/endpoints.ts';
import { problemDocument } from '../../../web/api/problem-document.ts';
import { toHandler } from '../../../web/to-handler.ts';
import { agreed, makePerson } from '../../decision/people.ts';
import { openTestApi } from '../../support/api.ts';
import type { ApiCall } from '../../support/api.ts';
import { keys } from '../../../shared/platform/keys.ts';
import { write } from '../../../shared/platform/table.ts';
import { BRAND, CONTROLLER, captureLog, resetClock } from '../../support/system.ts';
import { call } from '../signup-door.ts';
import { RIGHT_BODIES, STRANGER, strangerBrand, strangerUses } from './right-bodies.ts';

const api = await openTestApi(ENDPOINTS);
const { deps } = api;
afterAll(resetClock);
captureLog();

const rows = ENDPOINTS.map((endpoint) => ({ ...endpoint, name: `${endpoint.method} ${endpoint.path}` }));
type Row = (typeof rows)[number];
const posting = rows.filter(({ method }) => method !== 'GET' && method !== 'DELETE');
const reading = rows.filter(({ method }) => method === 'GET');
const named = rows.filter(({ path }) => path.includes('{id}'));

await api.set('limits', 'default', { apiCallsPerMinute: 100_000 });
await api.set('brand', strangerBrand.id, strangerBrand);
await api.set('uses', STRANGER, strangerUses);
const strangerKey = await api.keyFor(SCOPES, { controller: STRANGER });
const keyWithout = new Map(
  await Promise.all(
    SCOPES.map(async (scope) => [scope, await api.keyFor(SCOPES.filter((one) => one !== scope))] as const),
  ),
);
await makePerson(deps, 'known@firma.example', [agreed('newsletter')]);
await account(['firma.example']);

/** Something of each kind for an endpoint to act on, by the word that its path begins with. */
async function target() {
  const waits = { ...agreed('event-invitation'), to: 'unclear', review: true } as const;
  const more = { createdAt: plus(now(), -2 * DAY) };
  const email = `${newId('who')}@firma.example`;
  const { id } = await makePerson(deps, email, [agreed('newsletter'), waits], more);
  return {
    contacts: id,
    reviews: id,
    requests: await question(id),
    reservations: `res_${'A'.repeat(22)}.${id}`,
    accounts: await account([]),
    jobs: newId('job'),
    settings: 'nordlicht',
    'engagement-sources': await signingSource(),
  };
}
async function question(contactId: string): Promise<string> {
  const policy = await deps.settings.policy(CONTROLLER);
  const about = {
    contactId,
    controller: CONTROLLER,
    brand: BRAND,
    kind: 'question',
    text: 'Where from?',
  } as const;
  return (await askUs(deps.db, { ...about, policy, at: now() }))?.id ?? '';
}
async function signingSource(): Promise<string> {
  const id = `source-${randomHex(4)}`;
  return (await createSource(deps.db, { id, controller: CONTROLLER, name: 'Shop', at: now() })).id;
}
async function account(domains: string[]): Promise<string> {
  const answer = await api.call('POST', '/v1/accounts', { body: { name: 'Firma', domains } });
  return answer.as(z.object({ account: z.object({ id: z.string() }) })).account.id;
}
const anna = await target();
// A purpose that was stopped, for whoever lets it go on.
await write(deps.db, {
  put: 'engagement',
  item: {
    ...keys.guard(BRAND, 'event-invitation'),
    stopped: {
      since: now(),
      why: 'bounces',
      rates: { delivered: 1_000, bounced: 50, complained: 0, bounceRate: 0.05, complaintRate: 0 },
    },
  },
});

/** A path with what there is of its kind, or something else, in the place of `{id}`. */
function pathOf({ path }: Pick<Row, 'path'>, of = anna, id?: string): string {
  const own = Object.entries(of).find(([word]) => path.startsWith(`/v1/${word}/`))?.[1];
  if (own === undefined && path.includes('{id}')) throw new Error(`nothing to act on for ${path}`);
  return path
    .replace('{kind}', 'brand')
    .replace('{version}', '1')
    .replace('{brand}', BRAND)
    .replace('{use}', 'event-invitation')
    .replace('{id}', id ?? own ?? '');
}
/** A request as it should be. */
function right({ name, ifMatch, query }: Row, version = '0-1'): ApiCall {
  const body = RIGHT_BODIES[name];
  return {
    ...(body ? { body } : {}),
    ...(ifMatch ? { ifMatch: version } : {}),
    ...(query.safeParse({}).success ? {} : { query: { use: 'newsletter' } }),
  };
}

const STRANGE_IDS = [
  ...['x', 'con_none', 'a b', '{id}', ':id', '*', '__proto__', 'x'.repeat(3_000)],
  ...['%00', 'C%23x', '..%2F..', '%F0%9F%92%A9', '%E0%A4%A', '%zz'],
];

/** Everything at rest but what is counted per key: its calls of the minute, and the day it was last used. */
async function atRest() {
  const tables = ['contacts', 'ledger', 'engagement', 'outbox', 'config'] as const;
  const items = (await Promise.all(tables.map((table) => api.dump(table)))).flat();
  return items
    .filter(({ pk, sk }) => !pk.startsWith('L#API#') && sk !== 'USE')
    .toSorted((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
}
const before = await atRest();

/** The problem document of an answer, after everything that holds for all of them. */
async function refusal(row: Row, request: ApiCall = {}, path = pathOf(row)) {
  const answer = await api.call(row.method, path, request);
  expect([path, answer.headers.get('content-type')]).toEqual([path, 'application/problem+json']);
  const problem = problemDocument.parse(answer.body);
  expect(problem.status).toBe(answer.status);
  return problem;
}

describe('every endpoint', () => {
  test('that takes a body has a right one here', () => {
    expect(Object.keys(RIGHT_BODIES).toSorted()).toEqual(posting.map(({ name }) => name).toSorted());
  });

  test.each(rows)('W9 $name needs a key', async (row) => {
    expect(await refusal(row, { key: null })).toMatchObject({ status: 401 });
    expect(await refusal(row, { key: 'ak_000000000000_wrong' })).toMatchObject({ status: 401 });
  });

  test.each(rows)('W9 $name needs its scope', async (row) => {
    const key = keyWithout.get(row.scope) ?? '';
    expect(await refusal(row, { ...right(row), key })).toMatchObject({ status: 403 });
  });

  test.each(posting)('W6 $name takes JSON of a bearable size, without what it does not know', async (row) => {
    const common = row.ifMatch ? { ifMatch: '0-1' } : {};
    const raw = (text: string, type = 'application/json') => ({
      ...common,
      body: text,
      headers: { 'content-type': type },
    });
    expect(await refusal(row, raw('{"a":'))).toMatchObject({ status: 400 });
    expect(await refusal(row, raw('{}', 'text/plain'))).toMatchObject({ status: 415 });
    const tooLarge = `{"a":"${'x'.repeat((row.large ? 512 : 64) * 1024)}"}`;
    expect(await refusal(row, raw(tooLarge))).toMatchObject({ status: 413 });
    const { status, errors = [] } = await refusal(row, { ...common, body: { surprise: 1 } });
    expect(status).toBe(422);
    expect(errors).not.toEqual([]);
    for (const { pointer, detail } of errors) expect([pointer, detail]).not.toContain('');
  });

  test.each(posting)('W6 $name refuses one unknown field in a document that is right', async (row) => {
    const problem = await refusal(row, { ...right(row), body: { ...RIGHT_BODIES[row.name], surprise: 1 } });
    expect(problem).toMatchObject({ status: 422, errors: [{ pointer: '/surprise', code: 'unknown' }] });
  });

  test.each(rows.filter(({ method }) => method === 'DELETE'))('W6 $name takes no body', async (row) => {
    expect(await refusal(row, { body: {} })).toMatchObject({ status: 422 });
  });

  test.each(rows.filter(({ name }) => 'contacts' in (RIGHT_BODIES[name] ?? {})))(
    '$name takes a thousand contacts, and not one more',
    async (row) => {
      const contacts = Array.from({ length: 1_001 }, (_, at) => ({ id: `con_${at}` }));
      const body = { ...RIGHT_BODIES[row.name], contacts };
      expect(await refusal(row, { body })).toMatchObject({ status: 422, errors: [{ pointer: '/contacts' }] });
    },
  );

  test.each(rows.filter(({ ifMatch }) => ifMatch))(
    'W6 $name wants the version, and the newest',
    async (row) => {
      const { body } = right(row);
      expect(await refusal(row, { body })).toMatchObject({ status: 428 });
      expect(await refusal(row, { body, headers: { 'if-match': 'W/"1"' } })).toMatchObject({ status: 400 });
      for (const ifMatch of ['99-99', '99', '0', '', 'x'])
        expect(await refusal(row, { body, ifMatch })).toMatchObject({ status: 412 });
    },
  );

  test.each(named)('T3 $name finds nobody under an id that is none of ours', async (row) => {
    for (const id of STRANGE_IDS)
      expect([400, 404]).toContain((await refusal(row, right(row), pathOf(row, anna, id))).status);
  });

  test.each(named)('$name finds nothing of another controller', async (row) => {
    expect(await refusal(row, { ...right(row), key: strangerKey })).toMatchObject({ status: 404 });
  });

  test.each(posting.filter(({ name }) => 'use' in (RIGHT_BODIES[name] ?? {})))(
    '$name knows no brand of another controller',
    async (row) => {
      const body = { ...RIGHT_BODIES[row.name], brand: strangerBrand.id };
      expect([404, 422]).toContain((await refusal(row, { body })).status);
    },
  );

  test.each(rows)('W6 $name takes no query that it does not know, however it is written', async (row) => {
    for (const query of ['surprise=1', 'surprise=%E0%A4%A', '%zz=%zz', '%', '__proto__=1'])
      expect(await refusal(row, right(row), `${pathOf(row)}?${query}`)).toMatchObject({
        status: 400,
        errors: expect.arrayContaining([expect.objectContaining({ in: 'query' })]),
      });
  });

  test('none of it wrote anything', async () => {
    expect(await atRest()).toEqual(before);
  });
});

describe('a body that comes with a question', () => {
  const handler = toHandler(createApiApp(deps, ENDPOINTS)) as Parameters<typeof call>[0];
  const headers = { authorization: `Bearer ${api.allScopes}`, 'content-type': 'application/json' };
  const asked = async (row: Row, more: object) => {
    const answer = await call(handler, pathOf(row), { headers, query: 'surprise=1', ...more });
    return { status: answer.status, type: answer.headers['content-type'], body: answer.body };
  };

  test.each(reading)('$name is answered as if it had none', async (row) => {
    const plain = await asked(row, {});
    expect(plain).toMatchObject({ status: 400, type: 'application/problem+json' });
    const body = '{"a":1}';
    expect(await asked(row, { body })).toEqual(plain);
    expect(await asked(row, { body, method: 'HEAD' })).toEqual({ ...plain, body: '' });
  });
});

describe('what is right', () => {
  test.each(posting)('W7 $name acts, once for each Idempotency-Key', async (row) => {
    const path = pathOf(row, await target());
    const versions = {
      'PATCH /v1/accounts/{id}': '1',
      'PUT /v1/settings/{kind}/{id}': '1',
      // After the one before.
      'POST /v1/settings/{kind}/{id}/versions/{version}/activate': '2',
    };
    const version = Object.entries(versions).find(([name]) => name === row.name)?.[1] ?? '0-1';
    const request = { ...right(row, version), ...(row.idempotent ? { idempotencyKey: row.name } : {}) };
    expect([200, 201, 202]).toContain((await api.call(row.method, path, request)).status);
    if (!row.idempotent) return;
    const after = await atRest();
    expect((await api.call(row.method, path, request)).status).toBeLessThan(300);
    // As a text it is another one.
    const other = { ...request, body: `${JSON.stringify(request.body)} ` };
    expect(await refusal(row, other, path)).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    expect(await atRest()).toEqual(after);
  });
});
