import { afterAll, describe, expect, test } from 'vitest';

import { SCOPES } from '../../../shared/settings/api-key.ts';
import { ENDPOINTS } from '../../../web/api/endpoints.ts';
import { problemDocument } from '../../../web/api/problem-document.ts';
import { openTestApi } from '../../support/api.ts';
import type { ApiCall } from '../../support/api.ts';
import { resetClock } from '../../support/system.ts';

const api = await openTestApi(ENDPOINTS);
afterAll(resetClock);

/** A path with something in the place of each parameter. */
const pathOf = (path: string) =>
  path
    .replace('{kind}/{id}', 'brand/nordlicht')
    .replace('{kind}', 'brand')
    .replace('/jobs/{id}', `/jobs/job_${'0'.repeat(32)}`)
    .replaceAll(/\{\w+\}/g, 'con_none');
const rows = ENDPOINTS.map((endpoint) => ({ ...endpoint, name: `${endpoint.method} ${endpoint.path}` }));
const posting = rows.filter(({ method }) => method !== 'GET' && method !== 'DELETE');

/** Everything at rest but what is counted per key and minute. */
async function atRest(): Promise<string> {
  const tables = ['contacts', 'ledger', 'engagement', 'outbox', 'config'] as const;
  const items = (await Promise.all(tables.map((table) => api.dump(table)))).flat();
  const kept = items.filter(({ pk, sk }) => !pk.startsWith('L#API#') && sk !== 'USE');
  return JSON.stringify(kept.map(({ pk, sk }) => `${pk} ${sk}`).toSorted((a, b) => (a < b ? -1 : 1)));
}
const before = await atRest();

/** The problem document of an answer, after everything that holds for all of them. */
async function refusal(row: (typeof rows)[number], call: ApiCall = {}) {
  const answer = await api.call(row.method, pathOf(row.path), call);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemDocument.parse(answer.body);
  expect(problem.status).toBe(answer.status);
  return problem;
}

describe('every endpoint', () => {
  test.each(rows)('W9 $name needs a key', async (row) => {
    expect(await refusal(row, { key: null })).toMatchObject({ status: 401 });
    expect(await refusal(row, { key: 'ak_000000000000_wrong' })).toMatchObject({ status: 401 });
  });

  test.each(rows)('W9 $name needs its scope', async (row) => {
    const key = await api.keyFor(SCOPES.filter((scope) => scope !== row.scope));
    expect(await refusal(row, { key })).toMatchObject({ status: 403 });
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

  test.each(rows.filter(({ ifMatch }) => ifMatch))('W6 $name wants the version', async (row) => {
    expect(await refusal(row, { body: {} })).toMatchObject({ status: 428 });
    expect(await refusal(row, { body: {}, headers: { 'if-match': 'W/"1"' } })).toMatchObject({ status: 400 });
  });

  test('none of it wrote anything', async () => {
    expect(await atRest()).toBe(
      JSON.stringify(
        [...JSON.parse(before), ...(await newKeys())].toSorted((a: string, b: string) => (a < b ? -1 : 1)),
      ),
    );
  });
});

/** The keys that the tests above made themselves. */
async function newKeys(): Promise<string[]> {
  const items = await api.dump('config');
  const names = items.filter(({ pk }) => /^K(EYS)?#/.test(pk)).map(({ pk, sk }) => `${pk} ${sk}`);
  return names.filter((name) => !before.includes(name) && !name.endsWith(' USE'));
}
