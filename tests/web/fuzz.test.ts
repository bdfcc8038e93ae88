import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ROUTES } from '../../infra/triggers.ts';
import { loginToken } from '../../shared/preferences/login.ts';
import { openSettings } from '../../shared/settings/store.ts';
import { choicesToken } from '../../shared/signup/links.ts';
import { openSite, serveApps } from './open-site.ts';
import type { Site } from './open-site.ts';
import { readOnly } from './read-only.ts';

/** Read by people, scanners and programs: none of these may change anything (T1). */
const SAFE = ['GET', 'HEAD', 'OPTIONS'];
const WRONG = ['PUT', 'DELETE', 'PATCH'];

let site: Site;
/** The same apps over a database that throws on every write. */
let apps: ReturnType<typeof serveApps>;
let guard: Awaited<ReturnType<typeof readOnly>>;
/** Links that still work, and the same ones damaged. */
let good: { confirm: string; unsubscribe: string; undo: string };
let paths: string[];

beforeAll(async () => {
  site = await openSite();
  guard = await readOnly(site.db);
  apps = serveApps({ ...site.deps, settings: openSettings(guard.db) }, guard.db);
  const left = await site.subscribe('left@example.com');
  await site.post(left.unsubscribe, { 'List-Unsubscribe': 'One-Click' });
  await site.settle();
  const undo = /\/undo\/[\w.-]+/.exec(site.sent.at(-1)?.text ?? '')?.[0] ?? '';
  const { unsubscribe } = await site.subscribe('stays@example.com');
  good = { confirm: await site.signUp('waits@example.com'), unsubscribe, undo };
  const { contactId } = await site.subscribe('chooses@example.com');
  const links = await site.secrets.linkKeys();
  const choices = `/preferences/${choicesToken(links, { contactId, brand: 'nordlicht' })}`;
  const logIn = `/log-in/${loginToken(links, 'a'.repeat(32))}`;
  const css = /\/assets\/site\.\w+\.css/.exec((await site.get('/forms/newsletter')).body)?.[0] ?? '';
  paths = [
    ...Object.values(good),
    ...Object.values(good).map((path) => `${path}?List-Unsubscribe=One-Click&scope=all&page=x`),
    ...Object.values(good).map((path) => path.slice(0, -1)),
    `${good.confirm}/not-me`,
    `${good.confirm}/resend`,
    `${good.unsubscribe}/undo`,
    choices,
    `${choices}?use.newsletter=on&act=none&page=x`,
    choices.slice(0, -1),
    `${choices}/undo`,
    '/preferences',
    '/preferences?brand=nordlicht&email=a@example.com',
    logIn,
    '/log-in/code',
    '/log-in/made-up',
    '/sessions',
    '/sessions/end',
    '/sessions/end-all',
    '/profile',
    '/profile/address',
    '/address/made-up',
    '/history',
    '/history/receipt/1',
    '/interests',
    '/rights',
    '/rights/export.json',
    '/rights/export.csv',
    '/rights/erase',
    '/rights/object',
    '/rights/restrict',
    '/rights/requests',
    '/forms/newsletter',
    '/forms/newsletter.json',
    '/forms/newsletter/thanks',
    '/forms/open-house?lang=en&email=a@example.com&uses=event-invitation',
    css,
    '/assets/brand/nordlicht.0.css',
    '/assets/brand/nordlicht.logo',
    '/embed.js',
  ];
});

afterAll(() => guard?.close());

/** The links still do what they were sent for. */
async function expectAlive(): Promise<void> {
  expect((await site.get(good.confirm)).heading).toBe('Stimmt das so?');
  expect((await site.get(good.unsubscribe)).heading).toBe('Abmelden');
  expect((await site.get(good.undo)).heading).toBe('Abmeldung rückgängig machen?');
}

