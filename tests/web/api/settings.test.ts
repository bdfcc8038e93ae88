import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { canonical } from '../../../shared/permission/evidence.ts';
import { MINUTE } from '../../../shared/platform/clock.ts';
import { sha256 } from '../../../shared/platform/ids.ts';
import { demoBrand, demoUses } from '../../../shared/settings/demo.ts';
import { demoNewsletterForm } from '../../../shared/settings/demo-forms.ts';
import { wordingHash } from '../../../shared/settings/form.ts';
import { openSettings, saveSetting } from '../../../shared/settings/store.ts';
import { changeAnswer, settingAnswer, versionsAnswer } from '../../../web/api/setting-shapes.ts';
import { settingsEndpoints } from '../../../web/api/settings.ts';
import { openTestApi } from '../../support/api.ts';
import type { ApiCall, TestApi } from '../../support/api.ts';
import { advanceClock, resetClock } from '../../support/system.ts';

const problem = z.object({
  errors: z.array(z.object({ pointer: z.string(), code: z.string() })).default([]),
});
const STAFF = { kind: 'staff', id: 's-17' };
const FORM = '/v1/settings/form/newsletter';
const [newsletter, ...others] = demoNewsletterForm.uses;
if (!newsletter) throw new Error('the demo form offers nothing');
/** The newsletter form with another declaration. */
const worded = (de: string) => ({
  ...demoNewsletterForm,
  uses: [{ ...newsletter, wording: { ...newsletter.wording, de } }, ...others],
});
const LAWFUL = 'Nordlicht Antriebstechnik darf mir E-Mails senden, bis ich widerrufe.';
const BUNDLED = 'Nordlicht Antriebstechnik darf mir E-Mails senden und Klicks messen, bis ich widerrufe.';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi(settingsEndpoints);
  const other = { ...demoBrand, id: 'foreign', controller: { ...demoBrand.controller, id: 'foreign-ag' } };
  const by = { expected: 0, actor: 'test', at: '2026-11-25T08:00:00.000Z' };
  await saveSetting(api.deps.db, 'brand', 'foreign', other, by);
  await saveSetting(
    api.deps.db,
    'form',
    'foreign-form',
    { ...demoNewsletterForm, id: 'foreign-form', brand: 'foreign' },
    by,
  );
});
afterAll(resetClock);

const put = (path: string, document: unknown, ifMatch: string, more: object = {}, call: ApiCall = {}) =>
  api.call('PUT', path, { body: { document, actor: STAFF, ...more }, ifMatch, ...call });
const versionOf = async (path: string) =>
  (await api.call('GET', path)).headers.get('etag')?.slice(1, -1) ?? '0';
const errorsOf = async (answer: ReturnType<typeof put>) =>
  (await answer).as(problem).errors.map(({ pointer, code }) => `${pointer} ${code}`);
/** Settings at rest; what the shell counts and remembers lies elsewhere. */
const settingsAtRest = async () => sha256(canonical(await api.dump('config')));

describe('settings are read', () => {
  test('by kind, those of the own controller alone', async () => {
    const ids = async (kind: string) => (await api.call('GET', `/v1/settings/${kind}`)).body;
    expect(await ids('form')).toEqual({
      settings: [{ id: 'newsletter' }, { id: 'open-house' }, { id: 'preferences' }],
    });
    expect(await ids('brand')).toEqual({ settings: [{ id: 'nordlicht' }] });
    expect(await ids('uses')).toEqual({ settings: [{ id: 'nordlicht-gmbh' }] });
    expect(await ids('policy')).toEqual({ settings: [] });
  });

  test('with their version as ETag and what the linter says', async () => {
    const answer = await api.call('GET', '/v1/settings/form/open-house');
    expect(answer.headers.get('etag')).toBe('"1"');
    const { document, findings } = answer.as(settingAnswer);
    expect(document).toMatchObject({ id: 'open-house', brand: 'nordlicht' });
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['field-required']));
  });

  test.each([
    '/v1/settings/brand/foreign',
    '/v1/settings/form/foreign-form',
    '/v1/settings/form/foreign-form/versions',
    '/v1/settings/form/foreign-form/versions/1',
    '/v1/settings/uses/foreign-ag',
    '/v1/settings/form/nothing',
    '/v1/settings/form/newsletter/versions/99',
  ])('%s is not found', async (path) => expect((await api.call('GET', path)).status).toBe(404));
});

