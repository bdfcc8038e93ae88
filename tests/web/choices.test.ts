import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { DAY, HOUR, MINUTE, now } from '../../shared/platform/clock.ts';
import { tellVolume } from '../../shared/decision/volume.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { saveSetting } from '../../shared/settings/store.ts';
import { choicesToken, unsubscribeToken } from '../../shared/signup/links.ts';
import { resetClock } from '../support/system.ts';
import { choicesVisits, untouched } from './choices-visits.ts';
import { openSite } from './open-site.ts';

const site = await openSite();
const { open, person, save, saveShown, topicsOf, undo } = choicesVisits(site);
// Mails to one mailbox are limited by time.
beforeEach(() => site.advance(DAY));
afterAll(resetClock);

describe('the choices page', () => {
  test('D7 shows choices and nothing that says who it is', async () => {
    const { path, email } = await person();
    const shown = await open(path);
    expect(shown.status).toBe(200);
    expect(shown.heading).toBe('Ihre Einstellungen');
    expect(shown.body).not.toContain(email);
    expect(shown.body).toContain('c•••');
    expect(untouched(shown)).toMatchObject({
      'use.newsletter': 'on',
      'topic.drives': 'on',
      'topic.service': 'on',
      wish: '',
      pause: '',
    });
    expect(untouched(shown)).not.toHaveProperty('topic.automation');
    expect(untouched(shown)).not.toHaveProperty('use.tracking');
    expect(shown.body).toContain('darf mir per E-Mail Einladungen zu Veranstaltungen senden');
    expect(Buffer.byteLength(shown.body)).toBeLessThan(30_000);
  });

  test('U5 looking changes nothing, and posting it as it is neither', async () => {
    const { path } = await person();
    const before = await site.stored();
    for (let times = 0; times < 5; times += 1) {
      await open(path);
      await site.send(path, { method: 'HEAD' });
    }
    expect((await save(path, {})).heading).toBe('Es hat sich nichts geändert');
    expect(await site.stored()).toEqual(before);
  });

  test('D7 no other link opens it, nor one of another contact or brand', async () => {
    const { contactId } = await person();
    const links = await site.secrets.linkKeys();
    const tokens = [
      unsubscribeToken(links, { contactId, brand: 'nordlicht', use: 'newsletter' }),
      choicesToken(links, { contactId, brand: 'nobody' }),
      `${choicesToken(links, { contactId, brand: 'nordlicht' })}x`,
    ];
    for (const token of tokens) expect((await open(`/preferences/${token}`)).status).toBe(404);
    const gone = choicesToken(links, { contactId: 'con_gone', brand: 'nordlicht' });
    expect((await open(`/preferences/${gone}`)).heading).toBe('Zu diesem Link haben wir keine Daten mehr');
  });

  test('N10 a link of a brand of another controller shows nothing of the person and changes nothing', async () => {
    const { path, contactId } = await person();
    const stranger = { ...demoBrand, id: 'fremd', controller: { ...demoBrand.controller, id: 'fremd-gmbh' } };
    await saveSetting(site.db, 'brand', stranger.id, stranger, { expected: 0, actor: 'test', at: now() });
    const token = choicesToken(await site.secrets.linkKeys(), { contactId, brand: stranger.id });
    const opened = await open(`/preferences/${token}`);
    expect(opened.heading).toBe('Zu diesem Link haben wir keine Daten mehr');
    expect(opened.body).not.toContain('•••');
    const shown = await open(path);
    const posted = await site.post(`/preferences/${token}`, { ...untouched(shown), 'use.newsletter': '' });
    expect(posted.heading).toBe('Zu diesem Link haben wir keine Daten mehr');
    expect(await site.status(contactId)).toBe('granted');
    expect(await site.entries(contactId)).toHaveLength(1);
  });
});