describe('T1 nothing but a press of a button changes anything', () => {
  test('every route that links lead to is among those tried; the API needs a key, see web/api/bad-input', () => {
    const isPage = (path: string) => !/^\/(v1|\.well-known)\//.test(path) && path !== '$default';
    const prefixes = ROUTES.map(({ path }) => path.replace('{proxy+}', '')).filter(isPage);
    for (const prefix of prefixes) expect(paths.filter((path) => path.startsWith(prefix))).not.toEqual([]);
  });

  test('GET, HEAD and OPTIONS on every route write nothing', async () => {
    for (const path of [
      ...paths,
      '/',
      '/favicon.ico',
      '/confirm/',
      '/unsubscribe/',
      '/undo/x',
      '/forms/nobody',
    ]) {
      for (const method of SAFE) {
        const { status, body } = await apps.send(path, { method, headers: { 'user-agent': 'Safe Links' } });
        expect({ path, method, status }).toMatchObject({ status: expect.toSatisfy(isCalm) });
        expect(method === 'HEAD' ? body : '').toBe('');
      }
    }
    expect(guard.attempts).toEqual([]);
    await expectAlive();
  });

  test('other methods are told 405 and what is allowed, and write nothing', async () => {
    for (const path of paths) {
      for (const method of WRONG) {
        const { status, headers } = await apps.send(path, { method, body: 'List-Unsubscribe=One-Click' });
        expect({ path, method, status }).toEqual({ path, method, status: 405 });
        expect(headers.get('allow')).toMatch(/GET|POST/);
      }
    }
    expect(guard.attempts).toEqual([]);
    await expectAlive();
  });

  test('the links of a mail, opened a thousand times, stay alive and quiet', async () => {
    for (let round = 0; round < 1_000; round += 1) {
      const path = Object.values(good)[round % 3] ?? '';
      const { status } = await apps.send(path, { method: round % 2 === 0 ? 'GET' : 'HEAD' });
      expect(status).toBe(200);
    }
    expect(guard.attempts).toEqual([]);
    await expectAlive();
  }, 45_000);

  test('whatever stands in path, query and headers: a calm answer, and nothing written', async () => {
    const piece = fc.oneof(
      fc.constantFrom(...Object.values(good).map((path) => path.split('/')[2] ?? '')),
      fc.constantFrom(
        'not-me',
        'resend',
        'undo',
        'thanks',
        'newsletter',
        '.json',
        '..',
        '%2e%2e',
        '__proto__',
        '%00',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }).map(encodeURIComponentSafely),
      fc.base64String({ maxLength: 300 }).map((text) => `k1.${text}`.replaceAll('/', '_')),
    );
    const prefix = fc.constantFrom(
      'confirm',
      'unsubscribe',
      'undo',
      'forms',
      'assets',
      'assets/brand',
      'embed.js',
      '',
    );
    const query = fc.webQueryParameters({ size: 'small' });
    const request = fc.record({
      path: fc
        .tuple(prefix, fc.array(piece, { maxLength: 3 }))
        .map(([first, rest]) => ['', first, ...rest].join('/')),
      query,
      method: fc.constantFrom(...SAFE),
      accept: fc.constantFrom('text/html', 'application/json', '*/*', ''),
      lang: fc.string({ maxLength: 8 }).map(encodeURIComponentSafely),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ path, method, accept, lang, ...more }) => {
        const { status } = await apps.send(`${path}?lang=${lang}&${more.query}`, {
          method,
          headers: { accept },
        });
        expect(status).toSatisfy(isCalm);
      }),
      { numRuns: 400 },
    );
    expect(guard.attempts).toEqual([]);
    await expectAlive();
  });

  test('a post without the nonce of its page writes nothing either', async () => {
    const pages = [
      good.confirm,
      `${good.confirm}/not-me`,
      `${good.confirm}/resend`,
      good.unsubscribe,
      good.undo,
    ];
    const fields = fc.dictionary(
      fc.constantFrom('page', 'scope', 'undo', 'reason', 'List-Unsubscribe', '__proto__'),
      fc.oneof(fc.constantFrom('', 'all', 'brand', 'one-click', good.unsubscribe.slice(13)), fc.string()),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pages), fields, async (path, posted) => {
        fc.pre(posted['List-Unsubscribe'] !== 'One-Click');
        expect((await apps.post(path, posted)).status).toSatisfy(
          (status) => status === 200 || status === 303,
        );
      }),
      { numRuns: 300 },
    );
    expect(guard.attempts).toEqual([]);
    await expectAlive();
  });

  test('the guard of these tests works: a press of the button is a write', async () => {
    const page = (await site.get(good.confirm)).hidden('page');
    expect((await apps.post(good.confirm, { page })).status).toBe(500);
    expect((await apps.post(good.unsubscribe, { 'List-Unsubscribe': 'One-Click' })).status).toBe(500);
    expect(guard.attempts.splice(0)).toContain('TransactWriteItemsCommand');
  });
});

/** No server error, nothing half done. */
function isCalm(status: number): boolean {
  return [200, 204, 303, 304, 400, 401, 404, 405, 410].includes(status);
}

function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
