import { describe, expect, test } from 'vitest';

import { disposableList } from '../../shared/contacts/disposable.ts';
import { BASE, SITE, memorySettings, openDoor } from './signup-door.ts';

const door = openDoor();

describe('the form page', () => {
  test('speaks the language of the link, else of the browser, else of the brand', async () => {
    const lead = async (sent: object) =>
      (await door.get('/forms/newsletter', sent)).headers['content-language'];
    expect(await lead({})).toBe('de');
    expect(await lead({ headers: { 'accept-language': 'en-GB,en;q=0.9,de;q=0.5' } })).toBe('en');
    expect(await lead({ headers: { 'accept-language': 'fr' } })).toBe('de');
    expect(await lead({ query: 'lang=en', headers: { 'accept-language': 'de' } })).toBe('en');
    expect(await lead({ query: 'lang=xx' })).toBe('de');
    expect((await door.get('/forms/newsletter')).headers['vary']).toBe('Accept-Language');
  });

  test('G9 no box is ticked, and nothing but the address is a must', async () => {
    const { status, body } = await door.get('/forms/newsletter', { query: 'lang=en' });
    expect(status).toBe(200);
    expect(body).toContain('<html lang="en">');
    expect(body.match(/type="checkbox"/g)?.length).toBe(6);
    expect(body).not.toMatch(/\schecked/);
  });

  test('has a fresh timestamp each time', async () => {
    const ts = async () => /name="ts" value="([^"]+)"/.exec((await door.get('/forms/newsletter')).body)?.[1];
    const [first, second] = [await ts(), await ts()];
    expect(first).toMatch(/^k1\.newsletter\./);
    expect(second).not.toBe(first);
  });

  test('HEAD answers as GET does, without a body', async () => {
    const head = await door.get('/forms/newsletter', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.body).toBe('');
    expect(head.headers['content-language']).toBe('de');
  });

  test.each([
    '/forms/unknown',
    '/forms/UPPER',
    '/forms/a%2Fb',
    '/forms/%00',
    '/forms/',
    '/nowhere',
    '/',
    '/forms/%E0%A4%A',
  ])('%s is not found, calmly', async (path) => {
    const { status, headers, body } = await door.get(path, { headers: { 'accept-language': 'de' } });
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('text/html');
    expect(body).toContain('Diese Seite gibt es nicht');
  });

  test('W6 a program that asks for JSON is told as a problem document', async () => {
    const { status, headers, body } = await door.get('/forms/unknown', {
      headers: { accept: 'application/json' },
    });
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(body)).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      instance: '/forms/unknown',
      detail: 'There is no such form.',
    });
  });
});

describe('headers', () => {
  const routes: [string, string][] = [
    ['GET', '/forms/newsletter'],
    ['GET', '/forms/newsletter.json'],
    ['GET', '/forms/newsletter/thanks'],
    ['GET', '/forms/unknown'],
    ['GET', '/nowhere'],
    ['POST', '/forms/newsletter'],
    ['PUT', '/forms/newsletter'],
    ['OPTIONS', '/forms/newsletter'],
    ['GET', '/embed.js'],
    ['GET', '/assets/nothing.css'],
  ];
  test.each(routes)('T3 T11 %s %s carries every protection', async (method, path) => {
    const { headers } = await door.get(path, { method });
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors /,
      ),
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': path === '/embed.js' ? 'cross-origin' : 'same-origin',
      'referrer-policy': 'no-referrer',
      'permissions-policy': expect.stringContaining('camera=()'),
      'x-robots-tag': 'noindex, nofollow',
      'cache-control': path === '/embed.js' ? 'public, max-age=300' : 'no-store',
    });
    expect(headers).not.toHaveProperty('set-cookie');
  });

  test('T11 only the form page may be framed, by its own sites, and may lead to their thank-you pages', async () => {
    const policy = async (path: string) => (await door.get(path)).headers['content-security-policy'];
    expect(await policy('/forms/open-house')).toContain(`form-action 'self' ${SITE};`);
    expect(await policy('/forms/open-house')).toMatch(new RegExp(`frame-ancestors ${SITE}$`));
    expect(await policy('/forms/newsletter')).toContain("form-action 'self';");
    expect(await policy('/forms/open-house/thanks')).toMatch(/frame-ancestors 'none'$/);
  });
});

