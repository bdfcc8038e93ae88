import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { tellAddress } from '../../shared/contacts/store.ts';
import { eraseContact } from '../../shared/retention/erase.ts';
import { DAY, HOUR, MINUTE, now } from '../../shared/platform/clock.ts';
import { choicesToken } from '../../shared/signup/links.ts';
import { resetClock } from '../support/system.ts';
import { openSite } from './open-site.ts';
import type { Shown, Site } from './open-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
// Mails to one mailbox, and log-ins of one network, are limited by time.
beforeEach(() => site.advance(DAY));
afterAll(resetClock);

const UA = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
/** What a browser keeps of the cookies that an answer sets. */
const cookieOf = ({ headers }: Shown, name: string) =>
  new RegExp(`${name}=[^;]*`).exec(
    headers.getSetCookie().find((cookie) => cookie.startsWith(name)) ?? '',
  )?.[0] ?? '';
let people = 0;
let networks = 0;
const person = async () => {
  const email = `login-${(people += 1)}@example.com`;
  return { email, ...(await site.subscribe(email)) };
};
const ask = (email: string, ip = `198.51.100.${(networks += 1) % 250}`) =>
  site.post('/preferences?lang=de', { email, brand: 'nordlicht' }, { 'user-agent': UA }, ip);
/** Asks for a link; answers the mail's link and code, and the cookie of the browser that asked. */
async function mailed(email: string) {
  const answer = await ask(email);
  await site.settle();
  const text = site.sent.filter(({ to }) => to === email).at(-1)?.text ?? '';
  return {
    answer,
    cookie: cookieOf(answer, 'assent-login'),
    link: /\/log-in\/[\w.-]+/.exec(text)?.[0] ?? '',
    code: /\d{4} \d{4}/.exec(text)?.[0] ?? '',
    text,
  };
}
async function press(link: string, cookie: string) {
  const page = (await site.get(link, { cookie })).hidden('page');
  return site.post(link, { page }, { cookie });
}
async function enter(email: string) {
  const { link, cookie } = await mailed(email);
  const session = cookieOf(await press(link, cookie), 'assent-session');
  expect(session).not.toBe('');
  return session;
}

describe('asking for a link', () => {
  test('the only brand is the one; the page asks for nothing but the address', async () => {
    const shown = await site.get('/preferences?lang=de');
    expect(shown.status).toBe(200);
    expect(shown.heading).toBe('Ihre Daten und Einstellungen');
    expect(shown.hidden('brand')).toBe('nordlicht');
    expect(shown.body).toContain('autocomplete="email"');
  });

  test('T6 every address is answered alike, with the same calls: known, unknown, suppressed, erased', async () => {
    const [known, gone, bounced] = [await person(), await person(), await person()];
    const news = { kind: 'hard-bounce', at: now(), reason: 'Permanent/NoEmail' } as const;
    const { controller: of = '', addressKey = '' } = (await site.contact(bounced.contactId)) ?? {};
    await tellAddress(site.db, of, addressKey, news);
    const contact = await site.contact(gone.contactId);
    await eraseContact(site.deps, {
      contactId: gone.contactId,
      controller: contact?.controller ?? '',
      requestedBy: 'person',
      actor: { kind: 'person' },
      at: now(),
    });
    const answers: unknown[] = [];
    for (const email of [known.email, 'nobody@example.com', bounced.email, gone.email]) {
      site.deps.db.reset();
      const answer = await ask(email);
      const headers = [...answer.headers].filter(([name]) => name !== 'set-cookie');
      const cookies = answer.headers.getSetCookie().map((cookie) => cookie.replace(/=[^;]*/, '=…'));
      answers.push({
        status: answer.status,
        headers,
        cookies,
        body: answer.body,
        calls: site.deps.db.calls(),
      });
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 303, calls: { read: 0, write: 2 } });
    const before = site.sent.length;
    await site.settle();
    const mails = site.sent.slice(before);
    expect(mails.map(({ to }) => to)).toEqual([known.email]);
  });

  test('T2 neither link, code nor cookie is at rest, nor the address', async () => {
    const { email } = await person();
    const { link, code, cookie, text } = await mailed(email);
    const [, secret = 'none'] = cookie.split('.');
    const waiting = (await site.stored()).filter((item) => item.includes('"log-in"'));
    expect(waiting.length).toBeGreaterThan(0);
    for (const item of waiting) {
      for (const found of [link.split('/').at(-1), code.replace(' ', ''), secret, email]) {
        expect(item).not.toContain(found);
      }
    }
    expect(text).toContain('Firefox, Windows');
  });

  test('T7 one network asks ten times an hour, one mailbox gets a mail a minute', async () => {
    const { email } = await person();
    const before = site.sent.length;
    for (let times = 0; times < 10; times += 1) expect((await ask(email, '192.0.2.9')).status).toBe(303);
    const refused = await ask(email, '192.0.2.9');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(refused.body).not.toContain(email);
    await site.settle();
    expect(site.sent.slice(before)).toHaveLength(1);
  });

  test('a wrong address is explained, a foreign site is refused', async () => {
    const wrong = await site.post('/preferences?lang=de', { email: 'anna@', brand: 'nordlicht' });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toContain('value="anna@"');
    const foreign = { 'sec-fetch-site': 'cross-site' };
    const posted = { email: 'anna@example.com', brand: 'nordlicht' };
    expect((await site.post('/preferences', posted, foreign)).status).toBe(403);
    expect((await site.post('/preferences', { ...posted, brand: 'nobody' })).status).toBe(404);
  });
});

