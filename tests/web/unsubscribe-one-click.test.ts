import { handle } from 'hono/aws-lambda';
import { beforeAll, describe, expect, test } from 'vitest';

import { verifyChain } from '../../shared/permission/verify.ts';
import { DAY } from '../../shared/platform/clock.ts';
import { randomToken } from '../../shared/platform/ids.ts';
import { confirmToken, pageNonce, undoToken, unsubscribeToken } from '../../shared/signup/links.ts';
import { openSite, serveApps } from './open-site.ts';
import type { Site } from './open-site.ts';
import { call } from './signup-door.ts';

const FORM = 'application/x-www-form-urlencoded';
const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' };
/** As the mail programs of large providers send it: no cookie, no Origin, no browser. */
const PROVIDER = { 'user-agent': 'Go-http-client/2.0' };

let site: Site;
let people = 0;
const somebody = () => `anna.${(people += 1)}@example.com`;

beforeAll(async () => {
  site = await openSite();
});

describe('one click in a mail program', () => {
  const multipart =
    '--b1\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b1--\r\n';

  test.each([
    ['urlencoded', FORM, 'List-Unsubscribe=One-Click'],
    ['urlencoded, base64', FORM, Buffer.from('List-Unsubscribe=One-Click')],
    ['multipart', 'multipart/form-data; boundary=b1', multipart],
    ['multipart, base64', 'multipart/form-data; boundary=b1', Buffer.from(multipart)],
  ])('U3 U4 works through API Gateway: %s', async (_, type, body) => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    const handler = handle(site.apps.unsubscribe) as Parameters<typeof call>[0];
    const headers = { 'content-type': type, ...PROVIDER };
    const answer = await call(handler, unsubscribe, { method: 'POST', headers, body });
    expect([answer.status, answer.body]).toEqual([200, '']);
    expect(answer.headers).not.toHaveProperty('location');
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(await site.status(contactId)).toBe('withdrawn');
    const last = (await site.entries(contactId)).at(-1);
    expect(last).toMatchObject({ type: 'withdrawn', route: 'one-click', actor: { kind: 'person' } });
  });

  test('U3 asks for no cookie, no origin and no nonce, and minds none', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    const headers = { origin: 'https://mail.example', cookie: 'a=b', 'sec-fetch-site': 'cross-site' };
    expect((await site.post(unsubscribe, ONE_CLICK, headers)).status).toBe(200);
    expect(await site.status(contactId)).toBe('withdrawn');
  });

  test('U2 the link of a mail names no address, and one changed character makes it unknown', async () => {
    const email = somebody();
    const { unsubscribe } = await site.subscribe(email);
    expect(unsubscribe).not.toMatch(/@|%40|anna|example/);
    const before = await site.stored();
    for (let at = '/unsubscribe/'.length; at < unsubscribe.length; at += 1) {
      const other = `${unsubscribe.slice(0, at)}${unsubscribe[at] === 'A' ? 'B' : 'A'}${unsubscribe.slice(at + 1)}`;
      const answer = await site.post(other, ONE_CLICK);
      expect([answer.status, answer.heading]).toEqual([404, 'We do not know this link']);
      expect((await site.get(other)).body).toBe(answer.body);
    }
    expect(await site.stored()).toEqual(before);
  });

  test('U5 GET and HEAD never unsubscribe', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    const before = await site.stored();
    for (let round = 0; round < 10; round += 1) {
      expect((await site.get(`${unsubscribe}?List-Unsubscribe=One-Click`, PROVIDER)).heading).toBe(
        'Abmelden',
      );
      expect((await site.send(unsubscribe, { method: 'HEAD' })).status).toBe(200);
    }
    expect(await site.stored()).toEqual(before);
    expect(await site.status(contactId)).toBe('granted');
  });

  test('U6 twice, or twenty times at once, is one entry and always 200', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    const clicks = Array.from({ length: 20 }, () => site.post(unsubscribe, ONE_CLICK, PROVIDER));
    expect(new Set((await Promise.all(clicks)).map(({ status }) => status))).toEqual(new Set([200]));
    const before = await site.stored();
    expect((await site.post(unsubscribe, ONE_CLICK, PROVIDER)).status).toBe(200);
    expect(await site.stored()).toEqual(before);
    const entries = await site.entries(contactId);
    expect(entries.map(({ type }) => type)).toEqual(['granted', 'withdrawn']);
    expect(verifyChain(entries).ok).toBe(true);
  });

  test('U6 after years the link still works, and for somebody erased it is answered alike', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    site.advance(5 * 365 * DAY);
    expect((await site.post(unsubscribe, ONE_CLICK)).status).toBe(200);
    expect(await site.status(contactId)).toBe('withdrawn');
    await site.erase(contactId);
    const before = await site.stored();
    const gone = await site.post(unsubscribe, ONE_CLICK);
    expect([gone.status, gone.body]).toEqual([200, '']);
    expect(await site.stored()).toEqual(before);
  });

  test('U6 a link of an earlier key is good as long as that key is kept', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    const { keys: before } = await site.secrets.linkKeys();
    const rotated = (kept: Record<string, string>) => {
      const linkKeys = () => Promise.resolve({ current: 'k2', keys: { ...kept, k2: randomToken() } });
      return serveApps({ ...site.deps, secrets: { ...site.secrets, linkKeys } }, site.db);
    };
    expect((await rotated({}).post(unsubscribe, ONE_CLICK)).status).toBe(404);
    expect(await site.status(contactId)).toBe('granted');
    expect((await rotated(before).post(unsubscribe, ONE_CLICK)).status).toBe(200);
    expect(await site.status(contactId)).toBe('withdrawn');
  });

  test.each([
    ['nothing', {}],
    ['another value', { 'List-Unsubscribe': 'one-click' }],
    ['another name', { 'list-unsubscribe': 'One-Click' }],
    ['a choice without the nonce of the page', { scope: 'all' }],
  ])('U7 a post of %s shows the page instead', async (_, fields) => {
    const { unsubscribe } = await site.subscribe(somebody());
    const before = await site.stored();
    const { status, heading } = await site.post(unsubscribe, fields, PROVIDER);
    expect([status, heading]).toEqual([200, 'Abmelden']);
    expect(await site.stored()).toEqual(before);
  });

  test('U7 a post without any body shows the page', async () => {
    const { unsubscribe } = await site.subscribe(somebody());
    expect((await site.send(unsubscribe, { method: 'POST' })).heading).toBe('Abmelden');
  });

  test('T2 tokens of other kinds are worth nothing here, and ours nothing elsewhere', async () => {
    const { unsubscribe, token, confirm, contactId } = await site.subscribe(somebody());
    const links = await site.secrets.linkKeys();
    const ref = { contactId, brand: 'nordlicht', seq: 1, until: '2099-01-01T00:00:00.000Z' };
    const others = [
      confirm.slice('/confirm/'.length),
      undoToken(links, 'undo', ref),
      undoToken(links, 'undo-mail', ref),
      pageNonce(links, token),
      // As many parts as ours, signed for another kind.
      confirmToken(links, { brand: contactId, form: 'nordlicht', addressKey: 'newsletter', requestId: 'x' }),
    ];
    const before = await site.stored();
    for (const other of others)
      expect((await site.post(`/unsubscribe/${other}`, ONE_CLICK)).status).toBe(404);
    expect((await site.get(`/confirm/${token}`)).status).toBe(404);
    expect((await site.post(`/undo/${token}`)).status).toBe(404);
    expect((await site.post(`${unsubscribe}/undo`, { undo: token })).status).toBe(404);
    expect(await site.stored()).toEqual(before);
  });

  test('a mail about something else silences only that', async () => {
    const { contactId } = await site.subscribe(somebody(), { uses: ['newsletter', 'tracking'] });
    const token = unsubscribeToken(await site.secrets.linkKeys(), {
      contactId,
      brand: 'nordlicht',
      use: 'tracking',
    });
    await site.post(`/unsubscribe/${token}`, ONE_CLICK);
    expect([await site.status(contactId, 'tracking'), await site.status(contactId)]).toEqual([
      'withdrawn',
      'granted',
    ]);
  });
});

describe('bodies that nobody of ours posts', () => {
  test.each([
    ['more than 64 KB', FORM, `List-Unsubscribe=One-Click&more=${'a'.repeat(64 * 1024)}`, 413],
    ['JSON', 'application/json', '{"List-Unsubscribe":"One-Click"}', 415],
    ['plain text', 'text/plain', 'List-Unsubscribe=One-Click', 415],
    ['broken multipart', 'multipart/form-data; boundary=b1', 'List-Unsubscribe=One-Click', 400],
    ['multipart without boundary', 'multipart/form-data', 'List-Unsubscribe=One-Click', 400],
  ])('%s is refused, never answered as if it had worked', async (_, type, body, status) => {
    const { unsubscribe } = await site.subscribe(somebody());
    const before = await site.stored();
    for (const path of [unsubscribe, `${unsubscribe}/undo`]) {
      const answer = await site.send(path, { method: 'POST', headers: { 'content-type': type }, body });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain(
        type === 'application/json' ? 'problem+json' : 'text/html',
      );
    }
    expect(await site.stored()).toEqual(before);
  });
});