describe('a document is changed', () => {
  test('by a named person, and the answer says what is different', async () => {
    const version = await versionOf(FORM);
    const answer = await put(FORM, worded(LAWFUL), version);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe(`"${Number(version) + 1}"`);
    expect(answer.as(changeAnswer)).toMatchObject({
      version: Number(version) + 1,
      diff: [{ pointer: '/uses/0/wording/de', from: newsletter.wording.de, to: LAWFUL }],
      findings: [],
    });
    const [latest] = (await api.call('GET', `${FORM}/versions`)).as(versionsAnswer).versions;
    expect(latest).toMatchObject({ version: Number(version) + 1, actor: 's-17' });
  });

  test('E1 and a wording once used stays what it was, and so does the form that showed it', async () => {
    const before = await versionOf(FORM);
    const old = (await api.call('GET', FORM)).as(settingAnswer).document;
    await put(FORM, worded(`${LAWFUL} Neu.`), before);
    const { wording } = openSettings(api.deps.db);
    for (const text of [LAWFUL, `${LAWFUL} Neu.`]) expect(await wording(wordingHash(text))).toBe(text);
    const kept = await api.call('GET', `${FORM}/versions/${before}`);
    expect(kept.body).toMatchObject({ version: Number(before), document: old });
  });

  test('or made new, with "0" for a version', async () => {
    const document = { ...demoNewsletterForm, id: 'spring', topics: [] };
    const answer = await put('/v1/settings/form/spring', document, '0');
    expect(answer.status).toBe(201);
    expect(answer.as(changeAnswer).diff).toEqual([{ pointer: '', to: document }]);
    expect((await api.call('GET', '/v1/settings/form')).body).toMatchObject({
      settings: [{ id: 'newsletter' }, { id: 'open-house' }, { id: 'preferences' }, { id: 'spring' }],
    });
    expect((await put('/v1/settings/form/spring', document, '0')).status).toBe(412);
  });

  test('once of ten times at the same version', async () => {
    const version = await versionOf(FORM);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => put(FORM, worded(`${LAWFUL} ${n}`), version)),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
    expect(await versionOf(FORM)).toBe(String(Number(version) + 1));
  });

  test('and its versions are told page by page, newest first', async () => {
    const newest = Number(await versionOf(FORM));
    const seen: number[] = [];
    let before: number | undefined;
    do {
      const query = { limit: 2, ...(before === undefined ? {} : { before }) };
      const page = (await api.call('GET', `${FORM}/versions`, { query })).as(versionsAnswer);
      seen.push(...page.versions.map(({ version }) => version));
      before = page.before;
    } while (before !== undefined);
    expect(seen).toEqual(Array.from({ length: newest }, (_, back) => newest - back));
  });
});

