import { afterAll, beforeAll, expect, test } from 'vitest';

import { ROUTES } from '../../infra/triggers.ts';
import { choicesToken } from '../../shared/signup/links.ts';
import { captureLog, resetClock } from '../support/system.ts';
import { openSite } from './open-site.ts';
import type { Shown } from './open-site.ts';

captureLog();
const site = await openSite();
afterAll(resetClock);

/** What is public and may be kept: all else is about somebody. */
const isAsset = (path: string) => /^\/(assets\/(site|brand)|embed\.js)/.test(path);
/** What every route answers to somebody who is logged in and has all links of their mails. */
const answers = new Map<string, Shown>();

beforeAll(async () => {
  const { contactId, unsubscribe } = await site.subscribe('anna@example.com');
  const choices = choicesToken(await site.secrets.linkKeys(), { contactId, brand: 'nordlicht' });
  const form = await site.get('/forms/newsletter');
  const linked = [...form.body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  const personal = [
    ...['/profile', '/profile/address', '/history', '/history/receipt/1', '/interests', '/sessions'],
    ...['/rights', '/rights/export.json', '/rights/export.csv', '/rights/erase'],
    `/preferences/${choices}`,
  ];
  const known = [
    ...['/forms/newsletter', '/forms/newsletter.json', '/forms/newsletter/thanks', '/embed.js', ...linked],
    ...[await site.signUp('waits@example.com'), unsubscribe, '/preferences', ...personal],
  ];
  const unknown = ['/undo/x', '/address/x', '/log-in/x', '/log-in/code', '/nowhere', '/assets/nothing.css'];
  const cookie = await site.logIn(contactId);
  for (const path of [...known, ...unknown, ...personal.map((each) => `${each}/style.css`)])
    answers.set(path, await site.get(path, cookie));
  for (const path of known) if (answers.get(path)?.status !== 200) throw new Error(`${path} is not there`);
});

/** The routes whose answer is not as it should be. */
const where = (isWrong: (answer: Shown, path: string) => boolean) =>
  [...answers].filter(([path, answer]) => isWrong(answer, path)).map(([path]) => path);
const typeOf = ({ headers }: Shown) => headers.get('content-type') ?? '';

test('no route of a page is left out', () => {
  const pages = ROUTES.filter(({ path }) => !/^\/(v1|\.well-known)\//.test(path) && path !== '$default');
  const missing = pages
    .map(({ path }) => path.replace('{proxy+}', ''))
    .filter((prefix) => ![...answers.keys()].some((path) => path.startsWith(prefix)));
  expect(missing).toEqual([]);
});

test.each([
  ['strict-transport-security', /^max-age=63072000; includeSubDomains$/],
  ['x-content-type-options', /^nosniff$/],
  ['cross-origin-opener-policy', /^same-origin$/],
  ['content-security-policy', /^default-src 'none'; (.*; )?base-uri 'none'; (.*; )?frame-ancestors /],
  ['referrer-policy', /^no-referrer$/],
])('T3 T11 every answer has its %s', (name, value) => {
  expect(where(({ headers }) => !value.test(headers.get(name) ?? ''))).toEqual([]);
});

test('T11 nothing but a form stands in a frame', () => {
  const mayBeFramed = ({ headers }: Shown) =>
    !/frame-ancestors 'none'(;|$)/.test(headers.get('content-security-policy') ?? '');
  expect(where((answer, path) => path !== '/forms/newsletter' && mayBeFramed(answer))).toEqual([]);
});

test('T3 nothing about somebody is kept, under whatever name it is asked for', () => {
  expect(where(({ headers }, path) => !isAsset(path) && headers.get('cache-control') !== 'no-store')).toEqual(
    [],
  );
  expect(where(({ status }, path) => path.endsWith('/style.css') && status !== 404)).toEqual([]);
});

test('every text names its type and its characters', () => {
  expect(where((answer) => !/^[a-z]+\/[a-z+]+/.test(typeOf(answer)))).toEqual([]);
  const isText = (answer: Shown) => /^text\/|[/+]xml/.test(typeOf(answer));
  expect(where((answer) => isText(answer) && !/; charset=utf-8$/i.test(typeOf(answer)))).toEqual([]);
});

test('every type is what the content is', () => {
  const startOf: [RegExp, RegExp][] = [
    [/^text\/html/, /^<!doctype html>/i],
    [/json/, /^[[{]/],
    [/svg/, /^<svg/],
    [/^text\/(css|csv|javascript)/, /^[^<{]/],
  ];
  const fits = (answer: Shown) =>
    startOf.find(([type]) => type.test(typeOf(answer)))?.[1].test(answer.body) ?? false;
  expect(where((answer) => !fits(answer))).toEqual([]);
});
