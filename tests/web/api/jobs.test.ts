import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { putAccount } from '../../../shared/contacts/account-store.ts';
import { runJobs } from '../../../shared/jobs/run-jobs.ts';
import { withdraw } from '../../../shared/permission/withdraw.ts';
import { DAY, now } from '../../../shared/platform/clock.ts';
import { keys } from '../../../shared/platform/keys.ts';
import { write } from '../../../shared/platform/table.ts';
import { demoBrand, demoUses } from '../../../shared/settings/demo.ts';
import { jobEndpoints } from '../../../web/api/jobs.ts';
import { agreed, makePerson } from '../../decision/people.ts';
import { faultyDatabase, serviceError } from '../../platform/faulty-database.ts';
import { openTestApi } from '../../support/api.ts';
import { BRAND, CONTROLLER, advanceClock, captureLog, resetClock } from '../../support/system.ts';

const api = await openTestApi(jobEndpoints);
const { deps } = api;
afterAll(resetClock);

const job = z.object({
  id: z.string(),
  state: z.string(),
  listed: z.number(),
  progress: z.object({ done: z.number(), total: z.number().optional() }),
  counts: z.array(z.object({ use: z.string(), outcome: z.string(), count: z.number() }).loose()),
  failures: z.object({ count: z.number(), samples: z.array(z.string()) }),
});
const results = z.object({ contactIds: z.array(z.string()), cursor: z.string().optional() });

const people = [];
for (let number = 0; number < 40; number += 1) {
  people.push(await makePerson(deps, `p${number}@firma.example`, [agreed('newsletter')]));
}
const ids = people.map(({ id }) => id);
const gone = ids.slice(0, 5);
for (const contactId of gone) {
  await withdraw(deps, {
    contactId,
    brand: demoBrand,
    scope: { kind: 'uses', uses: ['newsletter'] },
    route: 'one-click',
    actor: { kind: 'person' },
  });
}
await makePerson(deps, 'else@firma.example', [agreed('newsletter')], { controller: 'foreign-ag' });
await write(deps.db, {
  put: 'contacts',
  item: { ...keys.contact('con_damaged'), id: 'con_damaged', controller: CONTROLLER },
});
const AUDIENCE = { brand: BRAND, use: 'newsletter' };
await write(
  deps.db,
  putAccount(undefined, {
    schema: 1,
    id: 'acc_1',
    controller: CONTROLLER,
    externalIds: {},
    name: 'Firma',
    class: 'prospect',
    domains: [],
    createdAt: now(),
    updatedAt: now(),
    rev: 1,
  }),
);

async function begin(path: string, body: object) {
  const answer = await api.call('POST', path, { body });
  expect(answer.status).toBe(202);
  expect(answer.headers.get('location')).toBe(`/v1/jobs/${answer.as(job).id}`);
  return answer.as(job).id;
}
const look = async (id: string) => (await api.call('GET', `/v1/jobs/${id}`)).as(job);
async function found(id: string): Promise<string[]> {
  const all: string[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? {} : { cursor };
    const page = (await api.call('GET', `/v1/jobs/${id}/results`, { query })).as(results);
    all.push(...page.contactIds);
    ({ cursor } = page);
  } while (cursor !== undefined);
  return all;
}

describe('an audience', () => {
  test('lists whom decide allows, counts all others by reason, and reports who cannot be read', async () => {
    const id = await begin('/v1/audiences', AUDIENCE);
    expect(await look(id)).toMatchObject({ state: 'waiting', listed: 0 });
    captureLog();
    await runJobs(deps);
    const done = await look(id);
    expect(done).toMatchObject({
      state: 'done',
      listed: 35,
      failures: { count: 1, samples: ['con_damaged'] },
    });
    expect(done.counts).toContainEqual(expect.objectContaining({ outcome: 'allowed', count: 35 }));
    expect(done.counts).toContainEqual(
      expect.objectContaining({ outcome: 'refused', reason: 'withdrawn', count: 5 }),
    );
    expect((await found(id)).toSorted()).toEqual(ids.slice(5).toSorted());
  });

  test('goes on where a run was ended, and counts nobody twice, wherever storage fails', async () => {
    captureLog();
    for (let nth = 0; nth < 14; nth += 1) {
      const id = await begin('/v1/audiences', AUDIENCE);
      let left = nth;
      const db = await faultyDatabase(deps.db, () =>
        left-- === 0 ? { error: serviceError('InternalServerError'), arrives: nth % 2 === 0 } : undefined,
      );
      await runJobs({ ...deps, db }).catch(() => undefined);
      advanceClock(DAY / 24);
      await runJobs(deps);
      expect(await look(id), `failure ${nth}`).toMatchObject({ state: 'done', listed: 35 });
      expect((await found(id)).toSorted()).toEqual(ids.slice(5).toSorted());
    }
  });

  test('of two runs at once one works', async () => {
    captureLog();
    const id = await begin('/v1/audiences', AUDIENCE);
    await Promise.all([runJobs(deps), runJobs(deps)]);
    await runJobs(deps);
    expect(await look(id)).toMatchObject({ state: 'done', listed: 35 });
    expect(new Set(await found(id)).size).toBe(35);
  });
});

test('contacts by status are those whose permission says so', async () => {
  captureLog();
  const id = await begin('/v1/contacts-by-status', { ...AUDIENCE, status: 'withdrawn' });
  await runJobs(deps);
  expect((await found(id)).toSorted()).toEqual(gone.toSorted());
});

