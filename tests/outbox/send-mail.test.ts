import { afterAll, describe, expect, test } from 'vitest';

import { tellAddress } from '../../shared/contacts/store.ts';
import { DAY, now } from '../../shared/platform/clock.ts';
import { publishEntry } from '../../shared/outbox/publish-entry.ts';
import { readMail } from '../../shared/outbox/store.ts';
import { readEntries } from '../../shared/permission/store.ts';
import type { Scope } from '../../shared/permission/scope.ts';
import { undoWithdrawal } from '../../shared/permission/undo.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import type { Route } from '../../shared/permission/evidence.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { readUndoToken } from '../../shared/signup/links.ts';
import { CLICK, CONTROLLER, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
const { deps, signUp, work, mailsTo, publish, contactOf } = system;

afterAll(resetClock);

/** A subscriber whose welcome mail is in the outbox, not yet sent. */
async function subscriber(email: string): Promise<void> {
  await signUp(email, { topics: ['drives', 'service'] });
  await work();
  await system.confirm(linkIn(mailsTo(email)[0], 'confirm'));
  await publish();
}
async function welcomed(email: string): Promise<void> {
  await subscriber(email);
  await work();
}
const leave = async (email: string, scope: Scope = { kind: 'brand' }, route: Route = 'one-click') =>
  withdraw(deps, {
    contactId: (await contactOf(email))?.id ?? '',
    brand: demoBrand,
    scope,
    route,
    actor: { kind: 'person' },
  });
const welcomeOf = async (email: string) => readMail(deps.db, `w-${(await contactOf(email))?.id}-1`);
const receiptOf = async (email: string) => readMail(deps.db, `r-${(await contactOf(email))?.id}-2`);
const purposes = (email: string) => mailsTo(email).map(({ tags }) => tags['purpose']);

describe('what follows from a confirmation', () => {
  test('U1 one welcome mail with one https link to unsubscribe in its headers and in its text', async () => {
    const email = 'welcome@example.com';
    await welcomed(email);
    const mail = mailsTo(email)[1];
    expect(purposes(email)).toEqual(['confirmation', 'welcome']);
    const token = linkIn(mail, 'unsubscribe');
    expect(mail?.headers).toEqual({
      'Auto-Submitted': 'auto-generated',
      'List-Unsubscribe': `<http://127.0.0.1:8787/unsubscribe/${token}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(`List-Unsubscribe${mail?.headers['List-Unsubscribe']}`.length).toBeLessThan(995);
    expect(mail?.headers['List-Unsubscribe']).not.toMatch(/welcome|@|%40/);
    expect(mail?.text).toContain('Antriebe');
  });

  test('one mail, though the stream tells of the entry 20 times at once and again later', async () => {
    const email = 'once@example.com';
    await signUp(email);
    await work();
    await system.confirm(linkIn(mailsTo(email)[0], 'confirm'));
    const [entry] = await readEntries(deps.db, (await contactOf(email))?.id ?? '');
    if (!entry) throw new Error('no evidence');
    await Promise.all(Array.from({ length: 20 }, () => publishEntry(deps, entry)));
    await Promise.all([work(), work(), work()]);
    await publishEntry(deps, entry);
    await work();
    expect(purposes(email)).toEqual(['confirmation', 'welcome']);
  });

  test('U11 withdrawn before it went out: nothing is sent', async () => {
    const email = 'quick@example.com';
    await subscriber(email);
    await leave(email);
    await work();
    expect(purposes(email)).toEqual(['confirmation']);
    expect((await welcomeOf(email))?.progress).toMatchObject({ state: 'dropped', why: 'withdrawn' });
  });

  test('suppressed meanwhile: nothing is sent', async () => {
    const email = 'bounced@example.com';
    await subscriber(email);
    const news = { kind: 'hard-bounce', at: now(), reason: 'Permanent/NoEmail' } as const;
    await tellAddress(deps.db, CONTROLLER, await system.keyOf(email), news);
    await work();
    expect(purposes(email)).toEqual(['confirmation']);
    expect((await welcomeOf(email))?.progress).toMatchObject({ state: 'dropped', why: 'suppressed' });
  });

  test('confirmed opt-in brings no welcome: its mail said it all', async () => {
    const email = 'event@example.com';
    await signUp(email, { form: 'open-house', fields: { country: 'DE' } });
    await work();
    await publish();
    await work();
    expect(purposes(email)).toEqual(['confirmation']);
  });
});

describe('what follows from an unsubscribe', () => {
  test('a receipt that names what is gone, free of links to unsubscribe, with an undo that works 7 days', async () => {
    const email = 'receipt@example.com';
    await welcomed(email);
    await leave(email);
    await publish();
    await work();
    expect(purposes(email)).toEqual(['confirmation', 'welcome', 'unsubscribe-receipt']);
    const mail = mailsTo(email)[2];
    expect(mail?.text).toContain('Newsletter');
    expect(mail?.headers['List-Unsubscribe']).toBeUndefined();
    const undo = readUndoToken(await deps.secrets.linkKeys(), 'undo-mail', linkIn(mail, 'undo'));
    expect(undo?.seq).toBe(2);
    const [, entry] = await readEntries(deps.db, (await contactOf(email))?.id ?? '');
    expect(Date.parse(undo?.until ?? '') - Date.parse(entry?.at ?? '')).toBe(7 * DAY);
    const undone = { contactId: undo?.contactId ?? '', seq: 2, route: 'receipt-link', ...CLICK } as const;
    await expect(undoWithdrawal(deps, undone)).resolves.toMatchObject({ kind: 'restored' });
  });

  test('none for a withdrawal that was undone before it went out', async () => {
    const email = 'undone@example.com';
    await welcomed(email);
    const left = await leave(email);
    await publish();
    if (left.kind !== 'withdrawn') throw new Error(left.kind);
    await undoWithdrawal(deps, { contactId: left.contact.id, seq: left.entry.seq, route: 'undo', ...CLICK });
    await work();
    expect(purposes(email)).toEqual(['confirmation', 'welcome']);
    expect((await receiptOf(email))?.progress).toMatchObject({ state: 'dropped', why: 'withdrawn' });
    await leave(email);
    await publish();
    await work();
    expect(purposes(email).at(-1)).toBe('unsubscribe-receipt');
  });

  test.each<[string, Scope, Route]>([
    ['a complaint', { kind: 'email', grantedBefore: '9999-01-01T00:00:00.000Z' }, 'complaint'],
    ['“no advertising at all”', { kind: 'all' }, 'unsubscribe-page'],
    ['“that was not me”', { kind: 'brand' }, 'not-me'],
  ])('none after %s', async (name, scope, route) => {
    const email = `${name.replace(/\W/g, '')}@example.com`;
    await welcomed(email);
    await leave(email, scope, route);
    await publish();
    await work();
    expect(purposes(email)).toEqual(['confirmation', 'welcome']);
  });

  test('none where the brand does not want one', async () => {
    const email = 'silent@example.com';
    await welcomed(email);
    await leave(email);
    const entry = (await readEntries(deps.db, (await contactOf(email))?.id ?? ''))[1];
    if (!entry) throw new Error('no evidence');
    const brand = () => Promise.resolve({ ...demoBrand, unsubscribeReceipt: false });
    await publishEntry({ ...deps, settings: { brand } }, entry);
    expect(await receiptOf(email)).toBeUndefined();
  });
});
