import { join } from 'node:path';

import { beforeEach, describe, expect, test } from 'vitest';

import { createDev } from '../../../infra/local/dev/app.tsx';
import { readEventChoices } from '../../../infra/local/dev/send-event.ts';
import { changeLimits, readForms, readLimits, readOutbox } from '../../../infra/local/dev/state.ts';
import { openMailbox } from '../../../infra/local/mailbox.ts';
import type { Mail, Mailbox } from '../../../infra/local/mailbox.ts';
import type { Visit } from '../../../infra/local/ses-event.ts';
import type { SesSwitches } from '../../../infra/local/ses-switches.ts';
import { toInstant } from '../../../shared/platform/clock.ts';
import { enqueueMail } from '../../../shared/outbox/store.ts';
import { seedDemo } from '../../../shared/settings/seed.ts';
import { openTestDatabase } from '../../support/engine.ts';
import { temporaryFolder } from './temporary-folder.ts';

const AT = '2026-11-22T08:00:00.000Z';
const MAIL: Mail = {
  messageId: 'm-1',
  at: AT,
  from: 'news@nordlicht.example',
  to: 'anna@example.org',
  subject: 'Bitte <bestätigen>',
  html: '<html><head><title>x</title></head><body><a href="https://example.org">Link</a></body></html>',
  text: 'Text',
  headers: { 'List-Unsubscribe': '<https://example.org>' },
  tags: { purpose: 'confirmation' },
  configurationSet: 'assent-service',
};

async function* replayNothing(): AsyncGenerator<never> {}

let mailbox: Mailbox;
let reported: string[];
let visits: Visit[];
let switches: SesSwitches;
let offsetMs: number;
let events: object[];
let app: ReturnType<typeof createDev>;

beforeEach(async () => {
  const db = await openTestDatabase();
  await seedDemo(db);
  mailbox = openMailbox(join(temporaryFolder(), 'mailbox'));
  reported = [];
  visits = [];
  switches = {};
  offsetMs = 0;
  events = [];
  const now = () => toInstant(Date.parse(AT) + offsetMs);
  app = createDev({
    mailbox,
    ses: {
      switches: () => switches,
      switch: async (next) => {
        switches = next;
      },
    },
    report: (type, { messageId }) => reported.push(`${type} ${messageId}`),
    visit: (_, visit) => visits.push(visit),
    sendSample: async (to) => (to === 'anna@example.org' ? { messageId: 'm-9' } : { refused: 'not-granted' }),
    clock: {
      now,
      offsetMs: () => offsetMs,
      advance: async (ms) => {
        offsetMs += ms;
        return now();
      },
    },
    limits: { read: () => readLimits(db), change: (change) => changeLimits(db, change) },
    forms: () => readForms(db),
    outbox: () => readOutbox(db),
    replay: replayNothing,
    engagement: {
      choices: () => readEventChoices(db),
      send: async (event) => {
        events.push(event);
        return {
          path: '/v1/engagements',
          headers: {},
          body: JSON.stringify(event),
          status: 202,
          answer: '<ok>',
        };
      },
    },
  });
  await enqueueMail(db, {
    id: 'mail-1',
    kind: 'welcome',
    controller: 'nordlicht-gmbh',
    contactId: 'con_1',
    brand: 'nordlicht',
    language: 'de',
    seq: 1,
    createdAt: AT,
  });
});

const call = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
  app.request(path, { ...init, headers: { host: '127.0.0.1:8787', ...init.headers } });
const post = (path: string, body: object) => call(path, { method: 'POST', body: JSON.stringify(body) });
const submit = (path: string, body: string) =>
  call(path, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });

