import { join } from 'node:path';

import { beforeEach, describe, expect, test } from 'vitest';

import { createDev } from '../../../infra/local/dev/app.tsx';
import { changeLimits, readForms, readLimits, readOutbox } from '../../../infra/local/dev/state.ts';
import { openMailbox } from '../../../infra/local/mailbox.ts';
import type { Mail, Mailbox } from '../../../infra/local/mailbox.ts';
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

let mailbox: Mailbox;
let reported: string[];
let switches: SesSwitches;
let offsetMs: number;
let app: ReturnType<typeof createDev>;

beforeEach(async () => {
  const db = await openTestDatabase();
  await seedDemo(db);
  mailbox = openMailbox(join(temporaryFolder(), 'mailbox'));
  reported = [];
  switches = {};
  offsetMs = 0;
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
