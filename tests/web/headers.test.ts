import { beforeAll, describe, expect, test, vi } from 'vitest';

import { openSite, serveApps } from './open-site.ts';
import type { Shown, Site } from './open-site.ts';
import { readOnly } from './read-only.ts';

const FORM = 'application/x-www-form-urlencoded';
const POLICY =
  /^default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/;

let site: Site;
/** Every kind of answer that people and programs get, by name. */
const answers = new Map<string, Shown>();
/** What was logged meanwhile. */
const logged: string[] = [];

beforeAll(async () => {
  const stdout = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((line) => logged.push(String(line)) > 0);
  site = await openSite();
  const guard = await readOnly(site.db);
  const broken = serveApps(site.deps, guard.db);
  const note = async (name: string, answer: Promise<Shown>) => answers.set(name, await answer);
  const post = (path: string, type: string, body: string) =>
    site.send(path, { method: 'POST', headers: { 'content-type': type }, body });

  const left = await site.subscribe('left@example.com');
  await site.post(left.unsubscribe, { 'List-Unsubscribe': 'One-Click' });
  await site.settle();
  const undo = /\/undo\/[\w.-]+/.exec(site.sent.at(-1)?.text ?? '')?.[0] ?? '';
  const { confirm, unsubscribe } = await site.subscribe('stays@example.com', {
    topics: ['drives', 'service'],
  });
  const open = await site.signUp('waits@example.com');
  const page = (await site.get(open)).hidden('page');
  const choice = (await site.get(unsubscribe)).hidden('page');

  await note('200 form', site.get('/forms/newsletter'));
  await note('200 thank you', site.get('/forms/newsletter/thanks'));
  await note('200 confirm page', site.get(open));
  await note('500 confirm', broken.post(open, { page }));
  await note('500 confirm for a program', broken.post(open, { page }, { accept: 'application/json' }));
  await note('303 confirm', site.post(open));
  await note('413 confirm', post(open, FORM, 'a'.repeat(70_000)));
  await note('415 confirm', post(open, 'application/json', '{}'));
  await note('400 confirm', post(open, 'multipart/form-data', 'x'));
  await note('200 confirmed', site.post(open, { page }));
  await note('200 confirmed before', site.get(confirm));
  await note('200 unsubscribe page', site.get(unsubscribe));
  await note('200 unsubscribed', site.post(unsubscribe, { page: choice, scope: 'use' }));
  await note('200 unsubscribed before', site.post(unsubscribe, { page: choice, scope: 'use' }));
  await note('200 one click', site.post(unsubscribe, { 'List-Unsubscribe': 'One-Click' }));
  await note('200 undo page', site.get(undo));
  await note('200 undone', site.post(undo, { page: (await site.get(undo)).hidden('page') }));
  await note('404 confirm', site.get('/confirm/x'));
  await note('404 unsubscribe', site.get('/unsubscribe/x'));
  await note('404 undo', site.get('/undo/x'));
  await note('404 form', site.get('/forms/nobody'));
  await note('404 anything', site.get('/.env'));
  await note('404 for a program', site.get('/confirm/x', { accept: 'application/json' }));
  await note('405 confirm', site.send(open, { method: 'PUT' }));
  await note('303 not me, reloaded', site.get(`${open}/not-me`));
  await note('204 options', site.send(unsubscribe, { method: 'OPTIONS' }));
  await note('422 sign-up', site.post('/forms/newsletter', { email: 'x', ts: 'x' }));
  await note('415 sign-up', post('/forms/newsletter', 'text/xml', '<a/>'));
  guard.close();
  stdout.mockRestore();
});

const pages = () =>
  [...answers].filter(([, { headers }]) => headers.get('content-type')?.startsWith('text/html'));

describe('every answer', () => {
  test('has the status that its name says', () => {
    for (const [name, { status }] of answers)
      expect([name, String(status)]).toEqual([name, name.slice(0, 3)]);
  });

  test('T3 tells nobody where it was linked from, is kept nowhere and found by no search', () => {
    for (const [name, { headers }] of answers) {
      const {
        'referrer-policy': referrer,
        'cache-control': cache,
        'x-robots-tag': robots,
      } = Object.fromEntries(headers);
      expect([name, referrer, cache, robots]).toEqual([name, 'no-referrer', 'no-store', 'noindex, nofollow']);
    }
  });

  test('T11 carries the policy of our pages and the other headers that protect them', () => {
    for (const [name, { headers }] of answers) {
      const own = headers.get('content-security-policy');
      // A form may also lead to its registered thank-you pages and stand in frames of its registered sites.
      const expected = /form|sign-up/.test(name)
        ? /^default-src 'none'; style-src 'self'; img-src 'self'; /
        : POLICY;
      expect([name, own]).toEqual([name, expect.stringMatching(expected)]);
      expect(own).not.toMatch(/unsafe|\*|script-src/);
      expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('set-cookie')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('server')).toBeNull();
    }
  });

  test('T3 names no address in any address', () => {
    for (const [, { body, headers }] of answers) {
      expect(headers.get('location') ?? '').not.toMatch(/@|%40/);
      for (const [, url = ''] of body.matchAll(/(?:href|action|src)="([^"]*)"/g))
        expect(url).not.toMatch(/@|%40/);
    }
  });
});

describe('every page', () => {
  test('T11 has no inline code or style, no script and nothing that acts by itself (T1)', () => {
    expect(pages().length).toBeGreaterThanOrEqual(20);
    for (const [name, { body }] of pages()) {
      const found = /<script|<style|\sstyle=|\son\w+=|javascript:|http-equiv|<iframe|<object|autoplay/i.exec(
        body,
      );
      expect([name, found?.[0]]).toEqual([name, undefined]);
    }
  });

  test('T3 loads nothing from anywhere else and posts nowhere else', () => {
    for (const [name, { body }] of pages()) {
      const loaded = [...body.matchAll(/<(?:link|img|form)\b[^>]*?\b(?:href|src|action)="([^"]*)"/g)];
      for (const [, url = ''] of loaded)
        expect([name, url]).toEqual([name, expect.stringMatching(/^\/(?!\/)/)]);
    }
  });

  test('A1 names its language, in the document and in its header, and has one heading and a title', () => {
    for (const [name, { body, headers, lang, heading }] of pages()) {
      expect([name, headers.get('content-language')]).toEqual([name, lang]);
      expect(['de', 'en']).toContain(lang);
      expect(heading).not.toBe('');
      expect(body.match(/<h1\b/g)).toHaveLength(1);
      expect(body).toMatch(/<title>[^<]{5,}<\/title>/);
    }
  });

  test('errors of ours show a reference, and nothing of what went wrong', () => {
    const [html, json] = [answers.get('500 confirm'), answers.get('500 confirm for a program')];
    expect(html?.body).toContain('<code>req-1</code>');
    expect(JSON.parse(json?.body ?? '')).toMatchObject({ status: 500, requestId: 'req-1' });
    for (const answer of [html, json]) expect(answer?.body).not.toMatch(/only read|TypeError|\.tsx?\b/);
  });
});

test('T15 nothing logged on the way names an address or a link', () => {
  const lines = logged.join('');
  expect(lines).toContain('"event":"signup-accepted"');
  expect(lines).toContain('"event":"request-failed"');
  expect(lines).not.toMatch(/@example|stays|waits@|2001:db8|203\.0\.113/);
  expect(lines).not.toMatch(/\/(?:confirm|unsubscribe|undo)\/|k1\./);
});
