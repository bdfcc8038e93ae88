import { afterAll, describe, expect, test } from 'vitest';

import { resetClock } from '../support/system.ts';
import { openSite, serveApps } from './open-site.ts';

const site = await openSite();
const HTTPS = 'https://consent.nordlicht.example';
/** The same site as the world sees it: behind https. */
const world = serveApps({ ...site.deps, baseUrl: HTTPS }, site.db);
afterAll(resetClock);

const setCookies = (headers: Headers) =>
  headers.getSetCookie().map((cookie) => {
    const [pair = '', ...attributes] = cookie.split('; ');
    const [name = '', value = ''] = pair.split('=');
    return { name, value, attributes: attributes.toSorted() };
  });
/** A mail asked for over https; its link, and the cookie of the browser that asked. */
async function asked(email: string) {
  await site.subscribe(email);
  const answer = await world.post('/preferences?lang=de', { email, brand: 'nordlicht' });
  const [login] = setCookies(answer.headers);
  await site.settle();
  const text = site.sent.filter(({ to }) => to === email).at(-1)?.text ?? '';
  const link = /\/log-in\/[\w.-]+/.exec(text)?.[0] ?? '';
  return { link, login, cookie: `${login?.name}=${login?.value}` };
}

describe('behind https', () => {
  test('T5 both cookies are __Host- cookies: this host alone, https alone, out of reach of scripts', async () => {
    const { link, login, cookie } = await asked('host@example.com');
    expect(login).toMatchObject({
      name: '__Host-assent-login',
      attributes: ['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax', 'Secure'],
    });
    const page = (await world.get(link, { cookie })).hidden('page');
    const entered = await world.post(link, { page }, { cookie });
    const [gone, session] = setCookies(entered.headers);
    expect(gone).toMatchObject({ name: '__Host-assent-login', value: '' });
    expect(gone?.attributes).toContain('Max-Age=0');
    expect(session).toMatchObject({
      name: '__Host-assent-session',
      attributes: ['HttpOnly', 'Max-Age=3600', 'Path=/', 'SameSite=Lax', 'Secure'],
    });

    const visit = { cookie: `${session?.name}=${session?.value}` };
    expect((await world.get('/profile', visit)).status).toBe(200);
    // A neighbour of the domain can set a cookie without the prefix: it is not looked at.
    expect((await world.get('/profile', { cookie: `assent-session=${session?.value}` })).status).toBe(401);
  });

  test('T9 a press from another site does not log in, one from ours does', async () => {
    const { link, cookie } = await asked('press@example.com');
    const page = (await world.get(link, { cookie })).hidden('page');
    const foreign = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
    ];
    for (const headers of foreign) {
      for (const path of [link, '/log-in/code', '/preferences']) {
        expect((await world.post(path, { page }, { ...headers, cookie })).status).toBe(403);
      }
    }
    expect((await world.post(link, {}, { cookie })).headers.getSetCookie()).toEqual([]);
    const ours = { 'sec-fetch-site': 'same-origin', origin: 'null' };
    expect((await world.post(link, { page }, { ...ours, cookie })).status).toBe(303);
  });
});

test('T3 every page of the log-in is kept out of caches, frames, referrers and search engines', async () => {
  const { link, cookie } = await asked('headers@example.com');
  const shown = [
    await world.get('/preferences?lang=de'),
    await world.get('/log-in/code', { cookie }),
    await world.get(link, { cookie }),
    await world.get(link),
    await world.get('/sessions'),
  ];
  for (const { headers } of shown) {
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toContain('noindex');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  }
});
