import { beforeAll, describe, expect, test } from 'vitest';

import { updateContact } from '../../shared/permission/store.ts';
import { DAY, HOUR, MINUTE, now } from '../../shared/platform/clock.ts';
import { transact } from '../../shared/platform/table.ts';
import { pageNonce } from '../../shared/signup/links.ts';
import { openSite } from './open-site.ts';
import type { Site } from './open-site.ts';

let site: Site;
let people = 0;
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

describe('what is true of a link that cannot confirm', () => {
  test('expired after 72 hours: one click asks for a new mail, whose link works', async () => {
    const email = somebody();
    const link = await site.signUp(email);
    site.advance(72 * HOUR);
    const page = await site.get(link);
    expect([page.status, page.heading]).toEqual([200, 'Dieser Link ist abgelaufen']);
    expect(page.body).toContain(`action="${link}/resend?lang=de"`);
    expect((await site.post(link, { page: page.hidden('page') })).heading).toBe('Dieser Link ist abgelaufen');

    const known = site.sent.length;
    const resent = await site.post(`${link}/resend?lang=de`, { page: page.hidden('page') });
    expect([resent.status, resent.heading]).toEqual([200, 'Bitte sehen Sie in Ihr Postfach']);
    expect(resent.body).toContain('news@nordlicht.example');
    const again = await site.post(`${link}/resend?lang=de`, { page: page.hidden('page') });
    expect([again.status, again.lang]).toEqual([200, 'de']);
    await site.settle();
    const mails = site.sent.slice(known).filter(({ to }) => to === email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain(link);
    expect((await press(link)).heading).toBe('Danke, es ist bestätigt');
  });

  test('expired for good after 14 days: the page leads to the form', async () => {
    const link = await site.signUp(somebody());
    site.advance(14 * DAY + MINUTE);
    const { status, heading, body } = await site.get(`${link}?lang=de`);
    expect([status, heading]).toEqual([200, 'Dieser Link ist abgelaufen']);
    expect(body).toContain('href="/forms/newsletter"');
    expect(body).not.toContain('<form');
    const before = await site.stored();
    for (const button of ['', '/resend', '/not-me'])
      expect((await press(link, button)).heading).toBe('Dieser Link ist abgelaufen');
    expect(await site.stored()).toEqual(before);
  });

  test('400 days old: never confirmed', async () => {
    const link = await site.signUp(somebody());
    site.advance(400 * DAY);
    expect((await press(link)).heading).toBe('Dieser Link ist abgelaufen');
  });

  test('a link still open, asked to be sent again, simply shows its page', async () => {
    const link = await site.signUp(somebody());
    const before = await site.stored();
    expect((await press(link, '/resend')).heading).toBe('Stimmt das so?');
    expect(await site.stored()).toEqual(before);
  });

  test('unsubscribed meanwhile: says so and leads to the form', async () => {
    const { confirm, unsubscribe } = await site.subscribe(somebody());
    await site.post(unsubscribe, { 'List-Unsubscribe': 'One-Click' });
    const { status, heading, body } = await site.get(`${confirm}?lang=de`);
    expect([status, heading]).toEqual([200, 'Inzwischen abgemeldet']);
    expect(body).toContain('href="/forms/newsletter"');
    const before = await site.stored();
    expect((await press(confirm)).status).toBe(200);
    expect(await site.stored()).toEqual(before);
  });

  test('"that was not me" deletes the sign-up, and no later click confirms it', async () => {
    const email = somebody();
    const link = await site.signUp(email);
    const { status, heading } = await press(link, '/not-me?lang=de');
    expect([status, heading]).toEqual([200, 'Danke für den Hinweis']);
    expect((await site.stored()).join()).not.toContain(email);
    const before = await site.stored();
    for (const button of ['', '/not-me', '/resend'])
      expect((await press(link, `${button}?lang=de`)).heading).toBe('Danke für den Hinweis');
    expect(await site.stored()).toEqual(before);
  });

  test('blocked by us: the page says that we will check, and never "subscribed"', async () => {
    const email = somebody();
    const { contactId } = await site.subscribe(email);
    await block(contactId);
    site.advance(HOUR);
    const link = await site.signUp(email, { topics: 'drives' });
    const { status, heading, body } = await press(link, '?lang=en');
    expect([status, heading]).toEqual([200, 'Thank you, we will check your sign-up']);
    expect(body).not.toMatch(/confirmed|From now on/);
    expect(await site.status(contactId)).toBe('blocked');
  });

  test('blocked in part: what holds and what we will check stand apart', async () => {
    const email = somebody();
    const { contactId } = await site.subscribe(email);
    await block(contactId);
    site.advance(HOUR);
    const link = await site.signUp(email, { topics: 'drives', uses: ['newsletter', 'profiling'] });
    const { heading, body } = await press(link, '?lang=en');
    expect(heading).toBe('Thank you, it is confirmed');
    const [holds = '', waits = ''] = body.split('We will check this before we write to you about it');
    expect(holds).toContain('Personal profile of interests');
    expect(holds).not.toContain('<strong>Newsletter</strong>');
    expect(waits).toContain('<strong>Newsletter</strong>');
  });
});

/** What staff will do from the next issue on. */
async function block(contactId: string): Promise<void> {
  const contact = await site.contact(contactId);
  const held = contact?.permissions['nordlicht#newsletter'];
  if (!contact || held?.status !== 'granted') throw new Error('nobody to block');
  const permission = { status: 'blocked', since: now(), seq: contact.head.seq, underneath: held } as const;
  const permissions = { ...contact.permissions, 'nordlicht#newsletter': permission };
  await transact(site.db, [updateContact(contact, { ...contact, permissions, updatedAt: now() })]);
}
