import { beforeAll, describe, expect, test } from 'vitest';

import { HOUR } from '../../shared/platform/clock.ts';
import { pageNonce } from '../../shared/signup/links.ts';
import { openSite } from './open-site.ts';
import type { Site } from './open-site.ts';

let site: Site;
let people = 0;
/** Nobody of an earlier test. */
const somebody = () => `anna.${(people += 1)}@example.com`;

beforeAll(async () => {
  site = await openSite();
});

/** Presses a button of the page behind a link, if need be one that was left open in another tab. */
async function press(link: string, button = '') {
  const shown = (await site.get(link)).hidden('page');
  const earlier = pageNonce(await site.secrets.linkKeys(), link.slice('/confirm/'.length));
  return site.post(`${link}${button}`, { page: shown || earlier });
}

describe('the page behind a confirmation link', () => {
  test('G5 shows address, wording, topics and origin, and one button for each answer', async () => {
    const link = await site.signUp(somebody(), { topics: ['drives', 'service'] });
    const { status, lang, heading, body, hidden } = await site.get(link);
    expect([status, lang, heading]).toEqual([200, 'de', 'Stimmt das so?']);
    expect(body).toMatch(/a•••\d@example\.com/);
    expect(body).toContain(
      'Ja, ich möchte den Newsletter der Nordlicht Antriebstechnik GmbH per E-Mail erhalten',
    );
    expect(body).toContain('Themen: Antriebe, Wartung und Service');
    expect(body).toContain('„Newsletter abonnieren“');
    expect(body.match(/<button/g)).toHaveLength(2);
    expect(hidden('page')).toMatch(/^k1\./);
  });

  test('T3 shows no whole address, neither as text nor in a link', async () => {
    const email = somebody();
    const { body } = await site.get(await site.signUp(email));
    expect(body).not.toContain(email);
    expect(body).not.toMatch(/(?:href|action)="[^"]*(?:@|%40)/);
  });

  test('speaks the language of the sign-up, or the one asked for, and so does the answer to its button', async () => {
    const english = { 'accept-language': 'en-GB' };
    const link = await site.signUp(somebody());
    expect((await site.get(link, english)).lang).toBe('de');
    expect((await site.get(`${link}?lang=en`)).lang).toBe('en');
    const { body, hidden } = await site.get(link, english);
    const action = /<form method="post" action="([^"]+)"/.exec(body)?.[1] ?? '';
    const done = await site.post(action, { page: hidden('page') }, english);
    expect([done.lang, done.heading]).toEqual(['de', 'Danke, es ist bestätigt']);
    expect(done.headers.get('content-language')).toBe('de');
  });

  test('T1 GET and HEAD, however often, change nothing, and the link still works', async () => {
    const link = await site.signUp(somebody());
    const before = await site.stored();
    for (let round = 0; round < 10; round += 1) {
      expect((await site.get(link, { 'user-agent': 'Safe Links' })).status).toBe(200);
      expect((await site.send(link, { method: 'HEAD' })).status).toBe(200);
    }
    expect(await site.stored()).toEqual(before);
    expect((await press(link)).heading).toBe('Danke, es ist bestätigt');
  });

  test('U2 a link with any character changed is not known, and posting to it changes nothing', async () => {
    const link = await site.signUp(somebody());
    const nonce = (await site.get(link)).hidden('page');
    const before = await site.stored();
    for (let at = '/confirm/'.length; at < link.length; at += 1) {
      const other = `${link.slice(0, at)}${link[at] === 'A' ? 'B' : 'A'}${link.slice(at + 1)}`;
      const { status, heading } = await site.get(other);
      expect([status, heading]).toEqual([404, 'We do not know this link']);
      expect((await site.post(other, { page: nonce })).status).toBe(303);
    }
    expect(await site.stored()).toEqual(before);
  });
});

