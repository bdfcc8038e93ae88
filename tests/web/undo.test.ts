import { beforeAll, describe, expect, test } from 'vitest';

import { updateContact } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { DAY, HOUR, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { transact } from '../../shared/platform/table.ts';
import { undoToken } from '../../shared/signup/links.ts';
import { openSite } from './open-site.ts';
import type { Site } from './open-site.ts';

const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' };
const WORDING = 'Ja, ich möchte den Newsletter der Nordlicht Antriebstechnik GmbH per E-Mail erhalten';

let site: Site;
let people = 0;
const somebody = () => `anna.${(people += 1)}@example.com`;

beforeAll(async () => {
  site = await openSite();
});

/** Unsubscribes on the page; answers the page that says so, with the way back. */
async function leave(link: string, scope = 'use') {
  const page = (await site.get(link)).hidden('page');
  return site.post(link, { page, scope });
}

/** Path of the undo link in the receipt that came last. */
async function receiptLink(email: string): Promise<string> {
  await site.settle();
  const receipt = site.sent.findLast(({ to, text }) => to === email && text.includes('/undo/'));
  return /\/undo\/[\w.-]+/.exec(receipt?.text ?? '')?.[0] ?? '';
}

describe('undo on the answer to an unsubscribe', () => {
  test('shows the wording agreed to anew and restores what was taken; the withdrawal stays in the record', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody(), { topics: ['drives', 'service'] });
    const before = (await site.contact(contactId))?.permissions['nordlicht#newsletter'];
    const left = await leave(unsubscribe);
    const [, offer = ''] = left.body.split('War das ein Versehen?');
    expect(offer).toContain(WORDING);
    expect(offer).toContain('Themen: Antriebe, Wartung und Service');

    const back = await site.post(`${unsubscribe}/undo`, { undo: left.hidden('undo') });
    expect([back.status, back.lang, back.heading]).toEqual([200, 'de', 'Sie sind wieder angemeldet']);
    const { since: _, seq: __, ...same } = { since: '', seq: 0, ...before };
    expect((await site.contact(contactId))?.permissions['nordlicht#newsletter']).toMatchObject(same);
    const entries = await site.entries(contactId);
    expect(entries.map(({ type, route }) => [type, route])).toEqual([
      ['granted', 'double-opt-in'],
      ['withdrawn', 'unsubscribe-page'],
      ['granted', 'undo'],
    ]);
    expect(entries[2]?.undoes).toBe(2);
    expect(verifyChain(entries).ok).toBe(true);
  });

  test('gives a topic back, under the declaration that its use still stands on', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody(), { topics: ['drives', 'service'] });
    const left = await leave(unsubscribe, 'topic.drives');
    const [, offer = ''] = left.body.split('War das ein Versehen?');
    expect(offer).toContain(WORDING);
    expect(offer).toContain('Themen: Antriebe<');
    await site.post(`${unsubscribe}/undo`, { undo: left.hidden('undo') });
    const held = (await site.contact(contactId))?.permissions['nordlicht#newsletter'];
    expect(held).toMatchObject({ status: 'granted', topics: ['service', 'drives'] });
  });

  test('restores no more than this very act took', async () => {
    const choice = { uses: ['newsletter', 'tracking'] };
    const { unsubscribe, contactId } = await site.subscribe(somebody(), choice);
    await leave(unsubscribe, 'use');
    const left = await leave(unsubscribe, 'all');
    expect(left.body).not.toContain(WORDING);
    await site.post(`${unsubscribe}/undo`, { undo: left.hidden('undo') });
    expect([await site.status(contactId), await site.status(contactId, 'tracking')]).toEqual([
      'withdrawn',
      'granted',
    ]);
    expect((await site.contact(contactId))?.noAdvertising).toBeUndefined();
  });

  test('names the declarations of every brand that it would restore', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody(), {
      uses: ['newsletter', 'profiling'],
    });
    const contact = await site.contact(contactId);
    const held = contact?.permissions['nordlicht#profiling'];
    if (!contact || !held) throw new Error('nobody subscribed');
    const permissions = { ...contact.permissions, 'suedlicht#profiling': held };
    await transact(site.db, [updateContact(contact, { ...contact, permissions, updatedAt: now() })]);
    const left = await leave(unsubscribe, 'all');
    const [, offer = ''] = left.body.split('War das ein Versehen?');
    expect(offer.match(/zu einem Interessenprofil zusammenführen/g)).toHaveLength(2);
  });

  test('works for ten minutes', async () => {
    const [early, late] = [await site.subscribe(somebody()), await site.subscribe(somebody())];
    const inTime = (await leave(early.unsubscribe)).hidden('undo');
    const tooLate = (await leave(late.unsubscribe)).hidden('undo');
    site.advance(10 * MINUTE - 5_000);
    const back = await site.post(`${early.unsubscribe}/undo`, { undo: inTime });
    expect(back.heading).toBe('Sie sind wieder angemeldet');
    site.advance(5_001);
    const before = await site.stored();
    const away = await site.post(`${late.unsubscribe}/undo`, { undo: tooLate });
    expect([away.status, away.heading]).toEqual([200, 'Dieser Link ist abgelaufen']);
    expect(await site.stored()).toEqual(before);
  });

  test('works once, also when pressed many times at once', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    const undo = (await leave(unsubscribe)).hidden('undo');
    const presses = Array.from({ length: 10 }, () => site.post(`${unsubscribe}/undo`, { undo }));
    const headings = (await Promise.all(presses)).map(({ heading }) => heading);
    expect(headings.filter((heading) => heading === 'Sie sind wieder angemeldet')).toHaveLength(1);
    expect(
      headings.filter((heading) => heading === 'Hier ist nichts mehr rückgängig zu machen'),
    ).toHaveLength(9);
    expect(await site.entries(contactId)).toHaveLength(3);
  });

  test('is worth nothing after a newer act: who left again stays away', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    const undo = (await leave(unsubscribe)).hidden('undo');
    await site.post(`${unsubscribe}/undo`, { undo });
    await site.post(unsubscribe, ONE_CLICK);
    const again = await site.post(`${unsubscribe}/undo`, { undo });
    expect(again.heading).toBe('Hier ist nichts mehr rückgängig zu machen');
    expect(await site.status(contactId)).toBe('withdrawn');
  });

  test('belongs to its own link: on the link of somebody else it is not known', async () => {
    const [one, other] = [await site.subscribe(somebody()), await site.subscribe(somebody())];
    const undo = (await leave(one.unsubscribe)).hidden('undo');
    const before = await site.stored();
    expect((await site.post(`${other.unsubscribe}/undo`, { undo })).status).toBe(404);
    expect((await site.post('/unsubscribe/made-up/undo', { undo })).status).toBe(404);
    expect(await site.stored()).toEqual(before);
    expect(await site.status(one.contactId)).toBe('withdrawn');
  });

  test('is offered by the answer alone: not by the link, not by one click, not by a repeated post', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    const page = (await site.get(unsubscribe)).hidden('page');
    expect((await site.post(unsubscribe, ONE_CLICK)).body).toBe('');
    const again = await site.post(unsubscribe, { page, scope: 'use' });
    expect(again.hidden('undo')).toBe('');
    expect((await site.get(unsubscribe)).hidden('undo')).toBe('');
    expect((await site.get(`${unsubscribe}/undo`)).status).toBe(303);
    expect(await site.status(contactId)).toBe('withdrawn');
  });

  test('for somebody erased meanwhile there is nothing to undo', async () => {
    const { unsubscribe, contactId } = await site.subscribe(somebody());
    const undo = (await leave(unsubscribe)).hidden('undo');
    await site.erase(contactId);
    const { status, heading } = await site.post(`${unsubscribe}/undo`, { undo });
    expect([status, heading]).toEqual([200, 'Hier ist nichts mehr rückgängig zu machen']);
    expect(await site.contact(contactId)).toBeUndefined();
  });
});

