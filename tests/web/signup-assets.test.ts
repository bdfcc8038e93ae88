import { describe, expect, test } from 'vitest';

import { openDoor } from './signup-door.ts';

const door = openDoor();
const IMMUTABLE = 'public, max-age=31536000, immutable';
const BRIEF = 'public, max-age=300';

/** What the form page refers to. */
async function linked(pattern: RegExp): Promise<string> {
  return pattern.exec((await door.get('/forms/newsletter')).body)?.[1] ?? 'none';
}

describe('style sheets', () => {
  test.each([
    /href="(\/assets\/site\.[0-9a-f]+\.css)"/,
    /href="(\/assets\/brand\/nordlicht\.[0-9a-f]+\.css)"/,
  ])('the one matching %s may be kept for ever', async (pattern) => {
    const path = await linked(pattern);
    const { status, headers, body } = await door.get(path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'text/css; charset=utf-8', 'cache-control': IMMUTABLE });
    expect(body.length).toBeGreaterThan(50);
    const again = await door.get(path, { headers: { 'if-none-match': headers['etag'] ?? '' } });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  test.each(['/assets/site.00.css', '/assets/brand/nordlicht.00.css'])(
    'the old address %s gives the present one, for a moment',
    async (path) => {
      const { status, headers } = await door.get(path);
      expect([status, headers['cache-control']]).toEqual([200, BRIEF]);
    },
  );

  test.each([
    '/assets/brand/unknown.00.css',
    '/assets/brand/unknown.logo',
    '/assets/../secrets.json',
    '/assets/embed.js',
  ])('%s is not found', async (path) => {
    expect((await door.get(path)).status).toBe(404);
  });
});

describe('the logo', () => {
  test('is served from our own origin and can do nothing by itself', async () => {
    const [path = '', query = ''] = (await linked(/<img src="([^"]+)"/)).split('?');
    const { status, headers, body } = await door.get(path, { query });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'cache-control': IMMUTABLE,
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*sandbox$/);
    expect(body).toContain('<svg');
  });
});

describe('embed.js', () => {
  test('may be loaded by any site, with an integrity check if it likes', async () => {
    const { status, headers } = await door.get('/embed.js', {
      headers: { origin: 'https://anywhere.example' },
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
      'cache-control': BRIEF,
    });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test('may be kept for ever under its own hash only', async () => {
    const hash = (await door.get('/embed.js')).headers['etag']?.replaceAll('"', '') ?? '';
    expect((await door.get('/embed.js', { query: `v=${hash}` })).headers['cache-control']).toBe(IMMUTABLE);
    expect((await door.get('/embed.js', { query: 'v=other' })).headers['cache-control']).toBe(BRIEF);
    expect((await door.get('/embed.js', { headers: { 'if-none-match': `W/"${hash}"` } })).status).toBe(304);
  });
});