describe('the pages under /dev', () => {
  test('show forms, mail, clock and outbox, and escape what is foreign', async () => {
    mailbox.add(MAIL);
    const page = await (await call('/dev')).text();
    expect(page).toMatch(/^<!doctype html><html lang="en">/);
    expect(page).toContain('/forms/newsletter?lang=de');
    expect(page).toContain('/forms/open-house?lang=en');
    expect(page).toContain('Bitte &lt;bestätigen&gt;');
    expect(page).toContain('mail waiting');
    expect(page).toContain('2026-11-22T08:05:00.000Z');
    expect(page).not.toContain('<script');
  });

  test('show one mail, its HTML in a frame of its own with links for the whole window', async () => {
    mailbox.add(MAIL);
    const page = await (await call('/dev/mail/1')).text();
    expect(page).toContain('List-Unsubscribe');
    expect(page).toContain('sandbox="allow-top-navigation-by-user-activation"');
    const part = await call('/dev/mail/1/html');
    expect(part.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await part.text()).toContain('<head><base target="_top">');
    expect((await call('/dev/mail/2')).status).toBe(404);
  });

  test('send an event as it was filled in, and show it with its answer', async () => {
    const page = await (await call('/dev/engagement')).text();
    for (const text of ['Attended a webinar', 'Drives', 'type="email"', 'an hour ago'])
      expect(page).toContain(text);
    expect(page).not.toContain('<script');
    expect(await (await call('/dev')).text()).toContain('href="/dev/engagement"');
    const filled = 'email=a%40example.org&type=download&minutesAgo=60&asset=&topics=drives&topics=service';
    const answer = await submit('/dev/engagement', filled);
    expect(await answer.text()).toContain('&lt;ok&gt;');
    await submit(
      '/dev/engagement',
      'email=a%40example.org&type=webinar&minutesAgo=0&asset=Drives&topics=drives',
    );
    const about = { id: expect.stringMatching(/^evt_/), contact: { email: 'a@example.org' } };
    expect(events).toEqual([
      { ...about, type: 'download', occurredAt: '2026-11-22T07:00:00.000Z', topics: ['drives', 'service'] },
      { ...about, type: 'webinar', occurredAt: AT, topics: ['drives'], asset: 'Drives' },
    ]);
    expect((await submit('/dev/engagement', 'email=')).status).toBe(400);
  });

  test('are for this machine only', async () => {
    expect((await call('/dev', { headers: { host: 'evil.example' } })).status).toBe(403);
    const foreign = { method: 'POST', headers: { origin: 'https://evil.example' } };
    expect((await call('/dev/mail/clear', foreign)).status).toBe(403);
    const own = { method: 'POST', headers: { origin: 'http://127.0.0.1:8787' } };
    expect((await call('/dev/mail/clear', own)).status).toBe(200);
  });
});