describe('a document is refused', () => {
  const cases: [string, string, () => unknown, number, string[]?][] = [
    ['on an older version', FORM, () => demoNewsletterForm, 412],
    [
      'that is none of its kind',
      FORM,
      () => ({ ...demoNewsletterForm, optIn: 'single' }),
      422,
      ['/document/optIn invalid-value'],
    ],
    [
      'with a rule that nobody reads',
      FORM,
      () => ({ ...demoNewsletterForm, optin: 'double' }),
      422,
      ['/document/optin unknown'],
    ],
    [
      'that leads nowhere',
      FORM,
      () => ({ ...demoNewsletterForm, topics: ['nothing'] }),
      422,
      ['/document/topics/0 unknown-topic'],
    ],
    [
      'of another brand',
      FORM,
      () => ({ ...demoNewsletterForm, brand: 'foreign' }),
      422,
      ['/document/brand brand-changed', '/document/brand unknown-brand'],
    ],
    ['with another id', FORM, () => ({ ...demoNewsletterForm, id: 'other' }), 422, []],
    [
      'that lacks a language of the privacy notice',
      '/v1/settings/brand/nordlicht',
      () => ({ ...demoBrand, privacyNotice: { version: '1', url: { de: 'https://a.example' } } }),
      422,
      ['/document/privacyNotice/url/en invalid-type'],
    ],
    [
      'T13 with links that a browser would run',
      '/v1/settings/brand/nordlicht',
      () => ({
        ...demoBrand,
        imprint: { ...demoBrand.imprint, url: 'javascript:alert(1)' },
        privacyNotice: { version: '1', url: { de: 'https://a.example', en: 'data:text/html,x' } },
      }),
      422,
      ['/document/imprint/url invalid-format', '/document/privacyNotice/url/en invalid-format'],
    ],
    [
      'T13 that leads to what a browser would run',
      FORM,
      () => ({ ...demoNewsletterForm, thankYouUrls: ['javascript:alert(1)'] }),
      422,
      ['/document/thankYouUrls/0 invalid-format'],
    ],
    [
      'that gives a brand away',
      '/v1/settings/brand/nordlicht',
      () => ({ ...demoBrand, controller: { ...demoBrand.controller, id: 'foreign-ag' } }),
      422,
      ['/document/controller/id controller-changed'],
    ],
    ['of somebody else', '/v1/settings/brand/foreign', () => ({ ...demoBrand, id: 'foreign' }), 404],
    [
      'in the name of somebody else',
      '/v1/settings/uses/foreign-ag',
      () => ({ ...demoUses, id: 'foreign-ag' }),
      403,
    ],
    ['that holds for everybody', '/v1/settings/limits/default', () => ({ openRequests: 3 }), 403],
  ];
  test.each(cases)('%s', async (what, path, document, status, errors) => {
    const version = what === 'on an older version' ? '1' : await versionOf(path);
    const before = await settingsAtRest();
    const answer = put(path, document(), version);
    expect((await answer).status).toBe(status);
    expect(errors ? await errorsOf(answer) : undefined).toEqual(errors);
    expect(await settingsAtRest()).toBe(before);
  });

  test('without a version, with one that is none of ours, and without the scope', async () => {
    expect((await api.call('PUT', FORM, { body: { document: {}, actor: STAFF } })).status).toBe(428);
    expect((await put(FORM, demoNewsletterForm, 'latest')).status).toBe(412);
    const key = await api.keyFor(['settings:read']);
    expect((await put(FORM, demoNewsletterForm, '1', {}, { key })).status).toBe(403);
  });
});

describe('what the linter calls an error', () => {
  test('G12 is refused, and let through on a named person’s responsibility, which is kept', async () => {
    const version = await versionOf(FORM);
    const refused = put(FORM, worded(BUNDLED), version);
    expect((await refused).status).toBe(422);
    expect(await errorsOf(refused)).toEqual(['/document/uses/0/wording/de bundled-consent']);
    const acknowledge = {
      codes: ['bundled-consent', 'model-below-floor'],
      name: 'A. Berg',
      reason: 'counsel said so',
    };
    const answer = await put(FORM, worded(BUNDLED), version, { acknowledge });
    expect(answer.as(changeAnswer).findings).toMatchObject([{ code: 'bundled-consent', severity: 'error' }]);
    const [latest] = (await api.call('GET', `${FORM}/versions`)).as(versionsAnswer).versions;
    expect(latest?.acknowledged).toEqual({ ...acknowledge, codes: ['bundled-consent'] });
  });

  test('is nobody’s to answer for where a reference leads nowhere', async () => {
    const acknowledge = { codes: ['unknown-topic'], name: 'A. Berg', reason: 'soon' };
    const document = { ...demoNewsletterForm, topics: ['nothing'] };
    expect((await put(FORM, document, await versionOf(FORM), { acknowledge })).status).toBe(422);
  });

  test('C1 a newsletter under opt-out-only in Germany needs an override, which is told for ever', async () => {
    const path = '/v1/settings/brand/nordlicht';
    const loose = { ...demoBrand, models: { ...demoBrand.models, DE: 'opt-out-only' } };
    expect(await errorsOf(put(path, loose, '1'))).toEqual(['/document/models/DE model-below-floor']);
    const floorOverrides = [
      {
        country: 'DE',
        channel: 'email',
        rule: 'OPT_OUT',
        name: 'A. Berg',
        reason: 'customers only',
        since: '2026-11-25T08:00:00.000Z',
      },
    ];
    expect((await put(path, { ...loose, floorOverrides }, '1')).status).toBe(200);
    advanceClock(500 * 24 * 60 * MINUTE);
    const { findings } = (await api.call('GET', path)).as(settingAnswer);
    expect(findings.map(({ code }) => code)).toContain('floor-override');
  });
});
