import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { DAY, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { undoToken } from '../../shared/signup/links.ts';
import { resetClock } from '../support/system.ts';
import { choicesVisits } from './choices-visits.ts';
import { openSite } from './open-site.ts';

const site = await openSite();
const { open, person, save, saveShown, topicsOf, undo } = choicesVisits(site);
// Mails to one mailbox are limited by time.
beforeEach(() => site.advance(DAY));
afterAll(resetClock);

/** Where the receipts to a mailbox lead, oldest first. */
const linksTo = (email: string) =>
  site.sent.filter(({ to }) => to === email).flatMap(({ text }) => /\/undo\/[\w.-]+/.exec(text)?.[0] ?? []);
const press = async (link: string) => site.post(link, { page: (await site.get(link)).hidden('page') });

describe('the way back', () => {
  test('for ten minutes on the page: topics, wishes and uses, the last with their wording', async () => {
    const { path, contactId } = await person();
    const saved = await save(path, { 'use.newsletter': undefined, wish: 'weekly', pause: '1' });
    expect(saved.body).toContain('Mit dem Klick stimmen Sie erneut zu:');
    expect(saved.body).toContain('Ja, ich möchte den Newsletter');
    expect((await undo(path, saved)).heading).toBe('Zurückgenommen');
    expect(await topicsOf(contactId)).toEqual(['drives', 'service']);
    const contact = await site.contact(contactId);
    expect([contact?.wish, contact?.pausedUntil]).toEqual([undefined, undefined]);
    expect((await site.entries(contactId)).map(({ type }) => type).slice(-2)).toEqual([
      'withdrawn',
      'granted',
    ]);
    expect((await undo(path, saved)).heading).toBe('Es hat sich nichts geändert');
  });

  test('ends after ten minutes, and is no use for somebody else', async () => {
    const [who, other] = [await person(), await person()];
    const saved = await save(who.path, { 'use.newsletter': undefined });
    await undo(other.path, saved);
    expect(await site.status(who.contactId)).toBe('withdrawn');
    site.advance(10 * MINUTE + 1);
    await undo(who.path, saved);
    expect(await site.status(who.contactId)).toBe('withdrawn');
  });

  test('is not offered where nothing can be taken back, nor by a repeated post', async () => {
    const { path } = await person();
    const shown = await open(path);
    const refused = await saveShown(path, shown, { 'no.call-centre': 'on' });
    expect(refused.heading).toBe('Gespeichert');
    expect(refused.hidden('undo.0')).toBe('');
    expect((await saveShown(path, shown, { wish: 'weekly' })).hidden('undo.0')).not.toBe('');
    expect((await saveShown(path, shown, { wish: 'weekly' })).hidden('undo.0')).toBe('');
  });

  test('of "no advertising at all" gives back what it took, under its wording', async () => {
    const { path, contactId } = await person(['drives'], ['newsletter', 'tracking']);
    const page = (await open(path)).hidden('page');
    const saved = await site.post(`${path}?lang=de`, { page, act: 'none' });
    expect(saved.body).toContain('Ja, ich möchte den Newsletter');
    expect((await undo(path, saved)).heading).toBe('Zurückgenommen');
    expect(await site.status(contactId)).toBe('granted');
    expect(await site.status(contactId, 'tracking')).toBe('granted');
    expect((await site.contact(contactId))?.noAdvertising).toBeUndefined();
  });

  test('does not overwrite what was chosen in the minutes since', async () => {
    const { path, contactId } = await person();
    const saved = await save(path, { wish: 'weekly', 'topic.drives': undefined });
    await save(path, { wish: 'monthly' });
    expect((await undo(path, saved)).heading).toBe('Zurückgenommen');
    expect((await site.contact(contactId))?.wish).toBe('monthly');
    expect(await topicsOf(contactId)).toEqual(['service', 'drives']);
  });

  test('U2 opens with no other token: of a mail, changed, or of somebody else', async () => {
    const [who, other] = [await person(), await person()];
    const saved = await save(who.path, { 'use.newsletter': undefined });
    const links = await site.secrets.linkKeys();
    const ref = { contactId: who.contactId, brand: 'nordlicht', seq: 2, until: plus(now(), MINUTE) };
    const own = saved.hidden('undo.0');
    const bad = [
      undoToken(links, 'undo-mail', ref),
      `${own}x`,
      undoToken(links, 'undo', { ...ref, contactId: other.contactId }),
      undoToken(links, 'undo', { ...ref, seq: 99 }),
      undoToken(links, 'undo', { ...ref, until: plus(now(), -1) }),
      '',
    ];
    const before = await site.stored();
    for (const token of bad) {
      const answer = await site.post(`${who.path}/undo?lang=de`, { 'undo.0': token });
      expect(answer.heading).toBe('Es hat sich nichts geändert');
    }
    expect((await site.post(`${other.path}/undo?lang=de`, { 'undo.0': own })).heading).toBe(
      'Es hat sich nichts geändert',
    );
    expect(await site.stored()).toEqual(before);
    expect((await site.get(`/undo/${own}`)).status).toBe(404);
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect((await site.post(`${who.path}/undo`, { 'undo.0': own }, foreign)).status).toBe(403);
    expect((await undo(who.path, saved)).heading).toBe('Zurückgenommen');
  });
});

describe('the way back from the mailbox', () => {
  test('two changes of a day are two receipts, and each takes back its own', async () => {
    const { path, contactId, email } = await person();
    await save(path, { wish: 'weekly' });
    await site.settle();
    await save(path, { pause: '1', 'topic.drives': undefined });
    await site.settle();
    const links = linksTo(email);
    expect(links).toHaveLength(2);
    for (const link of links) expect((await press(link)).status).toBe(200);
    const contact = await site.contact(contactId);
    expect([contact?.wish, contact?.pausedUntil]).toEqual([undefined, undefined]);
    expect(await topicsOf(contactId)).toEqual(['service', 'drives']);
    for (const link of links) {
      expect((await site.get(link)).heading).toBe('Hier ist nichts mehr rückgängig zu machen');
    }
  });

  test('T7 a forwarded link does not flood the mailbox: ten receipts a day', async () => {
    const { path, email } = await person();
    for (let nth = 0; nth < 12; nth += 1) {
      await save(path, { wish: ['weekly', 'monthly', ''][nth % 3] });
      await site.settle();
    }
    expect(linksTo(email)).toHaveLength(10);
    site.advance(DAY);
    await save(path, { 'topic.drives': undefined });
    await site.settle();
    expect(linksTo(email)).toHaveLength(11);
  });

  test('brings nothing back that was withdrawn since, and leaves later choices alone', async () => {
    const { path, contactId, email } = await person();
    await save(path, { 'topic.drives': undefined, wish: 'weekly', language: 'en' });
    await site.settle();
    await save(path, { 'use.newsletter': undefined, wish: 'monthly' });
    const [link = ''] = linksTo(email);
    const done = await press(link);
    expect(done.body).toContain('What you have chosen anew since stays.');
    expect(await site.status(contactId)).toBe('withdrawn');
    expect(await site.contact(contactId)).toMatchObject({ wish: 'monthly', language: 'de' });
  });

  test('ends after seven days', async () => {
    const { path, contactId, email } = await person();
    await save(path, { wish: 'weekly' });
    await site.settle();
    const [link = ''] = linksTo(email);
    site.advance(7 * DAY - MINUTE);
    const page = (await site.get(link)).hidden('page');
    site.advance(MINUTE + 1);
    expect((await site.post(link, { page })).heading).toBe('Dieser Link ist abgelaufen');
    expect((await site.contact(contactId))?.wish).toBe('weekly');
  });

  test('for seven days from the receipt in the owner’s mailbox', async () => {
    const { path, contactId, email } = await person();
    await save(path, { 'topic.automation': 'on', wish: 'monthly' });
    await site.settle();
    const receipt = site.sent.filter(({ to }) => to === email).at(-1);
    expect(receipt?.subject).toBe('Ihre Einstellungen wurden geändert');
    expect(receipt?.text).toContain('Dazu: Automatisierung');
    site.advance(6 * DAY);
    const link = /\/undo\/[\w.-]+/.exec(receipt?.text ?? '')?.[0] ?? '';
    const page = (await site.get(link)).hidden('page');
    expect((await site.post(link, { page })).status).toBe(200);
    expect(await topicsOf(contactId)).toEqual(['drives', 'service']);
    expect((await site.contact(contactId))?.wish).toBeUndefined();
  });
});
