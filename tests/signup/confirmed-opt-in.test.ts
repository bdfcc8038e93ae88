import { afterAll, describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { tellAddress } from '../../shared/contacts/store.ts';
import { DAY, HOUR, MINUTE, SECOND, now } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { pageNonce } from '../../shared/signup/links.ts';
import { rejectSignup } from '../../shared/signup/reject.ts';
import type { Visit } from '../support/system.ts';
import {
  BRAND,
  CLICK,
  CONTROLLER,
  advanceClock,
  linkIn,
  openTestSystem,
  resetClock,
  sdkError,
} from '../support/system.ts';

const system = await openTestSystem();
afterAll(resetClock);
const { deps, signUp, work, pass, mailsTo, pendingOf, confirm, contactOf } = system;

const EVENT = 'nordlicht#event-invitation';
const inGermany = { form: 'open-house', fields: { lastName: 'Berger', country: 'DE' } } as const;
async function register(email: string, visit: Visit = {}): Promise<void> {
  await signUp(email, { ...inGermany, ...visit });
  await work();
}
const progressOf = async (email: string) => [...((await pendingOf(email))?.progress.values() ?? [])].at(-1);
const statusOf = async (email: string) => (await contactOf(email))?.permissions[EVENT]?.status;
const leave = async (email: string) =>
  withdraw(deps, {
    contactId: (await contactOf(email))?.id ?? '',
    brand: demoBrand,
    scope: { kind: 'uses', uses: ['event-invitation'] },
    route: 'one-click',
    actor: { kind: 'person' },
  });
const reject = async (token: string) =>
  rejectSignup(deps, { token, pageNonce: pageNonce(await deps.secrets.linkKeys(), token), ...CLICK });

describe('confirmed opt-in (DOMAIN 3)', () => {
  test('grants as soon as SES has accepted the mail, with evidence of that mail', async () => {
    system.answers.push({ messageId: 'ses-accepted' });
    await register('accepted@example.com');
    const contact = await contactOf('accepted@example.com');
    expect(contact?.permissions[EVENT]).toMatchObject({ status: 'granted', proof: 'confirmed', seq: 1 });
    const [entry] = await readEntries(deps.db, contact?.id ?? '');
    expect(entry).toMatchObject({
      type: 'granted',
      route: 'confirmed-opt-in',
      actor: { kind: 'system', name: 'mail' },
      signup: { model: 'confirmed-opt-in', form: { id: 'open-house' } },
      mail: { template: 'registered@1', messageId: 'ses-accepted', sentAt: expect.any(String) },
    });
    expect(entry?.signup?.confirmPageShownAt).toBeUndefined();
    expect(mailsTo('accepted@example.com')[0]?.text).toContain('/confirm/');
  });

  test('not before: while SES does not take the mail nothing is granted', async () => {
    system.answers.push(sdkError('TooManyRequestsException'));
    await register('later@example.com');
    expect(await contactOf('later@example.com')).toBeUndefined();
    await pass(30 * SECOND);
    expect(await statusOf('later@example.com')).toBe('granted');
  });

  test('not where we cannot know: only SES’s own word resolves the attempt, then it is granted', async () => {
    const email = 'unsure@example.com';
    system.answers.push(sdkError('TimeoutError'));
    await register(email);
    expect(await contactOf(email)).toBeUndefined();
    await pass(10 * MINUTE + SECOND);
    expect(mailsTo(email)).toHaveLength(1);
    expect(await statusOf(email)).toBe('granted');
  });

  test.each<[string, Visit]>([
    ['unknown', { fields: { lastName: 'Berger' } }],
    ['another', { fields: { lastName: 'Berger', country: 'US' } }],
  ])('%s country: the click is asked for', async (name, visit) => {
    const email = `${name}@example.com`;
    await register(email, visit);
    expect(await contactOf(email)).toBeUndefined();
    expect(mailsTo(email)[0]?.tags['mailing']).toBe('confirmation-1');
    await confirm(linkIn(mailsTo(email)[0], 'confirm'));
    expect(await statusOf(email)).toBe('granted');
  });

  test('G12 tracking waits for its click while the invitation holds', async () => {
    const email = 'tracked@example.com';
    await register(email, { uses: ['event-invitation', 'tracking'] });
    expect(Object.keys((await contactOf(email))?.permissions ?? {})).toEqual([EVENT]);
    await confirm(linkIn(mailsTo(email)[0], 'confirm'));
    const contact = await contactOf(email);
    expect(contact?.permissions['nordlicht#tracking']).toMatchObject({ status: 'granted', proof: 'double' });
    expect(contact?.permissions[EVENT]).toMatchObject({ status: 'granted', proof: 'double' });
  });

  test('an unproven post changes nothing in an existing profile', async () => {
    const email = 'existing@example.com';
    await signUp(email, { fields: { firstName: 'Anna', lastName: 'Berger' }, language: 'en' });
    await work();
    await confirm(linkIn(mailsTo(email)[0], 'confirm'));
    const before = await contactOf(email);
    advanceClock(HOUR);
    await register(email, { fields: { firstName: 'Mallory', lastName: 'X', country: 'DE' }, language: 'de' });
    const after = await contactOf(email);
    expect(after?.permissions[EVENT]?.status).toBe('granted');
    const profile = (contact: Contact | undefined) =>
      contact && [contact.fields, contact.language, contact.country, contact.address];
    expect(profile(after)).toEqual(profile(before));
    await confirm(linkIn(mailsTo(email)[1], 'confirm'));
    expect((await contactOf(email))?.fields.firstName?.value).toBe('Mallory');
  });

  test('nothing is granted twice, however often the item is looked at', async () => {
    const email = 'repeat@example.com';
    await signUp(email, inGermany);
    await Promise.all(Array.from({ length: 6 }, () => system.look(email)));
    await pass(HOUR);
    const contact = await contactOf(email);
    expect(await readEntries(deps.db, contact?.id ?? '')).toHaveLength(1);
  });

  test('a crash between mail and grant is made good on the next look', async () => {
    const email = 'crash@example.com';
    await register(email);
    await undoGrant(email);
    expect(await contactOf(email)).toBeUndefined();
    await pass(6 * MINUTE);
    expect(await statusOf(email)).toBe('granted');
    expect(mailsTo(email)).toHaveLength(1);
  });
});

describe('where an accepted mail proves nothing, the click is asked for with the same answer', () => {
  const expectClick = async (email: string) => {
    await expect(signUp(email, inGermany)).resolves.toEqual({ kind: 'accepted' });
    await work();
    const mail = mailsTo(email).at(-1);
    expect(mail?.tags['mailing']).toBe('confirmation-1');
    expect(await statusOf(email)).not.toBe('granted');
    return linkIn(mail, 'confirm');
  };

  test('after a withdrawal', async () => {
    const email = 'left@example.com';
    await register(email);
    await leave(email);
    advanceClock(HOUR);
    const token = await expectClick(email);
    await confirm(token);
    expect(await statusOf(email)).toBe('granted');
  });

  test('after an erasure', async () => {
    const email = 'erased@example.com';
    await write(deps.db, {
      update: 'contacts',
      key: keys.address(CONTROLLER, await system.keyOf(email)),
      set: 'SET erasedAt = :at',
      values: { ':at': now() },
    });
    await confirm(await expectClick(email));
    expect(await statusOf(email)).toBe('granted');
    expect((await system.pointerOf(email))?.erasedAt).toBeUndefined();
  });

  test('under a block, which stays', async () => {
    const email = 'blocked@example.com';
    await register(email);
    await write(deps.db, {
      update: 'contacts',
      key: keys.contact((await contactOf(email))?.id ?? ''),
      set: 'SET #permissions.#use = :blocked',
      names: { '#permissions': 'permissions', '#use': EVENT },
      values: { ':blocked': { status: 'blocked', since: now(), seq: 1 } },
    });
    advanceClock(HOUR);
    await expect(confirm(await expectClick(email))).resolves.toMatchObject({ kind: 'under-review' });
    expect(await statusOf(email)).toBe('blocked');
  });

  test('30 days after a hard bounce', async () => {
    const email = 'bounced@example.com';
    const news = { kind: 'hard-bounce', at: now(), reason: 'Permanent/NoEmail' } as const;
    await tellAddress(deps.db, CONTROLLER, await system.keyOf(email), news);
    advanceClock(30 * DAY);
    await confirm(await expectClick(email));
    expect(await statusOf(email)).toBe('granted');
  });

  test.each(['complaint', 'hard-bounce'] as const)('a %s between mail and grant', async (kind) => {
    const email = `${kind}-between@example.com`;
    await register(email);
    await undoGrant(email);
    const news = { kind, at: now(), reason: 'Permanent/NoEmail' } as const;
    await tellAddress(deps.db, CONTROLLER, await system.keyOf(email), news);
    await pass(6 * MINUTE);
    expect(await contactOf(email)).toBeUndefined();
    await expect(confirm(linkIn(mailsTo(email)[0], 'confirm'))).resolves.toMatchObject({ kind: 'confirmed' });
  });
});

describe('“that was not me”', () => {
  test('withdraws what the mail granted and forgets what was posted', async () => {
    const email = 'notme@example.com';
    await register(email);
    const token = linkIn(mailsTo(email)[0], 'confirm');
    await expect(reject(token)).resolves.toMatchObject({ kind: 'rejected' });
    expect(await statusOf(email)).toBe('withdrawn');
    const entries = await readEntries(deps.db, (await contactOf(email))?.id ?? '');
    expect(entries.map(({ type, route }) => `${type} ${route}`)).toEqual([
      'granted confirmed-opt-in',
      'withdrawn not-me',
    ]);
    expect((await pendingOf(email))?.requests.size).toBe(0);
    await expect(confirm(token)).resolves.toMatchObject({ kind: 'rejected' });
  });

  test('takes back only what the mail granted, not what the owner had proven before', async () => {
    const email = 'proven@example.com';
    await signUp(email, { uses: ['newsletter', 'tracking'] });
    await work();
    await confirm(linkIn(mailsTo(email)[0], 'confirm'));
    advanceClock(HOUR);
    await register(email, { uses: ['event-invitation', 'tracking'] });
    expect(await statusOf(email)).toBe('granted');
    await reject(linkIn(mailsTo(email)[1], 'confirm'));
    expect(await statusOf(email)).toBe('withdrawn');
    expect((await contactOf(email))?.permissions['nordlicht#tracking']?.status).toBe('granted');
  });
});

describe('later', () => {
  test('the link expires, what was granted stays', async () => {
    const email = 'stays@example.com';
    await register(email);
    await pass(72 * HOUR + SECOND);
    expect(await progressOf(email)).toMatchObject({ state: 'closed', as: 'confirmed' });
    expect((await pendingOf(email))?.requests.size).toBe(0);
    expect(await statusOf(email)).toBe('granted');
    await expect(confirm(linkIn(mailsTo(email)[0], 'confirm'))).resolves.toMatchObject({
      kind: 'already-confirmed',
    });
  });
});

/** The state a crash leaves between SES's answer and the grant: the request as sent, and nobody in `contacts`. */
async function undoGrant(email: string): Promise<void> {
  const pending = await pendingOf(email);
  const [requestId = '', progress] = [...(pending?.progress ?? [])].at(-1) ?? [];
  const contact = await contactOf(email);
  const addressKey = await system.keyOf(email);
  await system.forget('contacts', keys.address(CONTROLLER, addressKey));
  await system.forget('contacts', keys.contact(contact?.id ?? ''));
  await system.forget('ledger', keys.evidence(contact?.id ?? '', 1));
  const { granted: _, ...sent } = progress?.state === 'sent' ? progress : {};
  await write(deps.db, {
    update: 'outbox',
    key: keys.pendingSignup(BRAND, addressKey),
    set: 'SET #progress = :sent, dueAt = :soon',
    names: { '#progress': `s#${requestId}` },
    values: { ':sent': sent, ':soon': now() },
  });
}