describe('undo from the receipt in the mailbox', () => {
  test('a page with the wording, one button, and the owner is back', async () => {
    const email = somebody();
    const { unsubscribe, contactId } = await site.subscribe(email);
    await site.post(unsubscribe, ONE_CLICK);
    const link = await receiptLink(email);
    expect(link).not.toMatch(/@|%40|anna/);
    const page = await site.get(link);
    expect([page.status, page.lang, page.heading]).toEqual([200, 'de', 'Abmeldung rückgängig machen?']);
    expect(page.body).toContain(WORDING);
    const done = await site.post(link, { page: page.hidden('page') });
    expect([done.status, done.heading]).toEqual([200, 'Sie sind wieder angemeldet']);
    expect(await site.status(contactId)).toBe('granted');
    expect((await site.entries(contactId)).at(-1)).toMatchObject({ route: 'receipt-link', undoes: 2 });
    expect((await site.get(link)).heading).toBe('Hier ist nichts mehr rückgängig zu machen');
  });

  test('T1 opening it changes nothing; without the nonce of its page neither does posting', async () => {
    const email = somebody();
    const { unsubscribe } = await site.subscribe(email);
    await leave(unsubscribe);
    const link = await receiptLink(email);
    const foreign = (await site.get(unsubscribe)).hidden('page');
    const before = await site.stored();
    for (let round = 0; round < 10; round += 1) await site.get(link);
    await site.send(link, { method: 'HEAD' });
    for (const fields of [{}, { page: 'x' }, { page: foreign }])
      expect((await site.post(link, fields)).heading).toBe('Abmeldung rückgängig machen?');
    expect(await site.stored()).toEqual(before);
  });

  test('works for seven days', async () => {
    const email = somebody();
    const { unsubscribe, contactId } = await site.subscribe(email);
    await site.post(unsubscribe, ONE_CLICK);
    const link = await receiptLink(email);
    site.advance(7 * DAY - MINUTE);
    const page = (await site.get(link)).hidden('page');
    site.advance(MINUTE + 1);
    const before = await site.stored();
    expect((await site.get(link)).heading).toBe('Dieser Link ist abgelaufen');
    expect((await site.post(link, { page })).heading).toBe('Dieser Link ist abgelaufen');
    expect(await site.stored()).toEqual(before);
    expect(await site.status(contactId)).toBe('withdrawn');
  });

  test('U2 one changed character, or a token for the page, and the link is not known', async () => {
    const { contactId, unsubscribe } = await site.subscribe(somebody());
    await site.post(unsubscribe, ONE_CLICK);
    const ref = { contactId, brand: 'nordlicht', seq: 2, until: plus(now(), HOUR) };
    const links = await site.secrets.linkKeys();
    const good = `/undo/${undoToken(links, 'undo-mail', ref)}`;
    expect((await site.get(good)).status).toBe(200);
    const before = await site.stored();
    const bad = [`/undo/${undoToken(links, 'undo', ref)}`];
    for (let at = '/undo/'.length; at < good.length; at += 1)
      bad.push(`${good.slice(0, at)}${good[at] === 'A' ? 'B' : 'A'}${good.slice(at + 1)}`);
    for (const link of bad) {
      expect((await site.get(link)).status).toBe(404);
      expect((await site.post(link, { page: 'x' })).status).toBe(404);
    }
    expect(await site.stored()).toEqual(before);
  });

  test('never gives back what was not withdrawn by the entry it names', async () => {
    const { contactId } = await site.subscribe(somebody());
    const links = await site.secrets.linkKeys();
    for (const seq of [1, 2, 99]) {
      const token = undoToken(links, 'undo-mail', {
        contactId,
        brand: 'nordlicht',
        seq,
        until: plus(now(), HOUR),
      });
      expect((await site.get(`/undo/${token}`)).heading).toBe('Hier ist nichts mehr rückgängig zu machen');
    }
  });

  test.each([
    ['application/json', '{}', 415],
    ['multipart/form-data', 'x', 400],
    ['application/x-www-form-urlencoded', 'a'.repeat(65 * 1024), 413],
  ])('a body of %s that we cannot read is refused', async (type, body, status) => {
    const email = somebody();
    const { unsubscribe } = await site.subscribe(email);
    await site.post(unsubscribe, ONE_CLICK);
    const link = await receiptLink(email);
    const answer = await site.send(link, { method: 'POST', headers: { 'content-type': type }, body });
    expect(answer.status).toBe(status);
  });

  test('speaks the language chosen, before and after the button', async () => {
    const email = somebody();
    const { unsubscribe } = await site.subscribe(email);
    await site.post(unsubscribe, ONE_CLICK);
    const page = await site.get(`${await receiptLink(email)}?lang=en`);
    const action = /action="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const done = await site.post(action, { page: page.hidden('page') });
    expect([page.lang, done.lang, done.heading]).toEqual(['en', 'en', 'You are subscribed again']);
  });
});