describe('the button', () => {
  test('confirms, names what holds from now on, and leads to the choices', async () => {
    const email = somebody();
    const link = await site.signUp(email, { uses: ['newsletter', 'tracking'] });
    const { status, heading, body } = await press(link);
    expect([status, heading]).toEqual([200, 'Danke, es ist bestätigt']);
    expect(body).toContain('Newsletter');
    expect(body).toContain('Messung von Öffnungen und Klicks');
    const choices = /href="(\/preferences\/[^"]+)"/.exec(body)?.[1] ?? '';
    expect((await site.get(choices)).heading).toBe('Ihre Einstellungen');
  });

  test('pressed twice, or long after, says when it was confirmed and changes nothing more', async () => {
    const link = await site.signUp(somebody());
    await press(link);
    const before = await site.stored();
    const again = await press(link);
    expect([again.status, again.heading]).toEqual([200, 'Schon bestätigt']);
    expect(again.body).toMatch(/Bestätigt am \d+\. \w+ 20\d\d/);
    expect(again.body).toContain('/preferences/');
    expect((await site.get(link)).heading).toBe('Schon bestätigt');
    expect(await site.stored()).toEqual(before);
  });

  test('pressed twenty times at once confirms once, and everybody gets a friendly answer', async () => {
    const email = somebody();
    const link = await site.signUp(email);
    const page = (await site.get(link)).hidden('page');
    const answers = await Promise.all(Array.from({ length: 20 }, () => site.post(link, { page })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const headings = answers.map(({ heading }) => heading).sort();
    expect(headings.filter((heading) => heading === 'Danke, es ist bestätigt')).toHaveLength(1);
    expect(headings.filter((heading) => heading === 'Schon bestätigt')).toHaveLength(19);
    await site.settle();
    const welcomed = site.sent.filter(({ to, text }) => to === email && text.includes('/unsubscribe/'));
    expect(welcomed).toHaveLength(1);
  });

  test.each([
    ['none', () => Promise.resolve({})],
    ['an empty one', () => Promise.resolve({ page: '' })],
    ['a made-up one', () => Promise.resolve({ page: 'k1.a.b.c' })],
    [
      'one of another kind',
      async () => ({ page: (await site.signUp(somebody())).slice('/confirm/'.length) }),
    ],
    [
      'one of another link',
      async () => ({ page: (await site.get(await site.signUp(somebody()))).hidden('page') }),
    ],
  ])('T1 needs the nonce of its own page; with %s the page is shown again', async (_, fields) => {
    const link = await site.signUp(somebody());
    const posted = await fields();
    const before = await site.stored();
    for (const button of ['', '/not-me', '/resend']) {
      const answer = await site.post(`${link}${button}?lang=en`, posted);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `${link}?lang=en`]);
    }
    expect(await site.stored()).toEqual(before);
    expect((await site.get(link)).heading).toBe('Stimmt das so?');
  });

  test('T1 of a page shown more than a day ago shows the page again', async () => {
    const link = await site.signUp(somebody());
    const page = (await site.get(link)).hidden('page');
    site.advance(24 * HOUR + 1);
    expect((await site.post(link, { page })).status).toBe(303);
    expect((await site.get(link)).heading).toBe('Stimmt das so?');
    expect((await press(link)).heading).toBe('Danke, es ist bestätigt');
  });

  test('with a made-up link leads to a page that does not know it, whatever stands in it', async () => {
    for (const token of ['x', '%0d%0aSet-Cookie:a=b', '%E2%82%AC', '%E0%A4%A', '%2f%2fevil.example', '%00']) {
      const answer = await site.post(`/confirm/${token}`, { page: 'x' });
      expect(answer.status).toBe(303);
      const location = answer.headers.get('location') ?? '';
      expect(location).toMatch(/^\/confirm\/[^/\s]+$/);
      expect((await site.get(location)).status).toBe(404);
    }
  });

  test('T8 leaves the address that the platform saw in the evidence, and no address in the open', async () => {
    const email = somebody();
    const { contactId } = await site.subscribe(email);
    const [entry] = await site.entries(contactId);
    expect(entry).toMatchObject({ type: 'granted', route: 'double-opt-in', actor: { kind: 'person' } });
    expect(entry?.signup?.confirmPageShownAt).toBeDefined();
    expect(JSON.stringify(entry)).not.toMatch(/example\.com|203\.0\.113/);
  });
});

describe('bodies that no page of ours posts', () => {
  const FORM = 'application/x-www-form-urlencoded';
  test.each([
    ['64 KB and more', FORM, (page: string) => `page=${page}&more=${'a'.repeat(64 * 1024)}`, 413],
    ['JSON', 'application/json', (page: string) => JSON.stringify({ page }), 415],
    ['plain text', 'text/plain', (page: string) => `page=${page}`, 415],
    ['broken multipart', 'multipart/form-data; boundary=b', (page: string) => `--b\r\n${page}`, 400],
    ['multipart without boundary', 'multipart/form-data', (page: string) => page, 400],
  ])('%s', async (_, type, body, status) => {
    const link = await site.signUp(somebody());
    const page = (await site.get(link)).hidden('page');
    const before = await site.stored();
    for (const button of ['', '/not-me', '/resend']) {
      const sent = { method: 'POST', headers: { 'content-type': type }, body: body(page) };
      expect((await site.send(`${link}${button}`, sent)).status).toBe(status);
    }
    expect(await site.stored()).toEqual(before);
  });

  test('what counts is the size that came, not the one that was told', async () => {
    const link = await site.signUp(somebody());
    const headers = { 'content-type': FORM, 'content-length': '10' };
    const body = `page=${'a'.repeat(65 * 1024)}`;
    expect((await site.send(link, { method: 'POST', headers, body })).status).toBe(413);
  });

  test('a nonce given as a file, as a list or with more beside it is no harm', async () => {
    const link = await site.signUp(somebody());
    const page = (await site.get(link)).hidden('page');
    const form = new FormData();
    form.append('page', new File([page], 'page.txt'));
    expect((await site.send(link, { method: 'POST', body: form })).status).toBe(303);
    expect((await site.post(link, { 'page[]': page })).status).toBe(303);
    const crowded = await site.post(`${link}?lang=de`, {
      page,
      __proto__: 'x',
      constructor: 'y',
      use: 'all',
    });
    expect(crowded.heading).toBe('Danke, es ist bestätigt');
  });
});