describe('the definition for other sites', () => {
  test('holds all words of one language and where to post', async () => {
    const { status, headers, body } = await door.get('/forms/newsletter.json', { query: 'lang=en' });
    expect(status).toBe(200);
    expect(headers['content-language']).toBe('en');
    expect(JSON.parse(body)).toMatchObject({
      id: 'newsletter',
      language: 'en',
      title: 'Subscribe to our newsletter',
      action: `${BASE}/forms/newsletter`,
      ts: expect.stringMatching(/^k1\.newsletter\./),
      uses: [{ use: 'newsletter', required: true }, { use: 'tracking' }, { use: 'profiling' }],
      topics: [{ id: 'drives', name: 'Drives' }, { id: 'automation' }, { id: 'service' }],
      privacy: { url: 'https://www.nordlicht.example/en/privacy' },
    });
  });

  test('names countries where the form asks for one', async () => {
    const { fields } = JSON.parse((await door.get('/forms/open-house.json')).body);
    expect(fields.at(-1)).toMatchObject({ name: 'country', required: true });
    expect(fields.at(-1).options[0]).toEqual(['DE', 'Deutschland']);
    expect(fields.at(-1).options.length).toBeGreaterThan(240);
  });

  test.each([
    [SITE, SITE],
    ['https://evil.example', undefined],
    ['null', undefined],
  ])('T10 may be read by scripts of %s: %s', async (origin, allowed) => {
    const { headers } = await door.get('/forms/newsletter.json', { headers: { origin } });
    expect(headers['access-control-allow-origin']).toBe(allowed);
    expect(headers['vary']).toContain('Origin');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test('is not there for an unknown form, and says so as JSON', async () => {
    const { status, headers } = await door.get('/forms/unknown.json');
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
  });
});

describe('the thank-you page', () => {
  test('names the sender to look for and the way back', async () => {
    const { status, body } = await door.get('/forms/newsletter/thanks', { query: 'lang=en' });
    expect(status).toBe(200);
    expect(body).toContain('news@nordlicht.example');
    expect(body).toContain('href="/forms/newsletter?lang=en"');
  });
});

describe('methods', () => {
  test.each([
    ['/forms/newsletter', 'GET, HEAD, POST, OPTIONS'],
    ['/forms/newsletter.json', 'GET, HEAD, OPTIONS'],
    ['/forms/newsletter/thanks', 'GET, HEAD, OPTIONS'],
    ['/embed.js', 'GET, HEAD, OPTIONS'],
    ['/assets/site.0.css', 'GET, HEAD, OPTIONS'],
  ])('%s takes %s and tells so', async (path, allow) => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const answer = await door.get(path, { method });
      expect([answer.status, answer.headers['allow']]).toEqual([405, allow]);
    }
    const options = await door.get(path, { method: 'OPTIONS' });
    expect([options.status, options.headers['allow'], options.body]).toEqual([204, allow, '']);
  });

  test('T10 preflight lets exactly the registered sites post JSON', async () => {
    const ask = (origin: string) =>
      door.get('/forms/newsletter', {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
    expect((await ask(SITE)).headers).toMatchObject({
      'access-control-allow-origin': SITE,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Content-Type',
      vary: 'Origin',
    });
    for (const origin of ['https://evil.example', `${SITE}.evil.example`, 'null']) {
      const { headers } = await ask(origin);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers['vary']).toBe('Origin');
    }
  });

  test('T1 no GET, HEAD or OPTIONS ever writes', async () => {
    const strict = openDoor({
      requestSignup: () => Promise.reject(new Error('a write')),
      disposableDomains: () => disposableList([]),
    });
    const query = new URLSearchParams({ email: 'anna@example.com', uses: 'newsletter' }).toString();
    const paths = [
      '/forms/newsletter',
      '/forms/newsletter.json',
      '/forms/newsletter/thanks',
      '/embed.js',
      '/x',
    ];
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      for (const path of paths) {
        const { status } = await strict.get(path, { method, query });
        expect(status, `${method} ${path}`).toBeLessThan(500);
      }
    }
  });
});

test('an unknown error shows a fixed text and the request id, nothing else', async () => {
  const broken = openDoor({
    settings: { ...memorySettings, form: () => Promise.reject(new Error('secret of anna@example.com')) },
  });
  const html = await broken.get('/forms/newsletter', { headers: { 'accept-language': 'en' } });
  expect(html.status).toBe(500);
  expect(html.body).toContain('req-1');
  expect(html.body).not.toContain('secret');
  const json = await broken.get('/forms/newsletter.json');
  expect(JSON.parse(json.body)).toEqual({
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    instance: '/forms/newsletter.json',
    requestId: 'req-1',
  });
});