describe('a change', () => {
  test('topics of a use that one gets change freely, as one entry', async () => {
    const { path, contactId } = await person();
    const saved = await save(path, { 'topic.drives': undefined, 'topic.automation': 'on' });
    expect(saved.heading).toBe('Gespeichert');
    expect(saved.body).toContain('Dazu: Automatisierung');
    expect(saved.body).toContain('Beendet: Antriebe');
    expect(await topicsOf(contactId)).toEqual(['service', 'automation']);
    const entry = (await site.entries(contactId)).at(-1);
    expect(entry).toMatchObject({
      type: 'choices',
      route: 'preferences',
      changes: [{ topicsJoined: ['automation'], topicsLeft: ['drives'] }],
    });
  });

  test('the last topic left leaves the use', async () => {
    const { path, contactId } = await person();
    const saved = await save(path, { 'topic.drives': undefined, 'topic.service': undefined });
    expect(saved.body).toContain('Beendet: Newsletter');
    expect(await site.status(contactId)).toBe('withdrawn');
  });

  test('DOMAIN 5 a wish and a pause bind, a pause ends by itself, the language changes', async () => {
    const { path, contactId } = await person();
    const saved = await save(path, { wish: 'monthly', pause: '3', language: 'en' });
    expect(saved.body).toContain('Höchstens einmal im Monat');
    const contact = await site.contact(contactId);
    expect(contact).toMatchObject({ wish: 'monthly', language: 'en' });
    expect(contact?.pausedUntil?.slice(0, 10) ?? '').toMatch(/^\d{4}-\d\d-\d\d$/);
    expect((await site.entries(contactId)).at(-1)).toMatchObject({
      type: 'choices',
      changes: [],
      choices: { wish: { to: 'monthly' }, language: { from: 'de', to: 'en' } },
    });
    expect(untouched(await open(path))).toMatchObject({ pause: 'keep', wish: 'monthly' });
    await save(path, { pause: '' });
    expect((await site.contact(contactId))?.pausedUntil).toBeUndefined();
    await save(path, { pause: '1' });
    site.advance(32 * DAY);
    expect(untouched(await open(path))).toMatchObject({ pause: '' });
  });

  test('a pause until a day is read, and explained where it cannot be', async () => {
    const { path, contactId } = await person();
    for (const pauseDate of ['', '2020-01-01', '2099-01-01', '31.12.2026', '2027-02-31x']) {
      const refused = await save(path, { pause: 'date', pauseDate, wish: 'weekly' });
      expect(refused.status).toBe(422);
    }
    expect((await site.contact(contactId))?.wish).toBeUndefined();
    const day = new Date(Date.parse(now()) + 40 * DAY).toISOString().slice(0, 10);
    expect((await save(path, { pause: 'date', pauseDate: day })).status).toBe(200);
    expect((await site.contact(contactId))?.pausedUntil).toBe(`${day}T23:59:59.999Z`);
  });

  test('G3 calls and letters can be ended here, and not begun', async () => {
    const { path, contactId } = await person();
    const saved = await save(path, { 'no.call-centre': 'on', 'no.direct-mail': 'on' });
    expect(saved.body).toContain('Beendet: Anrufe');
    expect(await site.status(contactId, 'call-centre')).toBe('withdrawn');
    expect(await site.status(contactId, 'direct-mail')).toBe('withdrawn');
    const again = await open(path);
    expect(again.body).not.toContain('name="no.call-centre"');
    await saveShown(path, again, { 'use.call-centre': 'on', 'no.call-centre': undefined });
    expect(await site.status(contactId, 'call-centre')).toBe('withdrawn');
  });

  test('G12 measuring and profile are off unless granted, and go off at once', async () => {
    const { path, contactId } = await person(['drives'], ['newsletter', 'tracking', 'profiling']);
    expect(untouched(await open(path))).toMatchObject({ 'use.tracking': 'on', 'use.profiling': 'on' });
    await save(path, { 'use.tracking': undefined });
    expect(await site.status(contactId, 'tracking')).toBe('withdrawn');
    expect(await site.status(contactId, 'profiling')).toBe('granted');
    expect(await site.status(contactId)).toBe('granted');
  });

  test('D6 one button ends everything: all uses, channels and brands, measuring and profile', async () => {
    const { path, contactId } = await person(['drives'], ['newsletter', 'tracking', 'profiling']);
    const page = (await open(path)).hidden('page');
    const saved = await site.post(`${path}?lang=de`, { page, act: 'none' });
    expect(saved.heading).toBe('Gespeichert');
    for (const use of ['newsletter', 'tracking', 'profiling']) {
      expect(await site.status(contactId, use)).toBe('withdrawn');
    }
    expect((await site.contact(contactId))?.noAdvertising).toBeDefined();
    expect((await open(path)).body).toContain('keinerlei Werbung von uns');
  });
});

