import { beforeAll, describe, expect, test } from 'vitest';

import { DAY, HOUR } from '../../shared/platform/clock.ts';
import { openSite } from './open-site.ts';
import type { Site } from './open-site.ts';

const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' };

let site: Site;
let people = 0;
const somebody = () => `anna.${(people += 1)}@example.com`;

beforeAll(async () => {
  site = await openSite();
});

/** Chooses on the page behind a link and presses its button. */
async function choose(link: string, scope: string, more: Record<string, string> = {}) {
  const page = (await site.get(link)).hidden('page');
  return site.post(link, { page, scope, ...more });
}

const scopes = (body: string) =>
  [...body.matchAll(/name="scope" value="([^"]+)"/g)].map(([, value]) => value);

describe('the page', () => {
  test('U10 offers every way out with one button, no log-in, and a reason that may stay empty', async () => {
    const { unsubscribe } = await site.subscribe(somebody(), { topics: ['drives', 'service'] });
    const { status, body } = await site.get(unsubscribe);
    expect(status).toBe(200);
    expect(scopes(body)).toEqual(['topic.drives', 'topic.service', 'use', 'brand', 'all']);
    expect(body).toMatch(/value="use"[^>]* checked/);
    expect(body.match(/<button/g)).toHaveLength(1);
    expect(body).toMatch(/a•••\d@example\.com/);
    expect(body).not.toMatch(/type="(?:email|password)"/);
    expect(body).toContain('<option value="">Keine Angabe</option>');
  });

  test.each([
    ['topic.drives', 'Antriebe', { newsletter: 'granted', tracking: 'granted' }],
    ['use', 'Newsletter', { newsletter: 'withdrawn', tracking: 'granted' }],
    ['brand', 'Alles von Nordlicht Antriebstechnik', { newsletter: 'withdrawn', tracking: 'withdrawn' }],
    ['all', 'keinerlei Werbung mehr von Nordlicht', { newsletter: 'withdrawn', tracking: 'withdrawn' }],
  ])('U10 %s ends what it says, and the answer names it', async (scope, named, after) => {
    const choice = { uses: ['newsletter', 'tracking'], topics: ['drives', 'service'] };
    const { unsubscribe, contactId } = await site.subscribe(somebody(), choice);
    const { status, heading, body } = await choose(unsubscribe, scope);
    expect([status, heading]).toEqual([200, 'Erledigt, Sie sind abgemeldet']);
    expect(body.split('War das ein Versehen?')[0]).toContain(named);
    expect(body).toContain('Bereits gestartete Sendungen halten wir an.');
    for (const [use, expected] of Object.entries(after))
      expect(await site.status(contactId, use)).toBe(expected);
    const contact = await site.contact(contactId);
    const newsletter = contact?.permissions['nordlicht#newsletter'];
    expect(newsletter).toMatchObject(scope === 'topic.drives' ? { topics: ['service'] } : { seq: 2 });
    expect(contact?.noAdvertising !== undefined).toBe(scope === 'all');
    const [, entry, ...rest] = await site.entries(contactId);
    expect(rest).toEqual([]);
    expect(entry).toMatchObject({ type: 'withdrawn', route: 'unsubscribe-page' });
  });

  test('leaving the last topic ends the use, and the answer says so', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody(), { topics: ['drives', 'service'] });
    await choose(unsubscribe, 'topic.drives');
    expect(scopes((await site.get(unsubscribe)).body)).toEqual(['use', 'brand', 'all']);
    const { body } = await choose(unsubscribe, 'topic.service');
    expect(await site.status(contactId)).toBe('withdrawn');
    expect(body.split('War das ein Versehen?')[0]).toContain('<strong>Newsletter</strong>');
  });

  test('keeps a reason from its list, and nothing else', async () => {
    const reasonOf = async (reason: string) => {
      const { unsubscribe, contactId } = await site.subscribe(somebody());
      await choose(unsubscribe, 'use', { reason });
      return (await site.entries(contactId)).at(-1)?.reason;
    };
    expect(await reasonOf('too-many')).toBe('too-many');
    expect(await reasonOf('')).toBeUndefined();
    expect(await reasonOf('call me at anna@example.com')).toBeUndefined();
  });

  test.each(['', 'everything', 'topic.', 'topic.unknown', '__proto__', 'uses'])(
    'a choice that was not on offer changes nothing: %j',
    async (scope) => {
      const { unsubscribe } = await site.subscribe(somebody());
      const before = await site.stored();
      expect((await choose(unsubscribe, scope)).heading).toBe('Abmelden');
      expect(await site.stored()).toEqual(before);
    },
  );

  test('T1 needs the nonce of its own page, at most a day old', async () => {
    const [one, other] = [await site.subscribe(somebody()), await site.subscribe(somebody())];
    const foreign = (await site.get(other.unsubscribe)).hidden('page');
    const own = (await site.get(one.unsubscribe)).hidden('page');
    expect((await site.post(one.unsubscribe, { page: foreign, scope: 'use' })).heading).toBe('Abmelden');
    site.advance(DAY + 1);
    expect((await site.post(one.unsubscribe, { page: own, scope: 'use' })).heading).toBe('Abmelden');
    expect(await site.status(one.contactId)).toBe('granted');
    expect((await choose(one.unsubscribe, 'use')).heading).toBe('Erledigt, Sie sind abgemeldet');
  });

  test('repeated, or pressed many times at once: one act, one answer with a way back, all friendly', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    const page = (await site.get(unsubscribe)).hidden('page');
    const fields = { page, scope: 'use' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => site.post(unsubscribe, fields)));
    expect(answers.filter(({ hidden }) => hidden('undo') !== '')).toHaveLength(1);
    const headings = answers.map(({ heading }) => heading);
    expect(headings.filter((heading) => heading === 'Schon abgemeldet')).toHaveLength(9);
    expect(await site.entries(contactId)).toHaveLength(2);
    const again = await site.post(unsubscribe, fields);
    expect([again.status, again.heading, again.hidden('undo')]).toEqual([200, 'Schon abgemeldet', '']);
  });

  test('after an unsubscribe by mail program it offers what is left', async () => {
    const { unsubscribe } = await site.subscribe(somebody());
    await site.post(unsubscribe, ONE_CLICK);
    const { status, body } = await site.get(unsubscribe);
    expect([status, scopes(body)]).toEqual([200, ['brand', 'all']]);
    expect(body).toMatch(/value="brand"[^>]* checked/);
  });

  test('for somebody erased it says that nothing more is to be done, and knows no address', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    const page = (await site.get(unsubscribe)).hidden('page');
    await site.erase(contactId);
    const before = await site.stored();
    for (const answer of [
      await site.get(unsubscribe),
      await site.post(unsubscribe, { page, scope: 'all' }),
    ]) {
      expect([answer.status, answer.heading]).toEqual([200, 'Schon abgemeldet']);
      expect(answer.body).not.toContain('example.com');
    }
    expect(await site.stored()).toEqual(before);
  });

  test('who wanted nothing at all and came back can leave again', async () => {
    const email = somebody();
    const { unsubscribe, contactId } = await site.subscribe(email);
    await choose(unsubscribe, 'all');
    expect((await site.get(unsubscribe)).heading).toBe('Schon abgemeldet');
    site.advance(HOUR);
    const again = await site.subscribe(email);
    expect([again.contactId, again.heading]).toEqual([contactId, 'Danke, es ist bestätigt']);
    expect((await choose(again.unsubscribe, 'use')).heading).toBe('Erledigt, Sie sind abgemeldet');
    expect(await site.status(contactId)).toBe('withdrawn');
  });

  test('speaks the language of the person, or the one chosen, before and after the button', async () => {
    const english = { 'accept-language': 'en' };
    const { unsubscribe } = await site.subscribe(somebody());
    expect((await site.get(unsubscribe, english)).lang).toBe('de');
    const page = await site.get(`${unsubscribe}?lang=en`);
    expect([page.lang, page.heading]).toEqual(['en', 'Unsubscribe']);
    expect(page.body).toContain(`href="${unsubscribe}?lang=de"`);
    const action = /action="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const done = await site.post(action, { page: page.hidden('page'), scope: 'use' });
    expect([done.lang, done.heading]).toEqual(['en', 'Done, you are unsubscribed']);
  });
});
