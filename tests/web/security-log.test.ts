import { afterAll, beforeEach, expect, test } from 'vitest';

import { DAY } from '../../shared/platform/clock.ts';
import { captureLog, resetClock } from '../support/system.ts';
import { openSite } from './open-site.ts';

const logged = captureLog();
const site = await openSite();
afterAll(resetClock);
beforeEach(() => site.advance(DAY));

/** What was logged while `act` ran, without what is the same on every line. */
async function logOf(act: () => Promise<unknown>) {
  logged.length = 0;
  await act();
  return logged.map(({ at, ...line }) => {
    expect(at).toBeTypeOf('number');
    return line;
  });
}
let people = 0;
/** Somebody who asked for a log-in: what their mail holds, and their browser's cookie. */
async function waiting() {
  const email = `log-${(people += 1)}@example.com`;
  await site.subscribe(email);
  const answer = await site.post('/preferences', { email, brand: 'nordlicht' });
  await site.settle();
  const text = site.sent.filter(({ to }) => to === email).at(-1)?.text ?? '';
  const link = /\/log-in\/[\w.-]+/.exec(text)?.[0] ?? '';
  const code = /\d{4} \d{4}/.exec(text)?.[0] ?? '';
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { email, link, code, cookie, loginId: /=(\w+)\./.exec(cookie)?.[1] };
}

test('T15 each attempt to log in is logged, with what came of it and by which id', async () => {
  const { link, code, cookie, loginId } = await waiting();
  const page = (await site.get(link, { cookie })).hidden('page');
  const wrong = code === '0000 0000' ? '11111111' : '00000000';
  const lines = await logOf(async () => {
    await site.post('/log-in/code', { code: wrong }, { cookie });
    await site.post('/log-in/code', { code });
    await site.post(link, { page });
    await site.post(link, { page }, { cookie });
    await site.post(link, { page }, { cookie });
  });
  const tried = { event: 'login-tried', level: 'warn' };
  expect(lines).toEqual([
    { ...tried, by: 'code', outcome: 'wrong', loginId },
    { ...tried, by: 'code', outcome: 'other-browser' },
    { ...tried, by: 'link', outcome: 'other-browser', loginId },
    { ...tried, by: 'link', outcome: 'logged-in', loginId, level: 'info' },
    { ...tried, by: 'link', outcome: 'closed', loginId },
  ]);
  const secrets = [code, code.replace(' ', ''), cookie.split('.')[1] ?? '', link.split('.').at(-1) ?? ''];
  for (const secret of secrets) expect(JSON.stringify(lines)).not.toContain(secret);
});

test('T15 a link that is none of ours is logged by its page alone', async () => {
  const { unsubscribe } = await site.subscribe('links@example.com');
  const forged = `${unsubscribe.slice(0, -1)}${unsubscribe.endsWith('A') ? 'B' : 'A'}`;
  const lines = await logOf(async () => {
    await site.get(forged);
    await site.get('/confirm/somebody@example.com');
  });
  expect(lines).toEqual([
    { event: 'link-unknown', level: 'warn', page: 'unsubscribe' },
    { event: 'link-unknown', level: 'warn', page: 'confirm' },
  ]);
});

test('T15 who asks for data without a session, and who posts from elsewhere, is logged', async () => {
  const { contactId } = await site.subscribe('posts@example.com');
  const browser = await site.logIn(contactId);
  const page = (await site.get('/profile', browser)).hidden('page');
  const lines = await logOf(async () => {
    await site.get('/profile');
    await site.get('/rights', { cookie: `${browser.cookie}x` });
    await site.post('/profile', { page }, { ...browser, origin: 'https://evil.example' });
    await site.post('/profile', { firstName: 'Mallory' }, browser);
    await site.post('/preferences', { email: 'a@example.com' }, { 'sec-fetch-site': 'cross-site' });
  });
  expect(lines).toEqual([
    { event: 'session-missing', level: 'info' },
    { event: 'session-missing', level: 'info' },
    { event: 'post-refused', level: 'warn', reason: 'other-site' },
    { event: 'post-refused', level: 'warn', reason: 'other-page' },
    { event: 'post-refused', level: 'warn', reason: 'other-site' },
  ]);
});

test('T15 who asks too often is logged', async () => {
  const ask = () =>
    site.post('/preferences', { email: 'x@example.com', brand: 'nordlicht' }, {}, '192.0.2.77');
  for (let times = 0; times < 10; times += 1) await ask();
  expect(await logOf(ask)).toEqual([{ event: 'login-ip-limit', level: 'warn', brand: 'nordlicht' }]);
});