describe('joining', () => {
  test('by the link of a mail asks the mailbox; the click there grants with the wording shown', async () => {
    const { path, contactId, email } = await person();
    site.advance(16 * MINUTE);
    const saved = await save(path, { 'use.event-invitation': 'on' });
    expect(saved.body).toContain('Es gilt, sobald Sie dort bestätigen');
    expect(await site.status(contactId, 'event-invitation')).toBeUndefined();
    await site.settle();
    const mail = site.sent.filter(({ to }) => to === email).at(-1);
    const link = /\/confirm\/[\w.-]+/.exec(mail?.text ?? '')?.[0] ?? '';
    await site.post(link, { page: (await site.get(link)).hidden('page') });
    expect(await site.status(contactId, 'event-invitation')).toBe('granted');
    const entry = (await site.entries(contactId)).at(-1);
    expect(entry).toMatchObject({
      type: 'granted',
      route: 'double-opt-in',
      signup: { form: { id: 'preferences' } },
    });
  });

  test('after a log-in grants at once, by the same writer and with the log-in mail as proof', async () => {
    const { path, contactId } = await person();
    const browser = await site.logIn(contactId);
    const saved = await save(path, { 'use.event-invitation': 'on', 'topic.drives': undefined }, browser);
    expect(saved.body).toContain('Dazu: Einladungen zu Veranstaltungen');
    expect(await site.status(contactId, 'event-invitation')).toBe('granted');
    const [left, joined] = (await site.entries(contactId)).slice(-2);
    expect(left).toMatchObject({ type: 'choices', route: 'log-in' });
    expect(joined).toMatchObject({
      type: 'granted',
      route: 'log-in',
      changes: [{ use: 'event-invitation', to: 'granted', proof: 'double', form: { id: 'preferences' } }],
      signup: { requestId: 'a'.repeat(32) },
    });
    const wording = joined?.changes[0]?.wording ?? '';
    expect(await site.settings.wording(wording)).toContain('Einladungen zu Veranstaltungen senden');
    await undo(path, saved);
    expect(await site.status(contactId, 'event-invitation')).toBe('withdrawn');
    expect(await topicsOf(contactId)).toEqual(['service', 'drives']);
  });

  test.each([
    ['14 minutes', 14 * MINUTE, 'granted', 'log-in'],
    ['16 minutes', 16 * MINUTE, undefined, 'preferences'],
  ])('DOMAIN 2 a log-in of %s ago', async (_, ago, status, route) => {
    const { path, contactId, email } = await person();
    const browser = await site.logIn(contactId);
    // In use all the time, so that the session itself has not ended.
    site.advance(ago / 2);
    await site.get('/profile', browser);
    site.advance(ago / 2);
    const saved = await save(path, { 'use.event-invitation': 'on', wish: 'weekly' }, browser);
    expect(await site.status(contactId, 'event-invitation')).toBe(status);
    const wished = (await site.entries(contactId)).find(({ choices }) => choices?.wish);
    expect(wished?.route).toBe(route);
    const asks = saved.body.includes('Ihre Anmeldung liegt länger als 15 Minuten zurück');
    expect(asks).toBe(status === undefined);
    if (!asks) return;
    await site.settle();
    const link = site.sent.findLast(({ to, text }) => to === email && text.includes('/confirm/'));
    const url = /\/confirm\/[\w.-]+/.exec(link?.text ?? '')?.[0] ?? '';
    await site.post(url, { page: (await site.get(url)).hidden('page') });
    expect(await site.status(contactId, 'event-invitation')).toBe('granted');
  });

  test('DOMAIN 2 "no advertising at all" with an old log-in is by the link', async () => {
    const { path, contactId } = await person();
    const browser = await site.logIn(contactId);
    site.advance(10 * MINUTE);
    await site.get('/profile', browser);
    site.advance(10 * MINUTE);
    const page = (await open(path, browser)).hidden('page');
    await site.post(`${path}?lang=de`, { page, act: 'none' }, browser);
    expect((await site.entries(contactId)).at(-1)).toMatchObject({
      route: 'preferences',
      noAdvertising: true,
    });
  });

  test('somebody else’s log-in is none', async () => {
    const [who, other] = [await person(), await person()];
    const browser = await site.logIn(other.contactId);
    await save(who.path, { 'use.event-invitation': 'on' }, browser);
    expect(await site.status(who.contactId, 'event-invitation')).toBeUndefined();
  });

  test('G9 topics alone are no consent to a use', async () => {
    const { path, contactId } = await person();
    await save(path, { 'use.newsletter': undefined });
    const saved = await save(path, { 'topic.drives': 'on' });
    expect(saved.body).toContain('Bitte setzen Sie auch dort den Haken');
    expect(await site.status(contactId)).toBe('withdrawn');
  });
});

