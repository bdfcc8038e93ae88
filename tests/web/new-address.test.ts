import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DAY, HOUR, MINUTE, now } from '../../shared/platform/clock.ts';
import { decideContacts } from '../../shared/decision/decide-contacts.ts';
import { eraseContact } from '../../shared/retention/erase.ts';
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
  const at = `old-${(people += 1)}@example.com`;
  const { contactId, unsubscribe } = await site.subscribe(at, { topics: ['drives'] });
  const to = `new-${people}@example.com`;
  return { contactId, unsubscribe, from: at, to, browser: await site.logIn(contactId) };
}
const mailsTo = (address: string) => site.sent.filter(({ to }) => to === address);
const pathIn = (text: string | undefined) => /\/address\/[\w.-]+/.exec(text ?? '')?.[0] ?? '';

async function ask({ browser, to }: Awaited<ReturnType<typeof person>>, email = to) {
  const page = (await site.get('/profile/address', browser)).hidden('page');
  const answer = await site.post('/profile/address', { email, page }, browser);
  await site.settle();
  return answer;
}
/** Opens the link in the mail to the new address and presses its button. */
async function confirm(to: string) {
  const link = pathIn(mailsTo(to).at(-1)?.text);
  const page = (await site.get(link)).hidden('page');
  const answer = await site.post(link, { page });
  await site.settle();
  return answer;
}
async function isAllowed(contactId: string) {
  const { settings, deps } = site;
  const brand = await settings.brand('nordlicht');
  if (!brand) throw new Error('no demo brand');
  const { id: controller } = brand.controller;
  const settled = { uses: await settings.uses(controller), policy: await settings.policy(controller) };
  const use = settled.uses.uses.find(({ id }) => id === 'newsletter');
  if (!use) throw new Error('no newsletter');
  const question = { brand, use, at: now() };
  const candidates = [{ ref: { id: contactId } }];
  const [answer] = await decideContacts(deps, { controller, candidates, question, settled, past: false });
  return answer?.kind === 'decided' ? answer.decision : undefined;
}