describe('the API under /dev', () => {
  test('lists mails oldest first, all or those to one address, and clears them', async () => {
    mailbox.add(MAIL);
    mailbox.add({ ...MAIL, messageId: 'm-2', to: 'ben@example.org' });
    expect(await (await call('/dev/mail.json')).json()).toEqual([
      MAIL,
      expect.objectContaining({ messageId: 'm-2' }),
    ]);
    expect(await (await call('/dev/mail.json?to=ben@example.org')).json()).toHaveLength(1);
    await call('/dev/mail/clear', { method: 'DELETE' });
    expect(await (await call('/dev/mail.json')).json()).toEqual([]);
  });

  test('moves the clock, by JSON and by form', async () => {
    const moved = await post('/dev/clock', { advance: 'PT72H' });
    expect(await moved.json()).toEqual({ now: '2026-11-25T08:00:00.000Z' });
    const submitted = await submit('/dev/clock', 'advance=P1D');
    expect([submitted.status, submitted.headers.get('location')]).toEqual([303, '/dev']);
    expect(offsetMs).toBe(96 * 3_600_000);
    expect((await post('/dev/clock', { advance: 'soon' })).status).toBe(400);
  });

  test('JSON counts as JSON whatever type it claims', async () => {
    expect(await (await submit('/dev/clock', '{"advance":"PT1H"}')).json()).toEqual({
      now: '2026-11-22T09:00:00.000Z',
    });
  });

  test('switches SES', async () => {
    await post('/dev/ses', { delayMs: 1_000 });
    expect(switches).toEqual({ delayMs: 1_000 });
    await submit('/dev/ses', 'fail=down');
    expect(switches).toEqual({ fail: 'down' });
    expect((await post('/dev/ses', { fail: 'nonsense' })).status).toBe(400);
    await post('/dev/ses', {});
    expect(switches).toEqual({});
  });

  test('bounces and complains about mails there are', async () => {
    mailbox.add(MAIL);
    await post('/dev/bounce', { messageId: 'm-1' });
    await submit('/dev/complain', 'messageId=m-1');
    expect(reported).toEqual(['Bounce m-1', 'Complaint m-1']);
    expect((await post('/dev/bounce', { messageId: 'nobody' })).status).toBe(404);
  });

  test('opens, clicks and scans a mail of which the links are known', async () => {
    const trap = '<a ses:tags="trap:1;topic:drives" href="https://example.org/trap?a=1&amp;b=2">.</a>';
    mailbox.add({ ...MAIL, html: `${MAIL.html}${trap}<a href="mailto:x@example.org">x</a>` });
    const page = await (await call('/dev/mail/1')).text();
    expect(page).toContain('https://example.org/trap?a=1&amp;b=2 (hidden from people)');
    expect(page).not.toContain('mailto:x');
    const trapUrl = 'https://example.org/trap?a=1&b=2';
    await call('/dev/open', {
      method: 'POST',
      body: '{"messageId":"m-1"}',
      headers: { 'user-agent': 'Mine' },
    });
    await submit('/dev/click', `messageId=m-1&link=${encodeURIComponent(trapUrl)}`);
    expect(visits).toMatchObject([
      { at: AT, userAgent: 'Mine', ipAddress: '203.0.113.20' },
      { link: trapUrl, linkTags: { trap: ['1'], topic: ['drives'] } },
    ]);
    visits = [];
    expect(await (await post('/dev/scan', { messageId: 'm-1' })).json()).toMatchObject({ visits: 3 });
    expect(visits.map(({ link }) => link)).toEqual([undefined, 'https://example.org', trapUrl]);
    expect(visits.every(({ at }) => Date.parse(at) - Date.parse(AT) < 1_000)).toBe(true);
    expect((await post('/dev/click', { messageId: 'm-1', link: 'https://other.example' })).status).toBe(404);
    expect((await post('/dev/scan', { messageId: 'nobody' })).status).toBe(404);
  });

  test('sends a sample mailing, or says why it does not', async () => {
    expect(await (await call('/dev')).text()).toContain('action="/dev/sample-mailing"');
    expect((await submit('/dev/sample-mailing', 'to=anna%40example.org')).status).toBe(303);
    const refused = await post('/dev/sample-mailing', { to: 'ben@example.org' });
    expect([refused.status, await refused.json()]).toEqual([409, { refused: 'not-granted' }]);
    expect((await submit('/dev/sample-mailing', 'to=')).status).toBe(400);
  });

  test('changes the limits that are named and no other', async () => {
    const changed = await post('/dev/limits', { signupsPerIpPerHour: 1_000 });
    expect(await changed.json()).toMatchObject({ signupsPerIpPerHour: 1_000, mailboxPerDay: 3 });
    expect((await submit('/dev/limits', 'minFillSeconds=0.5')).status).toBe(303);
    expect(await (await post('/dev/limits', {})).json()).toMatchObject({
      signupsPerIpPerHour: 1_000,
      minFillSeconds: 0.5,
    });
    expect((await post('/dev/limits', { signupsPerIpPerHour: -1 })).status).toBe(400);
    expect((await post('/dev/limits', { unknown: 1 })).status).toBe(400);
  });

  test('says that it is well', async () => {
    expect(await (await call('/dev/health')).json()).toEqual({ status: 'ok' });
  });
});
