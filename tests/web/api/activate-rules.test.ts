import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { eventKey } from '../../../shared/engagement/event.ts';
import { recalculationId } from '../../../shared/jobs/recalculation.ts';
import { runJobs } from '../../../shared/jobs/run-jobs.ts';
import { now } from '../../../shared/platform/clock.ts';
import { write } from '../../../shared/platform/table.ts';
import { recalculate } from '../../../shared/scoring/recalculate.ts';
import { readScore } from '../../../shared/scoring/store.ts';
import { demoScoring } from '../../../shared/settings/demo-scoring.ts';
import { demoUses } from '../../../shared/settings/demo.ts';
import { scoring } from '../../../shared/settings/scoring.ts';
import type { Scoring } from '../../../shared/settings/scoring.ts';
import { jobEndpoints } from '../../../web/api/jobs.ts';
import { changeAnswer, settingAnswer, versionAnswer } from '../../../web/api/setting-shapes.ts';
import { settingsEndpoints } from '../../../web/api/settings.ts';
import { agreed, makePerson } from '../../decision/people.ts';
import { openTestApi } from '../../support/api.ts';
import { event } from '../../support/engagement.ts';
import { BRAND, CONTROLLER, captureLog, resetClock } from '../../support/system.ts';

const api = await openTestApi([...settingsEndpoints, ...jobEndpoints]);
const { deps } = api;
beforeEach(() => void captureLog());
afterAll(resetClock);

const RULES = `/v1/settings/scoring/${CONTROLLER}`;
const actor = { kind: 'staff', id: 's-17' };
const rules = scoring.parse(demoScoring);
/** Whoever is interested at all is ripe. */
const EAGER: Scoring = {
  ...rules,
  bands: { '1': 40, '2': 20, '3': 5 },
  mql: { total: 20, topic: 20, grade: 'D' },
};
const problem = z.object({
  code: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string() })).default([]),
});
const job = z.looseObject({ id: z.string(), state: z.string(), kind: z.string(), listed: z.number() });
const results = z.object({ contactIds: z.array(z.string()) });

/** Somebody who was once at a webinar and lets us keep a profile, and somebody who does not. */
const [anna, otto] = await Promise.all(
  [['profiling'], ['newsletter']].map(async ([use = ''], n) => {
    const { id } = await makePerson(deps, `p${n}@kunde.example`, [agreed(use)]);
    const item = { ...event('webinar', now()), contactId: id };
    await write(deps.db, { put: 'engagement', item: { ...eventKey(item), ...item } });
    await recalculate(deps, id);
    return id;
  }),
);
const version = async () => (await api.call('GET', RULES)).as(settingAnswer).version;
const put = async (document: unknown) =>
  api.call('PUT', RULES, { body: { document, actor }, ifMatch: String(await version()) });
const activate = async (former: number | string, ifMatch?: string, path = RULES) =>
  api.call('POST', `${path}/versions/${former}/activate`, {
    body: { actor },
    ifMatch: ifMatch ?? String(await version()),
  });
