import { expect, test } from 'vitest';
import * as z from 'zod';

import { demoScoring } from '../../../shared/settings/demo-scoring.ts';
import { scoring } from '../../../shared/settings/scoring.ts';
import { readScoringRules } from '../../../shared/settings/store.ts';
import {
  changeAnswer,
  settingAnswer,
  versionAnswer,
  versionsAnswer,
} from '../../../web/api/setting-shapes.ts';
import { settingsEndpoints } from '../../../web/api/settings.ts';
import { openTestApi } from '../../support/api.ts';
import { CONTROLLER } from '../../support/system.ts';

const api = await openTestApi(settingsEndpoints);
const RULES = `/v1/settings/scoring/${CONTROLLER}`;
const problem = z.object({ errors: z.array(z.object({ pointer: z.string(), code: z.string() })) });
const put = (document: unknown, ifMatch: string, more: object = {}) =>
  api.call('PUT', RULES, { body: { document, actor: { kind: 'staff', id: 's-17' }, ...more }, ifMatch });
const rules = scoring.parse(demoScoring);

test('scoring rules are read, changed, told apart, and brought back as a new version', async () => {
  expect((await api.call('GET', '/v1/settings/scoring')).body).toEqual({ settings: [{ id: CONTROLLER }] });
  const first = (await api.call('GET', RULES)).as(settingAnswer);
  expect(first).toMatchObject({ version: 1, document: rules, findings: [] });

  const changed = await put({ ...rules, halfLifeDays: 45, mql: { ...rules.mql, total: 70 } }, '1');
  expect(changed.status).toBe(200);
  expect(changed.as(changeAnswer)).toMatchObject({
    version: 2,
    diff: [
      { pointer: '/halfLifeDays', from: 30, to: 45 },
      { pointer: '/mql/total', from: 60, to: 70 },
    ],
  });
  expect(await readScoringRules(api.deps.db, CONTROLLER)).toMatchObject({ version: 2, halfLifeDays: 45 });

  const { document } = (await api.call('GET', `${RULES}/versions/1`)).as(versionAnswer);
  expect((await put(document, '2')).as(changeAnswer).version).toBe(3);
  expect(await readScoringRules(api.deps.db, CONTROLLER)).toEqual({ ...rules, version: 3 });
  const { versions } = (await api.call('GET', `${RULES}/versions`)).as(versionsAnswer);
  expect(versions.map(({ version, actor, diff }) => [version, actor, diff.length])).toEqual([
    [3, 's-17', 2],
    [2, 's-17', 2],
    [1, 'seed', 1],
  ]);
});

test.each<[string, unknown, string[]]>([
  [
    'that is none',
    { ...rules, quietSeconds: -1, bands: { '1': 'many', '2': 60, '3': 30 } },
    ['/document/quietSeconds too-small', '/document/bands/1 invalid-type'],
  ],
  ['with a misspelt rule', { ...rules, halfLife: 30 }, ['/document/halfLife unknown']],
  [
    'that rewards silence',
    { ...rules, noReaction: { points: 10, days: 7, dayCap: 20 } },
    ['/document/noReaction/points too-big'],
  ],
  [
    'of which a part never holds',
    { ...rules, grades: { A: 75, B: 75, C: 25 } },
    ['/document/grades/B grades-not-descending'],
  ],
  [
    'G12 by which clicks need no permission',
    {
      ...rules,
      types: rules.types.map((type) =>
        type.id === 'click' ? { ...type, kind: 'act', purpose: { de: 'Messen', en: 'Measuring' } } : type,
      ),
    },
    ['/document/types/1/kind tracked-as-act'],
  ],
  [
    'with an act for no purpose',
    {
      ...rules,
      types: rules.types.map((type) => (type.id === 'form' ? { ...type, purpose: undefined } : type)),
    },
    ['/document/types/5/purpose act-without-purpose'],
  ],
])('rules %s are refused, and nothing changes', async (_, document, expected) => {
  const before = await api.dump('config');
  const { version } = (await api.call('GET', RULES)).as(settingAnswer);
  const answer = await put(document, String(version));
  expect(answer.status).toBe(422);
  const errors = answer.as(problem).errors.map(({ pointer, code }) => `${pointer} ${code}`);
  expect(errors).toEqual(expected);
  expect(await api.dump('config')).toEqual(before);
});

test('another controller’s rules are not found and not written', async () => {
  expect((await api.call('GET', '/v1/settings/scoring/fremd-ag')).status).toBe(404);
  const body = { document: { ...rules, id: 'fremd-ag' }, actor: { kind: 'staff', id: 's-17' } };
  expect((await api.call('PUT', '/v1/settings/scoring/fremd-ag', { body, ifMatch: '0' })).status).toBe(403);
});