describe('what stands on the page', () => {
  test('how many mails were really sent, once it is known', async () => {
    const { path } = await person();
    expect((await open(path)).body).not.toContain('in den letzten 90 Tagen');
    const [newsletter] = demoUses.uses;
    if (!newsletter) throw new Error('the demo company has no uses');
    for (const [mailing, topics] of Object.entries({ one: ['drives'], two: ['drives', 'service'] })) {
      await tellVolume(site.db, { brand: demoBrand, use: newsletter, at: now() }, { mailing, topics });
    }
    site.advance(6 * MINUTE);
    const { body } = await open(path);
    expect(body).toContain('Motoren, Getriebe und Umrichter im Einsatz · in den letzten 90 Tagen 2 E-Mails');
    expect(body).toContain('Tipps, Ersatzteile und Schulungen · in den letzten 90 Tagen 1 E-Mail<');
  });

  test('stays as it was filled in where a day cannot be read, and knows no more than before', async () => {
    const { path, contactId } = await person();
    const stale = await open(path);
    const fault = {
      pause: 'date',
      pauseDate: '',
      'topic.automation': 'on',
      wish: 'weekly',
      'no.direct-mail': 'on',
    };
    const refused = await saveShown(path, stale, fault);
    expect(refused.status).toBe(422);
    expect(untouched(refused)).toMatchObject({ ...fault, page: stale.hidden('page') });
    await save(path, { 'use.newsletter': undefined });
    const saved = await saveShown(path, refused, { pause: '' });
    expect(saved.body).toContain('Inzwischen abgemeldet: Newsletter');
    expect(await site.status(contactId)).toBe('withdrawn');
    expect(await site.status(contactId, 'direct-mail')).toBe('withdrawn');
  });

  test('G9 other words than those shown are not agreed to', async () => {
    const { path, contactId } = await person();
    const browser = await site.logIn(contactId);
    const shown = await open(path, browser);
    const form = await site.settings.form('preferences');
    const saved = await saveShown(
      path,
      shown,
      { 'use.tracking': 'on', 'was.form': String((form?.version ?? 0) + 1), wish: 'weekly' },
      browser,
    );
    expect(saved.body).toContain('hat sich inzwischen geändert. Bitte lesen Sie ihn');
    expect(await site.status(contactId, 'tracking')).toBeUndefined();
    expect((await site.contact(contactId))?.wish).toBe('weekly');
  });

  test('after a day says that it was open too long', async () => {
    const { path } = await person();
    const shown = await open(path);
    site.advance(DAY + 1);
    const late = await saveShown(path, shown, { wish: 'weekly' });
    expect(late.body).toContain('länger als einen Tag offen');
  });
});

describe('two tabs', () => {
  test('different choices are both kept', async () => {
    const { path, contactId } = await person();
    const [one, two] = [await open(path), await open(path)];
    await saveShown(path, one, { 'topic.automation': 'on' });
    await saveShown(path, two, { 'topic.drives': undefined, wish: 'weekly' });
    expect(await topicsOf(contactId)).toEqual(['service', 'automation']);
    expect((await site.contact(contactId))?.wish).toBe('weekly');
  });

  test('a withdrawal wins over a page that did not know of it', async () => {
    const { path, contactId } = await person();
    const stale = await open(path);
    await save(path, { 'use.newsletter': undefined });
    const saved = await saveShown(path, stale, { 'topic.automation': 'on' });
    expect(saved.body).toContain('Inzwischen abgemeldet: Newsletter');
    expect(await site.status(contactId)).toBe('withdrawn');
  });

  test('a wish that both changed is shown again, and neither wins in silence', async () => {
    const { path, contactId } = await person();
    const [one, two] = [await open(path), await open(path)];
    await saveShown(path, one, { wish: 'monthly' });
    const saved = await saveShown(path, two, { wish: 'weekly', 'topic.automation': 'on' });
    expect(saved.body).toContain('inzwischen an anderer Stelle geändert');
    expect((await site.contact(contactId))?.wish).toBe('monthly');
    expect(await topicsOf(contactId)).toContain('automation');
  });
});

describe('attacks', () => {
  test('T9 a post from another site, without the page, or with another’s page changes nothing', async () => {
    const [who, other] = [await person(), await person()];
    const [shown, theirs] = [await open(who.path), await open(other.path)];
    const before = await site.stored();
    const change = { 'use.newsletter': undefined };
    expect((await saveShown(who.path, shown, change, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    await saveShown(who.path, shown, { ...change, page: '' });
    await saveShown(who.path, shown, { ...change, page: theirs.hidden('page') });
    expect(await site.stored()).toEqual(before);
    site.advance(25 * HOUR);
    await saveShown(who.path, shown, change);
    expect(await site.stored()).toEqual(before);
  });

  test('what we did not offer counts as not posted', async () => {
    const { path, contactId } = await person();
    const before = await site.contact(contactId);
    await save(path, { 'use.sales-email': 'on', 'use.made-up': 'on', 'topic.nothing': 'on', wish: 'hourly' });
    expect(await site.contact(contactId)).toEqual(before);
  });

  test('20 equal posts at once leave one entry', async () => {
    const { path, contactId } = await person();
    const shown = await open(path);
    const known = (await site.entries(contactId)).length;
    await Promise.all(
      Array.from({ length: 20 }, () => saveShown(path, shown, { 'topic.drives': undefined, wish: 'weekly' })),
    );
    expect(await site.entries(contactId)).toHaveLength(known + 1);
  });
});