const look = async (id: string) => (await api.call('GET', `/v1/jobs/${id}`)).as(job);
const scoreOf = async (id: string | undefined) => readScore(deps.db, id ?? '');
const jobsAtRest = async () => (await api.dump('config')).filter(({ pk }) => /^J(#|OBS)/.test(pk));

test('rules are tried out, activated and taken back, with everybody’s score', async () => {
  const asked = await api.call('POST', '/v1/scoring/preview', { body: { document: EAGER } });
  expect(asked.status).toBe(202);
  const { id } = asked.as(job);
  expect(asked.headers.get('location')).toBe(`/v1/jobs/${id}`);
  expect(asked.body).toMatchObject({ kind: 'scoring-preview', state: 'waiting', scores: { bands: [] } });
  await runJobs(deps);
  const tried = await look(id);
  expect(tried).toMatchObject({
    state: 'done',
    progress: { done: 2, total: 2 },
    listed: 1,
    counts: [],
    scores: {
      at: tried['createdAt'],
      rules: 1,
      mql: { becomes: { count: 1, samples: [anna] }, stops: { count: 0, samples: [] }, stays: 0, none: 0 },
      bands: [{ from: 3, to: 2, count: 1 }],
      totals: [{ from: 30, before: 1, after: 1 }],
    },
  });
  expect((await api.call('GET', `/v1/jobs/${id}/results`)).as(results).contactIds).toEqual([anna]);
  expect(await scoreOf(anna)).toMatchObject({ band: 3, rules: 1 });

  const changed = (await put(EAGER)).as(changeAnswer);
  expect(changed).toMatchObject({ version: 2, job: recalculationId(CONTROLLER, 2) });
  expect((await api.call('GET', RULES)).as(settingAnswer).job).toBe(changed.job);
  expect(await look(changed.job ?? '')).toMatchObject({ kind: 'recalculation', state: 'waiting' });
  await runJobs(deps);
  expect(await look(changed.job ?? '')).toMatchObject({ state: 'done', progress: { done: 2, total: 2 } });
  expect(await scoreOf(anna)).toMatchObject({ band: 2, rules: 2, mql: { by: 'total' } });
  expect(await scoreOf(otto)).toBeUndefined();

  const back = await activate(1);
  expect(back.status).toBe(200);
  expect(back.headers.get('etag')).toBe('"3"');
  expect(back.as(changeAnswer).job).toBe(recalculationId(CONTROLLER, 3));
  const of = async (n: number) =>
    (await api.call('GET', `${RULES}/versions/${n}`)).as(versionAnswer).document;
  expect([await of(1), await of(2), await of(3)]).toEqual([rules, EAGER, rules]);
  await runJobs(deps);
  expect(await scoreOf(anna)).toMatchObject({ band: 3, rules: 3 });
  expect(await scoreOf(anna)).not.toHaveProperty('mql');
});

describe('rules that could not be activated', () => {
  test.each<[string, unknown, number, string[]]>([
    ['for being none', { ...rules, quietSeconds: -1 }, 422, ['/document/quietSeconds too-small']],
    ['for a misspelt rule', { ...rules, halfLife: 30 }, 422, ['/document/halfLife unknown']],
    [
      'for a part that never holds',
      { ...rules, grades: { A: 75, B: 75, C: 25 } },
      422,
      ['/document/grades/B grades-not-descending'],
    ],
    ['for being another controller’s', { ...rules, id: 'fremd-ag' }, 403, []],
  ])('are not tried out: %s', async (_, document, status, expected) => {
    const before = await jobsAtRest();
    const answer = await api.call('POST', '/v1/scoring/preview', { body: { document } });
    expect(answer.status).toBe(status);
    const errors = answer.as(problem).errors.map(({ pointer, code }) => `${pointer} ${code}`);
    expect(errors).toEqual(expected);
    expect((await put(document)).as(problem).errors).toEqual(answer.as(problem).errors);
    expect(await jobsAtRest()).toEqual(before);
  });

  test('but for what somebody answers for are tried out as they are activated', async () => {
    const types = rules.types.map((type) => (type.id === 'form' ? { ...type, purpose: undefined } : type));
    const body = { document: { ...rules, types } };
    const refused = await api.call('POST', '/v1/scoring/preview', { body });
    expect(refused.as(problem).errors).toMatchObject([{ code: 'act-without-purpose' }]);
    const acknowledge = { codes: ['act-without-purpose'], name: 'A. Berg', reason: 'told on the form' };
    const asked = await api.call('POST', '/v1/scoring/preview', { body: { ...body, acknowledge } });
    expect(asked.status).toBe(202);
    await runJobs(deps);
  });
});

describe('activating', () => {
  test('is all or nothing: a version that somebody else made first brings no job', async () => {
    const before = await jobsAtRest();
    const now = String(await version());
    const answers = await Promise.all([activate(1, now), activate(2, now), activate(1, now)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(2);
    expect((await jobsAtRest()).length - before.length).toBe(2);
    expect((await activate(1, '1')).status).toBe(412);
    expect((await activate(1, '0')).status).toBe(412);
    expect((await jobsAtRest()).length - before.length).toBe(2);
    await runJobs(deps);
  });

  test('needs no place among open jobs, and nobody can end what follows', async () => {
    const audience = () => api.call('POST', '/v1/audiences', { body: { brand: BRAND, use: 'newsletter' } });
    const open = await Promise.all(Array.from({ length: 6 }, audience));
    expect(open.filter(({ status }) => status === 429)).toHaveLength(1);
    const { job: id = '' } = (await put(rules)).as(changeAnswer);
    const ended = await api.call('DELETE', `/v1/jobs/${id}`);
    expect(ended.status).toBe(409);
    await runJobs(deps);
    expect(await look(id)).toMatchObject({ state: 'done' });
  });

  test('works for every kind', async () => {
    const path = `/v1/settings/uses/${demoUses.id}`;
    const [first, ...others] = demoUses.uses;
    const renamed = { ...demoUses, uses: [{ ...first, name: { de: 'Post', en: 'Post' } }, ...others] };
    const change = { body: { document: renamed, actor }, ifMatch: '1' };
    expect((await api.call('PUT', path, change)).status).toBe(200);
    const back = await activate(1, '2', path);
    expect(back.status).toBe(200);
    expect(back.as(changeAnswer)).toMatchObject({ version: 3 });
    expect(back.as(changeAnswer)).not.toHaveProperty('job');
    expect((await api.call('GET', path)).as(settingAnswer).document).toEqual(demoUses);
  });

  test('runs the linter anew', async () => {
    const unlawful = (await version()) + 1;
    await api.set('scoring', CONTROLLER, { grades: { A: 75, B: 75, C: 25 } });
    expect((await put(rules)).status).toBe(200);
    const before = await api.dump('config');
    const refused = await activate(unlawful);
    expect(refused.status).toBe(422);
    expect(refused.as(problem).errors).toMatchObject([
      { pointer: '/document/grades/B', code: 'grades-not-descending' },
    ]);
    expect(await api.dump('config')).toEqual(before);
    await runJobs(deps);
  });

  test.each([
    ['no such version', '99', 404],
    ['none at all', 'x', 400],
  ])('of %s is refused', async (_, former, status) => {
    expect((await activate(former)).status).toBe(status);
  });

  test('of somebody else’s, and of what holds for everybody, is refused', async () => {
    expect((await activate(1, '1', '/v1/settings/scoring/fremd-ag')).status).toBe(404);
    await api.set('limits', 'default', { openJobs: 5 });
    expect((await activate(1, '1', '/v1/settings/limits/default')).status).toBe(403);
  });
});