test('a preview tells who would lose what, and changes nothing', async () => {
  captureLog();
  const before = await api.dump('contacts');
  const newsletter = demoUses.uses.find(({ id }) => id === 'newsletter');
  const uses = [{ ...newsletter, classes: ['customer'] }, ...demoUses.uses.slice(1)];
  const id = await begin(`/v1/settings/uses/${demoUses.id}/preview`, { document: { ...demoUses, uses } });
  await runJobs(deps);
  const done = await look(id);
  expect(done.state).toBe('done');
  expect(done.counts).toContainEqual(
    expect.objectContaining({ use: 'newsletter', outcome: 'loses', count: 35 }),
  );
  expect(await api.dump('contacts')).toEqual(before);
});

describe('open jobs', () => {
  const asked = () => api.call('POST', '/v1/audiences', { body: AUDIENCE });
  const status = async () => (await asked()).status;
  const OPEN = 5;

  test('W8 are few per controller: of many asked for at once no more are begun, the others are told when to ask again', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, asked));
    const begun = answers.filter((answer) => answer.status === 202);
    expect(begun).toHaveLength(OPEN);
    for (const answer of answers.filter((each) => each.status !== 202)) {
      expect(answer).toMatchObject({ status: 429, body: { code: 'too-many-jobs' } });
      expect(answer.headers.get('retry-after')).toBe('60');
    }
    const [first] = begun.map((answer) => answer.as(job).id);
    expect((await api.call('DELETE', `/v1/jobs/${first}`)).status).toBe(204);
    expect([await status(), await status()]).toEqual([202, 429]);
    captureLog();
    await runJobs(deps);
    const again = await Promise.all(Array.from({ length: OPEN + 1 }, status));
    expect(again.filter((each) => each === 429)).toHaveLength(1);
    await runJobs(deps);
  });

  test('of somebody else take nobody’s place, and a limit that is set holds', async () => {
    const controller = 'foreign-ag';
    const owner = { ...demoBrand.controller, id: controller };
    await api.set('brand', 'foreign', { ...demoBrand, id: 'foreign', controller: owner });
    await api.set('uses', controller, { ...demoUses, id: controller });
    await api.set('limits', 'default', { openJobs: 1 });
    advanceClock(DAY / 24);
    const key = await api.keyFor(['decisions:read'], { controller });
    const body = { ...AUDIENCE, brand: 'foreign' };
    const theirs = () => api.call('POST', '/v1/audiences', { body, key });
    expect([await status(), await status()]).toEqual([202, 429]);
    expect([(await theirs()).status, (await theirs()).status]).toEqual([202, 429]);
    await api.set('limits', 'default', { openJobs: OPEN });
    advanceClock(DAY / 24);
    captureLog();
    await runJobs(deps);
  });

  test.each<[string, string, object]>([
    ['an audience', '/v1/audiences', AUDIENCE],
    ['contacts by status', '/v1/contacts-by-status', { ...AUDIENCE, status: 'granted' }],
    ['a preview of settings', `/v1/settings/uses/${demoUses.id}/preview`, { document: demoUses }],
    ['a preview of a class', '/v1/accounts/acc_1/preview', { class: 'customer' }],
  ])('W7 %s is begun once for all requests with one Idempotency-Key', async (name, path, body) => {
    const ask = (more = {}) =>
      api.call('POST', path, { body: { ...body, ...more }, idempotencyKey: `job ${name}` });
    const first = await ask();
    expect(first.status).toBe(202);
    const answers = await Promise.all([ask(), ask()]);
    expect(answers.map((answer) => answer.as(job).id)).toEqual([first, first].map((each) => each.as(job).id));
    expect((await ask({ more: 1 })).body).toMatchObject({ status: 422 });
    captureLog();
    await runJobs(deps);
  });
});

describe('a job', () => {
  test.each<[string, string, object, number]>([
    ['an unknown use', '/v1/audiences', { ...AUDIENCE, use: 'nothing' }, 422],
    ['somebody else’s brand', '/v1/audiences', { ...AUDIENCE, brand: 'foreign' }, 404],
    ['an unknown field', '/v1/audiences', { ...AUDIENCE, colour: 'red' }, 422],
    ['a past instant', '/v1/audiences', { ...AUDIENCE, at: '2026-01-01T00:00:00.000Z' }, 422],
    ['no account', '/v1/accounts/acc_none/preview', { class: 'customer' }, 404],
    ['no document', `/v1/settings/uses/${demoUses.id}/preview`, { document: { id: demoUses.id } }, 422],
    [
      'somebody else’s settings',
      '/v1/settings/uses/foreign/preview',
      { document: { ...demoUses, id: 'foreign' } },
      404,
    ],
  ])('%s is refused before it begins', async (_, path, body, status) => {
    const answer = await api.call('POST', path, { body });
    expect(answer.status).toBe(status);
  });

  test('of another controller is not found; one’s own can be ended, and is gone after a week', async () => {
    const id = await begin('/v1/audiences', AUDIENCE);
    const key = await api.keyFor(['decisions:read'], { controller: 'foreign-ag' });
    expect((await api.call('GET', `/v1/jobs/${id}`, { key })).status).toBe(404);
    expect((await api.call('DELETE', `/v1/jobs/${id}`)).status).toBe(204);
    expect((await api.call('GET', `/v1/jobs/${id}`)).status).toBe(404);
    const kept = await begin('/v1/audiences', AUDIENCE);
    captureLog();
    await runJobs(deps);
    advanceClock(8 * DAY);
    expect((await api.call('GET', `/v1/jobs/${kept}`)).status).toBe(404);
    await runJobs(deps);
    const left = (await api.dump('config')).filter(({ pk }) => /^J(#|OBS)/.test(pk));
    // But which job was the last in each place.
    expect(left.filter(({ pk }) => !pk.startsWith('JOBS#'))).toEqual([]);
  });
});