describe('a new address', () => {
  test('D3 replaces the old one by the click in the new mailbox, and the old mailbox is told', async () => {
    const who = await person();
    expect((await ask(who)).body).toContain('Bitte sehen Sie in Ihr neues Postfach');
    expect((await site.contact(who.contactId))?.address).toBe(who.from);
    expect(mailsTo(who.to)).toHaveLength(1);
    expect(mailsTo(who.to)[0]?.text).not.toContain(who.from);
    const notices = mailsTo(who.from).length;

    expect((await confirm(who.to)).heading).toBe('Ihre neue Adresse gilt');
    expect((await site.contact(who.contactId))?.address).toBe(who.to);
    const notice = mailsTo(who.from).slice(notices);
    expect(notice.map(({ subject }) => subject)).toEqual(['Ihre E-Mail-Adresse wurde geändert']);
    expect(notice[0]?.text).not.toContain(who.to);
    const entry = (await site.entries(who.contactId)).at(-1);
    expect(entry).toMatchObject({ type: 'address', route: 'log-in', changes: [] });
    expect(entry?.mail?.messageId).toBeDefined();
    expect(JSON.stringify(entry)).not.toContain(who.to);
  });

  test('D3 no consent moves: nothing is sent until the person agrees anew, and a no follows', async () => {
    const who = await person();
    expect(await isAllowed(who.contactId)).toMatchObject({ allowed: true });
    await ask(who);
    await confirm(who.to);
    expect(await isAllowed(who.contactId)).toMatchObject({ allowed: false, reason: 'other-address' });
    const page = (await site.get(who.unsubscribe)).hidden('page');
    await site.post(who.unsubscribe, { page, scope: 'all' });
    expect((await site.contact(who.contactId))?.noAdvertising).toBeDefined();
  });

  test('T5 the session of the old mailbox ends with it', async () => {
    const who = await person();
    await ask(who);
    await confirm(who.to);
    expect((await site.get('/profile', who.browser)).status).toBe(401);
  });

  test('T1 looking changes nothing, a second click finds it done, 20 at once change it once', async () => {
    const who = await person();
    await ask(who);
    const link = pathIn(mailsTo(who.to)[0]?.text);
    const before = await site.stored();
    for (let look = 0; look < 3; look += 1) {
      await site.get(link);
      await site.send(link, { method: 'HEAD' });
    }
    expect(await site.stored()).toEqual(before);
    const page = (await site.get(link)).hidden('page');
    const answers = await Promise.all(Array.from({ length: 20 }, () => site.post(link, { page })));
    expect(answers.filter(({ heading }) => heading === 'Ihre neue Adresse gilt')).toHaveLength(1);
    const entries = (await site.entries(who.contactId)).filter(({ type }) => type === 'address');
    expect(entries).toHaveLength(1);
    expect((await site.get(link)).heading).toBe('Dieser Link gilt nicht mehr');
  });

  test('T4 a link of 72 hours and a millisecond, and one that a newer replaced, are void', async () => {
    const who = await person();
    await ask(who);
    const first = pathIn(mailsTo(who.to)[0]?.text);
    site.advance(16 * MINUTE);
    const again = { ...who, browser: await site.logIn(who.contactId) };
    await ask(again, 'third@example.com');
    expect((await site.get(first)).heading).toBe('Dieser Link gilt nicht mehr');
    const second = pathIn(mailsTo('third@example.com')[0]?.text);
    expect((await site.get(second)).heading).toBe('Stimmt Ihre neue Adresse?');
    site.advance(72 * HOUR);
    expect((await site.get(second)).heading).toBe('Dieser Link gilt nicht mehr');
    expect((await site.contact(who.contactId))?.address).toBe(who.from);
  });

  test('an address that is somebody’s already is told only to the owner of its mailbox', async () => {
    const [who, other] = [await person(), await person()];
    site.advance(DAY);
    const fresh = { ...who, browser: await site.logIn(who.contactId) };
    expect((await ask(fresh, other.from)).body).toContain('Bitte sehen Sie in Ihr neues Postfach');
    expect((await confirm(other.from)).heading).toBe('Diese Adresse ist schon eingetragen');
    expect((await site.contact(who.contactId))?.address).toBe(who.from);
  });

  test('the old mailbox may have a new owner: who signs up there is somebody else', async () => {
    const who = await person();
    await ask(who);
    await confirm(who.to);
    site.advance(DAY);
    const { contactId } = await site.subscribe(who.from);
    expect(contactId).not.toBe(who.contactId);
    expect((await site.contact(who.contactId))?.address).toBe(who.to);
    expect((await site.contact(contactId))?.address).toBe(who.from);
  });

  test('an address typed wrongly, the same one, and one too often are explained', async () => {
    const who = await person();
    expect(await ask(who, 'nobody')).toMatchObject({ status: 422 });
    expect((await ask(who, who.from.toUpperCase())).body).toContain('Das ist schon Ihre Adresse');
    expect((await ask(who)).status).toBe(200);
    expect(await ask(who)).toMatchObject({ status: 429 });
  });

  test('D7 asks for a log-in of the last 15 minutes', async () => {
    const who = await person();
    site.advance(14 * MINUTE);
    expect((await site.get('/profile', who.browser)).status).toBe(200);
    expect((await site.get('/profile/address', who.browser)).status).toBe(200);
    site.advance(2 * MINUTE);
    const late = await site.get('/profile/address', who.browser);
    expect(late.status).toBe(403);
    expect(late.heading).toBe('Bitte melden Sie sich noch einmal an');
  });

  test('D4 an erasure takes the waiting address with it, and all that were the person’s', async () => {
    const who = await person();
    await ask(who);
    await confirm(who.to);
    site.advance(DAY);
    const fresh = { ...who, browser: await site.logIn(who.contactId) };
    await ask(fresh, 'fourth@example.com');
    const contact = await site.contact(who.contactId);
    await eraseContact(site.deps, {
      contactId: who.contactId,
      controller: contact?.controller ?? '',
      requestedBy: 'person',
      actor: { kind: 'person' },
      at: now(),
    });
    const stored = (await site.stored()).join('\n');
    for (const address of [who.from, who.to, 'fourth@example.com']) expect(stored).not.toContain(address);
    expect(stored).not.toContain('movedTo":"' + who.contactId);
  });
});
