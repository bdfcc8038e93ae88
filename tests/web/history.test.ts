import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { decideContacts } from '../../shared/decision/decide-contacts.ts';
import { DAY, now } from '../../shared/platform/clock.ts';
import { resetClock } from '../support/system.ts';
import { openSite } from './open-site.ts';
import type { Site } from './open-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(resetClock);

let people = 0;
async function person() {
  const { contactId, unsubscribe } = await site.subscribe(`history-${(people += 1)}@example.com`, {
    topics: ['drives'],
    uses: ['newsletter', 'tracking'],
  });
  return { contactId, unsubscribe, browser: await site.logIn(contactId) };
}

/** A message that was really sent. */
async function sendTo(contactId: string, useId = 'newsletter') {
  const { settings, deps } = site;
  const brand = await settings.brand('nordlicht');
  if (!brand) throw new Error('no demo brand');
  const { id: controller } = brand.controller;
  const settled = { uses: await settings.uses(controller), policy: await settings.policy(controller) };
  const use = settled.uses.uses.find(({ id }) => id === useId);
  if (!use) throw new Error(`no ${useId}`);
  const [answer] = await decideContacts(deps, {
    controller,
    candidates: [{ ref: { id: contactId } }],
    question: { brand, use, topic: 'drives', at: now() },
    settled,
    intent: { kind: 'record', channel: 'email', mailing: 'mailing-1', topics: ['drives'] },
    past: false,
  });
  expect(answer).toMatchObject({ kind: 'decided', decision: { allowed: true } });
}

describe('the history', () => {
  test('D1 tells every message and why it was allowed, every act with its wording, newest first', async () => {
    const { contactId, unsubscribe, browser } = await person();
    site.advance(DAY);
    await sendTo(contactId);
    const page = (await site.get(unsubscribe)).hidden('page');
    await site.post(unsubscribe, { page, scope: 'brand' });
    const fresh = await site.logIn(contactId);
    const { body, status } = await site.get('/history', fresh);
    expect(status).toBe(200);
    const [left, sent, agreed] = [
      'Sie haben sich abgemeldet',
      'E-Mail: Newsletter',
      'Sie haben zugestimmt',
    ].map((text) => body.indexOf(text));
    expect([left, sent, agreed]).not.toContain(-1);
    expect([left, sent, agreed]).toEqual([left, sent, agreed].toSorted((a = 0, b = 0) => a - b));
    expect(body).toContain('Erlaubt, weil Sie am ');
    expect(body).toContain('Themen: Antriebe');
    expect(body).toContain('Ja, ich möchte den Newsletter der Nordlicht');
    expect(body).toContain('darf messen, ob ich ihre E-Mails öffne');
    expect(body).toContain('Von Ihnen, über ein Formular');
    expect((await site.get('/history', browser)).status).toBe(401);
  });

  test('E3 each act has a receipt to print; what is no act of theirs, or nobody’s, has none', async () => {
    const { contactId, unsubscribe, browser } = await person();
    await site.post(unsubscribe, { 'List-Unsubscribe': 'One-Click' });
    const shown = await site.get('/history', browser);
    expect([...shown.body.matchAll(/\/history\/receipt\/(\d+)/g)].map(([, seq]) => seq)).toEqual(['2', '1']);
    const receipt = await site.get('/history/receipt/1', browser);
    const [granted] = await site.entries(contactId);
    expect(receipt.status).toBe(200);
    expect(receipt.body).toContain(granted?.hash);
    expect(receipt.body).toContain(`history-${people}@example.com`);
    expect(receipt.headers.get('content-security-policy')).not.toContain('unsafe');
    expect((await site.get('/history/receipt/2', browser)).body).toContain('Sie haben sich abgemeldet');
    for (const seq of ['3', '0', 'x', '1.5']) {
      expect((await site.get(`/history/receipt/${seq}`, browser)).status).toBe(404);
    }
    expect((await site.get('/history/receipt/1')).status).toBe(401);
  });

  test('N9 a long history comes in pages, and none of it is lost between two', async () => {
    const { contactId, unsubscribe } = await person();
    for (let round = 0; round < 30; round += 1) {
      site.advance(DAY);
      const page = (await site.get(unsubscribe)).hidden('page');
      const left = await site.post(unsubscribe, { page, scope: 'use' });
      await site.post(`${unsubscribe}/undo`, { undo: left.hidden('undo') });
    }
    const browser = await site.logIn(contactId);
    const seen: string[] = [];
    let path: string | undefined = '/history?lang=en';
    while (path) {
      const { body } = await site.get(path, browser);
      seen.push(...[...body.matchAll(/\/history\/receipt\/(\d+)/g)].map(([, seq]) => seq ?? ''));
      path = /\/history\?before=[^"]*/.exec(body)?.[0].replaceAll('&amp;', '&');
    }
    expect(seen).toEqual(Array.from({ length: 61 }, (_, at) => String(61 - at)));
  });
});