describe('the link', () => {
  test('T4 logs in once, in the browser that asked', async () => {
    const { email } = await person();
    const { link, cookie, answer } = await mailed(email);
    expect(answer.headers.get('location')).toBe('/log-in/code?brand=nordlicht&lang=de');
    const entered = await press(link, cookie);
    expect(entered.status).toBe(303);
    expect(entered.headers.getSetCookie().find((each) => each.startsWith('assent-session'))).toMatch(
      /; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const session = cookieOf(entered, 'assent-session');
    expect((await site.get('/profile', { cookie: session })).body).toContain(email);
    expect((await press(link, cookie)).heading).toMatch(/no longer valid|gilt nicht mehr/);
  });

  test('T1 is inert: looking at it any number of times changes nothing', async () => {
    const { email } = await person();
    const { link, cookie } = await mailed(email);
    const before = await site.stored();
    for (let times = 0; times < 5; times += 1) {
      await site.get(link, { cookie });
      await site.get(link);
      await site.send(link, { method: 'HEAD' });
    }
    expect(await site.stored()).toEqual(before);
  });

  test('T4 on another device it says so, and opens nothing', async () => {
    const { email } = await person();
    const { link } = await mailed(email);
    const shown = await site.get(link);
    expect(shown.heading).toBe('Sie lesen auf einem anderen Gerät');
    const posted = await site.post(link, { page: shown.hidden('page') });
    expect(cookieOf(posted, 'assent-session')).toBe('');
  });

  test('T4 asked for twice, each link opens only in the browser that waits for it', async () => {
    const { email } = await person();
    const [first, second] = [await mailed(email), await ask(email)];
    const twice = cookieOf(second, 'assent-login');
    const shown = await site.get(first.link, { cookie: twice });
    expect(shown.heading).toBe('Hier gilt der Link einer anderen E-Mail');
    const page = (await site.get(first.link, { cookie: first.cookie })).hidden('page');
    const posted = await site.post(first.link, { page }, { cookie: twice });
    expect(cookieOf(posted, 'assent-session')).toBe('');
    expect(cookieOf(await press(first.link, first.cookie), 'assent-session')).not.toBe('');
  });

  test('T4 ends after ten minutes', async () => {
    const { email } = await person();
    const { link, cookie } = await mailed(email);
    const page = (await site.get(link, { cookie })).hidden('page');
    site.advance(10 * MINUTE);
    const late = await site.post(link, { page }, { cookie });
    expect(late.status).toBe(410);
    expect(cookieOf(late, 'assent-session')).toBe('');
  });

  test('T2 twenty presses at once begin one session', async () => {
    const { email, contactId } = await person();
    const { link, cookie } = await mailed(email);
    const page = (await site.get(link, { cookie })).hidden('page');
    const all = await Promise.all(Array.from({ length: 20 }, () => site.post(link, { page }, { cookie })));
    expect(all.filter((each) => cookieOf(each, 'assent-session') !== '')).toHaveLength(1);
    expect(
      (await site.stored()).filter((item) => item.includes(`C#${contactId}`) && item.includes('SESSION#')),
    ).toHaveLength(1);
  });

  test('D7 a token of another kind opens nothing', async () => {
    const { email, contactId, token } = await person();
    const { cookie, link } = await mailed(email);
    const links = await site.secrets.linkKeys();
    const choices = choicesToken(links, { contactId, brand: 'nordlicht' });
    for (const each of [token, choices, `${link.slice('/log-in/'.length)}x`]) {
      expect((await site.get(`/log-in/${each}`, { cookie })).status).toBe(404);
      expect((await site.post(`/log-in/${each}`, {}, { cookie })).status).toBe(404);
    }
    for (const path of ['/profile', '/history', '/interests', '/sessions', '/profile/address']) {
      expect((await site.get(path, { cookie: `assent-session=${choices}` })).status).toBe(401);
    }
  });
});

describe('the code', () => {
  const type = (cookie: string, code: string) => site.post('/log-in/code?lang=de', { code }, { cookie });

  test('T4 logs in the browser that asked, however it is typed', async () => {
    const { email } = await person();
    const { cookie, code } = await mailed(email);
    expect((await site.get('/log-in/code?lang=de', { cookie })).heading).toBe(
      'Bitte sehen Sie in Ihr Postfach',
    );
    const entered = await type(cookie, ` ${code.replace(' ', '-')} `);
    expect(entered.status).toBe(303);
    expect(cookieOf(entered, 'assent-session')).not.toBe('');
  });

  test('of a thousand guesses at once five are looked at, then even the right one opens nothing', async () => {
    const { email } = await person();
    const { cookie, code } = await mailed(email);
    const wrong = code === '0000 0000' ? '11111111' : '00000000';
    const guesses = await Promise.all(Array.from({ length: 1_000 }, () => type(cookie, wrong)));
    expect(guesses.filter(({ status }) => status === 422).length).toBeLessThanOrEqual(5);
    expect(guesses.every((each) => cookieOf(each, 'assent-session') === '')).toBe(true);
    expect((await type(cookie, code)).status).toBe(410);
  });

  test('says how many tries are left, and is nothing without the cookie or for who is unknown', async () => {
    const { email } = await person();
    const { cookie, code } = await mailed(email);
    const first = await type(cookie, '1234');
    expect(first.status).toBe(422);
    expect(first.body).toContain('Sie haben noch 4 Versuche');
    expect((await type('', code)).status).toBe(410);
    const nobody = cookieOf(await ask('nobody-else@example.com'), 'assent-login');
    expect((await type(nobody, '1234')).body).toContain('Sie haben noch 4 Versuche');
  });
});

describe('the session', () => {
  test('T5 ends after 15 idle minutes, and after an hour in any case', async () => {
    const { email } = await person();
    const idle = { cookie: await enter(email) };
    site.advance(14 * MINUTE);
    expect((await site.get('/profile', idle)).status).toBe(200);
    site.advance(15 * MINUTE);
    expect((await site.get('/profile', idle)).status).toBe(401);

    const busy = { cookie: await enter(email) };
    for (let minutes = 10; minutes < 60; minutes += 10) {
      site.advance(10 * MINUTE);
      expect((await site.get('/profile', busy)).status).toBe(200);
    }
    site.advance(10 * MINUTE);
    expect((await site.get('/profile', busy)).status).toBe(401);
  });

  test('T5 log-out ends it on the server: the old cookie and the back button show nothing', async () => {
    const { email } = await person();
    const browser = { cookie: await enter(email) };
    const shown = await site.get('/profile', browser);
    expect(shown.headers.get('cache-control')).toBe('no-store');
    const out = await site.post('/sessions/end', { page: shown.hidden('page') }, browser);
    expect(out.heading).toBe('Von dieser Seite abgemeldet');
    expect(out.headers.get('clear-site-data')).toBe('"cache"');
    expect(out.headers.getSetCookie().join()).toContain('assent-session=; Max-Age=0');
    expect((await site.get('/profile', browser)).status).toBe(401);
    expect((await site.post('/profile', { page: shown.hidden('page') }, browser)).status).toBe(401);
  });

  test('T5 the list shows every log-in, and one button ends them all', async () => {
    const { email, contactId } = await person();
    const first = { cookie: await enter(email) };
    site.advance(2 * MINUTE);
    const second = { cookie: await enter(email) };
    const shown = await site.get('/sessions?lang=de', second);
    expect(shown.body.match(/Firefox, Windows/g)).toHaveLength(2);
    expect(shown.body.match(/Dieses Gerät/g)).toHaveLength(1);
    const page = shown.hidden('page');
    expect((await site.post('/sessions/end-all', { page }, first)).status).toBe(403);
    expect((await site.post('/sessions/end-all', { page }, second)).status).toBe(200);
    for (const browser of [first, second]) expect((await site.get('/profile', browser)).status).toBe(401);
    const left = (await site.stored()).filter(
      (item) => item.includes(contactId) && item.includes('SESSION#'),
    );
    expect(left).toEqual([]);
  });

  test('T5 ends where the same browser logs in anew; that of another device goes on', async () => {
    const { email } = await person();
    const phone = { cookie: await enter(email) };
    site.advance(2 * MINUTE);
    const old = await enter(email);
    site.advance(2 * MINUTE);
    const { link, cookie } = await mailed(email);
    const fresh = cookieOf(await press(link, `${cookie}; ${old}`), 'assent-session');
    expect(fresh).not.toBe(old);
    expect((await site.get('/profile', { cookie: old })).status).toBe(401);
    expect((await site.get('/profile', { cookie: fresh })).status).toBe(200);
    expect((await site.get('/profile', phone)).status).toBe(200);
  });

  test('T9 log-out cannot be pressed from another site', async () => {
    const browser = { cookie: await enter((await person()).email) };
    const page = (await site.get('/profile', browser)).hidden('page');
    const foreign = { ...browser, 'sec-fetch-site': 'cross-site' };
    expect((await site.post('/sessions/end', { page }, foreign)).status).toBe(403);
    expect((await site.post('/sessions/end', {}, browser)).status).toBe(403);
    expect((await site.get('/profile', browser)).status).toBe(200);
  });

  test('D4 an erasure ends it', async () => {
    const { email, contactId } = await person();
    const browser = { cookie: await enter(email) };
    const contact = await site.contact(contactId);
    await eraseContact(site.deps, {
      contactId,
      controller: contact?.controller ?? '',
      requestedBy: 'person',
      actor: { kind: 'person' },
      at: now(),
    });
    expect((await site.get('/profile', browser)).status).toBe(401);
    expect(
      (await site.stored()).filter((item) => item.includes('SESSION#') && item.includes(contactId)),
    ).toEqual([]);
    site.advance(HOUR);
  });
});
