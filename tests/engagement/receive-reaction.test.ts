import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { withdraw } from '../../shared/permission/withdraw.ts';
import { MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { agreed } from '../decision/people.ts';
import { BRAND, captureLog, openTestSystem, resetClock } from '../support/system.ts';
import { BROWSER, LINK, click, delivery, open, openMailing } from './tracked-mailing.ts';

const system = await openTestSystem();
const { deps } = system;
const { mailTo, receive, eventsOf, scans } = openMailing(system);
afterAll(resetClock);

let lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines = captureLog();
});
afterEach(() => vi.restoreAllMocks());
const anonymous = () =>
  lines.flatMap(({ event, kind }) => (event === 'reaction-anonymous' ? String(kind) : []));
const soon = (seconds: number) => plus(now(), seconds * SECOND);
async function withdrawTracking(contactId: string) {
  const brand = await deps.settings.brand(BRAND);
  if (!brand) throw new Error('no brand');
  const scope = { kind: 'uses' as const, uses: ['tracking'] };
  await withdraw(deps, { contactId, brand, scope, route: 'unsubscribe-page', actor: { kind: 'person' } });
}

describe('V11 with the permission to track', () => {
  test('delivery, open and click are kept, with what tells people from machines', async () => {
    const mailed = await mailTo('anna@firma-eins.example');
    const { about, contactId } = mailed;
    await receive(delivery(mailed, soon(1)));
    await receive(open(mailed, soon(60), { ip: '2A01:599:812:4F3E::1', bot: 'Unlikely' }));
    await receive(click(mailed, soon(90), { links: 7 }));
    const { sendId, messageId } = about;
    const mail = { sendId, messageId, brand: BRAND, use: 'newsletter', mailing: 'november' };
    const shared = { contactId, source: 'ses', topics: ['drives'], tracked: true, brand: BRAND };
    const { userAgent } = BROWSER;
    expect(await eventsOf(contactId)).toMatchObject([
      { ...shared, type: 'delivered', mail },
      {
        ...shared,
        type: 'open',
        mail: { ...mail, userAgent, network: '2a01:599:812::/48', bot: 'Unlikely', domainScans: 0 },
      },
      {
        ...shared,
        type: 'click',
        mail: {
          ...mail,
          userAgent,
          network: '203.0.113.0/24',
          links: 7,
          link: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
      },
    ]);
    expect(anonymous()).toEqual([]);
  });

  test('neither address, IP, link nor domain stand anywhere in clear', async () => {
    const mailed = await mailTo('clara.muster@klar.example');
    await receive(delivery(mailed, soon(1)));
    await receive(click(mailed, soon(90), { hidden: true }));
    const stored = JSON.stringify(
      (await system.dump('engagement')).filter(({ sk }) => !sk.startsWith('PROMO#')),
      (_, value: unknown) => (value instanceof Set ? [...value] : value),
    );
    for (const secret of ['clara', 'klar.example', BROWSER.ip, LINK, 'wer=anna'])
      expect(stored + JSON.stringify(lines)).not.toContain(secret);
  });

  test('a very long agent is cut, nonsense for an IP is left out', async () => {
    const mailed = await mailTo('lang@firma.example');
    await receive(open(mailed, soon(60), { userAgent: 'x'.repeat(2_000), ip: 'unknown' }));
    const [event] = await eventsOf(mailed.contactId);
    expect(event?.mail?.userAgent).toHaveLength(300);
    expect(event?.mail).not.toHaveProperty('network');
  });

  test.each([
    ['/unsubscribe/k1.abc', true],
    ['/preferences/k1.abc?x=1', true],
    ['/rights', true],
    ['/forms/newsletter', false],
    ['/unsubscribers', false],
  ])('DOMAIN 6 a click that leads to %s of ours: leaving is %s', async (path, leaving) => {
    const mailed = await mailTo(`leaving-${path.length}-${leaving}@firma.example`);
    await receive(click(mailed, soon(60), { link: `${deps.baseUrl}${path}` }));
    await receive(click(mailed, soon(61), { link: `https://other.example${path}` }));
    const events = await eventsOf(mailed.contactId);
    expect(events.map(({ mail }) => mail?.leaving ?? false)).toEqual([leaving, false]);
  });
});

describe('G12 without it nothing is kept, and it is counted without a word about whom', () => {
  const all = async (mailed: Parameters<typeof delivery>[0]) => {
    await receive(delivery(mailed, soon(1)));
    await receive(open(mailed, soon(60)));
    await receive(click(mailed, soon(90), { hidden: true }));
  };
  const KINDS = ['delivery', 'open', 'click'];

  test('somebody who never agreed', async () => {
    const mailed = await mailTo('niemand@firma.example', [agreed('newsletter')]);
    const before = await system.dump('engagement');
    await all(mailed);
    expect(await system.dump('engagement')).toEqual(before);
    expect(anonymous()).toEqual(KINDS);
    const { contactId, about } = mailed;
    for (const id of [contactId, about.sendId ?? '', about.messageId, 'firma.example'])
      expect(JSON.stringify(lines)).not.toContain(id);
  });

  test('a withdrawal is good for mails already sent, and for what happened before it came in', async () => {
    const mailed = await mailTo('spaeter@firma.example');
    await withdrawTracking(mailed.contactId);
    await all(mailed);
    await receive(click(mailed, mailed.about.at));
    expect(await eventsOf(mailed.contactId)).toEqual([]);
    expect(anonymous()).toEqual([...KINDS, 'click']);
  });

  test('what happened before the person agreed', async () => {
    const mailed = await mailTo('vorher@firma.example');
    const [tracking] = Object.entries(
      (await system.contactOf('vorher@firma.example'))?.permissions ?? {},
    ).filter(([place]) => place === `${BRAND}#tracking`);
    const since = tracking?.[1].since ?? '';
    await receive(open(mailed, plus(since, -1)));
    expect(await eventsOf(mailed.contactId)).toEqual([]);
    await receive(open(mailed, since));
    expect(await eventsOf(mailed.contactId)).toHaveLength(1);
  });

  test.each([
    ['no send id', { sendId: undefined }],
    ['a send id of our own service mail', { sendId: 'm_0123' }],
    ['a send id of a sign-up', { sendId: `s_nordlicht_${'0'.repeat(32)}_${'0'.repeat(32)}` }],
    ['a send id that nobody knows', { sendId: 'send_unknown' }],
    ['several recipients', { recipients: ['anna@firma.example', 'ben@firma.example'] }],
    ['no recipient', { recipients: [] }],
  ])('mail with %s', async (name, change) => {
    const mailed = await mailTo(`${name.replaceAll(' ', '-')}@firma.example`);
    await all({ ...mailed, about: { ...mailed.about, ...change } });
    expect(await eventsOf(mailed.contactId)).toEqual([]);
    expect(anonymous()).toEqual(KINDS);
  });

  test('other news is none of its business', async () => {
    const { about, contactId } = await mailTo('anderes@firma.example');
    await receive({ kind: 'send', ...about });
    await receive({ kind: 'delay', delayType: 'MailboxFull', ...about });
    expect(await eventsOf(contactId)).toEqual([]);
    expect(anonymous()).toEqual([]);
  });
});

describe('V7 told again', () => {
  test('it is one event, also at the same time and when SES has changed its mind about the rest', async () => {
    const mailed = await mailTo('doppelt@firma.example');
    const first = click(mailed, soon(60));
    await receive(first);
    const [stored] = await eventsOf(mailed.contactId);
    await Promise.all(
      Array.from({ length: 8 }, () =>
        receive({ ...first, bot: 'Likely', userAgent: 'other' } as typeof first),
      ),
    );
    expect(await eventsOf(mailed.contactId)).toEqual([stored]);
  });

  test('another link in the same instant, and the same link later, are clicks of their own', async () => {
    const mailed = await mailTo('mehrfach@firma.example');
    const at = soon(60);
    await receive(click(mailed, at));
    await receive(click(mailed, at, { link: `${LINK}#2` }));
    await receive(click(mailed, plus(at, MINUTE)));
    await receive(open(mailed, at));
    expect((await eventsOf(mailed.contactId)).map(({ type }) => type).toSorted()).toEqual([
      'click',
      'click',
      'click',
      'open',
    ]);
  });
});

describe('V10 a domain whose mail machines read', () => {
  const trap = { hidden: true };

  test('is known by the mails in which one gave itself away, this mail left out, each once', async () => {
    const mails = [];
    for (const name of ['a', 'b', 'c', 'd']) mails.push(await mailTo(`${name}@gescannt.example`));
    const [a, b, c, d] = mails;
    if (!a || !b || !c || !d) throw new Error('no mail');
    await receive(click(a, soon(1), trap));
    await receive(click(a, soon(2), trap));
    await receive(click(b, soon(1), { userAgent: 'Barracuda Sentinel (EE)' }));
    await receive(click(c, soon(1), { ip: '94.100.136.9' }));
    await receive(click(c, soon(2), { bot: 'Likely' }));
    // Somebody passes the link on: nothing is said about the mail of the company.
    await receive(click(d, soon(1), { userAgent: 'Slackbot-LinkExpanding 1.0' }));
    await receive(open(d, soon(1), { userAgent: 'Mozilla/5.0', bot: 'Likely' }));
    await receive(click(d, soon(20)));
    const known = async (contactId: string) => (await eventsOf(contactId)).at(-1)?.mail?.domainScans;
    expect([await known(a.contactId), await known(c.contactId), await known(d.contactId)]).toEqual([0, 2, 3]);
    const [history] = (await scans()).filter(
      ({ messages }) => messages instanceof Set && messages.size === 3,
    );
    expect(history?.pk).toMatch(/^SCANS#nordlicht-gmbh#[0-9a-f]{32}$/);
    expect(history?.['expiresAt']).toBeGreaterThan(Date.parse(plus(now(), 31 * 24 * 60 * MINUTE)) / 1_000);
  });

  test('holds no more than fifty mails', async () => {
    const mailed = await mailTo('viele@viele.example');
    for (let number = 0; number < 55; number += 1) {
      const about = { ...mailed.about, messageId: `ses-many-${number}` };
      await receive(click({ ...mailed, about }, soon(number), trap));
    }
    const sizes = (await scans()).map(({ messages }) => (messages instanceof Set ? messages.size : 0));
    expect(Math.max(...sizes)).toBe(50);
    await receive(click(mailed, soon(100)));
    expect((await eventsOf(mailed.contactId)).at(-1)?.mail?.domainScans).toBe(50);
  });

  test('is nobody’s where anybody can have a mailbox', async () => {
    const before = await scans();
    const mailed = await mailTo('anna@gmx.de');
    await receive(click(mailed, soon(1), trap));
    expect(await scans()).toEqual(before);
    expect((await eventsOf(mailed.contactId))[0]?.mail).not.toHaveProperty('domainScans');
  });
});

test('a click takes one write and three small reads', async () => {
  const mailed = await mailTo('einheiten@firma.example');
  await receive(click(mailed, soon(60)));
  deps.db.reset();
  await receive(click(mailed, soon(61)));
  const { read, write } = deps.db.units();
  expect(write).toBeLessThanOrEqual(1);
  expect(read).toBeLessThanOrEqual(2);
});
