import { afterAll, describe, expect, test } from 'vitest';

import { DAY, HOUR, MINUTE, SECOND, nowMs } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { confirmSignup, viewConfirmation } from '../../shared/signup/confirm.ts';
import { confirmToken, pageNonce, readConfirmToken } from '../../shared/signup/links.ts';
import { rejectSignup } from '../../shared/signup/reject.ts';
import type { Visit } from '../support/system.ts';
import { BRAND, CLICK, advanceClock, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
afterAll(resetClock);
const { deps, signUp, work, pass, mailsTo, pendingOf, confirm, contactOf } = system;

/** Signs up, gets the mail and answers the token of its link. */
async function tokenFor(email: string, visit: Visit = {}): Promise<string> {
  const before = mailsTo(email).length;
  await signUp(email, visit);
  await work();
  return linkIn(mailsTo(email)[before], 'confirm');
}
const reject = async (token: string) =>
  rejectSignup(deps, { token, pageNonce: pageNonce(await deps.secrets.linkKeys(), token), ...CLICK });
const view = (token: string) => viewConfirmation(deps, token);
const entriesOf = async (email: string) => readEntries(deps.db, (await contactOf(email))?.id ?? '');

/** What staff will do with the next issue: blocks a use that stands. */
async function block(email: string, use: string): Promise<void> {
  const contact = await contactOf(email);
  await write(deps.db, {
    update: 'contacts',
    key: keys.contact(contact?.id ?? ''),
    set: 'SET #permissions.#use = :blocked',
    names: { '#permissions': 'permissions', '#use': `${BRAND}#${use}` },
    values: { ':blocked': { status: 'blocked', since: '2026-01-01T00:00:00.000Z', seq: 1 } },
  });
}

describe('the outcomes of a confirmation link', () => {
  test('confirmed: grants what was asked for and nothing else', async () => {
    const token = await tokenFor('new@example.com', { topics: ['drives'], fields: { firstName: 'Anna' } });
    await expect(view(token)).resolves.toMatchObject({ kind: 'open' });
    await expect(confirm(token)).resolves.toMatchObject({
      kind: 'confirmed',
      granted: ['newsletter'],
      review: [],
      address: 'new@example.com',
    });
    expect(await contactOf('new@example.com')).toMatchObject({
      address: 'new@example.com',
      language: 'de',
      fields: { firstName: { value: 'Anna', source: 'person' } },
      source: { kind: 'form', id: 'newsletter' },
      permissions: {
        'nordlicht#newsletter': {
          status: 'granted',
          topics: ['drives'],
          form: { id: 'newsletter', version: 1 },
          proof: 'double',
        },
      },
    });
  });

  test('already confirmed: on a second click, also when the stub is long gone, and nothing is written', async () => {
    const token = await tokenFor('again@example.com');
    await confirm(token);
    await expect(confirm(token)).resolves.toMatchObject({ kind: 'already-confirmed', use: 'newsletter' });
    await system.forget('outbox', keys.pendingSignup(BRAND, await system.keyOf('again@example.com')));
    expect(await pendingOf('again@example.com')).toBeUndefined();
    await expect(confirm(token)).resolves.toMatchObject({ kind: 'already-confirmed' });
    expect(await entriesOf('again@example.com')).toHaveLength(1);
  });

  test('expired: at 72 h to the millisecond, whether the clock has struck or not', async () => {
    const token = await tokenFor('late@example.com');
    const pending = await pendingOf('late@example.com');
    const end = Date.parse(pending?.dueAt ?? '');
    advanceClock(end - nowMs() - 5 * SECOND);
    await expect(view(token)).resolves.toMatchObject({ kind: 'open' });
    advanceClock(end - nowMs() + 1);
    await expect(confirm(token)).resolves.toMatchObject({ kind: 'expired', canResend: true });
    await pass(0);
    await expect(confirm(token)).resolves.toMatchObject({ kind: 'expired', canResend: true });
    expect(await contactOf('late@example.com')).toBeUndefined();
  });

  test('unknown: a changed token, one of another kind, one of a brand that is gone', async () => {
    const token = await tokenFor('forged@example.com');
    const links = await deps.secrets.linkKeys();
    const ref = readConfirmToken(links, token);
    const foreign = confirmToken(links, {
      ...(ref ?? { form: '', addressKey: '', requestId: '' }),
      brand: 'gone',
    });
    for (const bad of [`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, '', 'x', foreign]) {
      await expect(view(bad)).resolves.toEqual({ kind: 'unknown' });
      await expect(confirm(bad)).resolves.toEqual({ kind: 'unknown' });
    }
    expect(await contactOf('forged@example.com')).toBeUndefined();
  });

  test('T1 the page was not shown, or a day ago, or for another link: it is shown and nothing changes', async () => {
    const token = await tokenFor('page@example.com');
    const links = await deps.secrets.linkKeys();
    const nonce = pageNonce(links, token);
    const foreign = pageNonce(links, await tokenFor('page-other@example.com'));
    for (const bad of ['', 'x', foreign, token]) {
      const outcome = await confirmSignup(deps, { token, pageNonce: bad, ...CLICK });
      expect(outcome).toEqual({ kind: 'show-page' });
      await expect(rejectSignup(deps, { token, pageNonce: bad, ...CLICK })).resolves.toEqual(outcome);
    }
    advanceClock(24 * HOUR + SECOND);
    await expect(confirmSignup(deps, { token, pageNonce: nonce, ...CLICK })).resolves.toEqual({
      kind: 'show-page',
    });
    expect(await contactOf('page@example.com')).toBeUndefined();
    expect((await pendingOf('page@example.com'))?.open).toBe(1);
  });

  test('withdrawn meanwhile: a withdrawal after the sign-up is not undone by its older link', async () => {
    const email = 'meanwhile@example.com';
    await confirm(await tokenFor(email, { topics: ['drives'] }));
    advanceClock(HOUR);
    const token = await tokenFor(email, { topics: ['drives', 'service'] });
    advanceClock(MINUTE);
    const contactId = (await contactOf(email))?.id ?? '';
    await withdraw(deps, {
      contactId,
      brand: demoBrand,
      scope: { kind: 'brand' },
      route: 'one-click',
      actor: { kind: 'person' },
    });
    await expect(confirm(token)).resolves.toMatchObject({ kind: 'withdrawn-meanwhile' });
    expect((await contactOf(email))?.permissions['nordlicht#newsletter']?.status).toBe('withdrawn');
  });

  test('a sign-up after a withdrawal grants anew by its click', async () => {
    const email = 'returns@example.com';
    await confirm(await tokenFor(email));
    await withdraw(deps, {
      contactId: (await contactOf(email))?.id ?? '',
      brand: demoBrand,
      scope: { kind: 'all' },
      route: 'unsubscribe-page',
      actor: { kind: 'person' },
    });
    advanceClock(HOUR);
    await expect(confirm(await tokenFor(email))).resolves.toMatchObject({ kind: 'confirmed' });
    const permissions = (await contactOf(email))?.permissions;
    expect(permissions?.['nordlicht#newsletter']?.status).toBe('granted');
  });

  test('rejected: “that was not me” ends the request, and its link confirms nothing any more', async () => {
    const token = await tokenFor('notme@example.com');
    await expect(reject(token)).resolves.toMatchObject({ kind: 'rejected' });
    await expect(confirm(token)).resolves.toMatchObject({ kind: 'rejected' });
    await expect(reject(token)).resolves.toMatchObject({ kind: 'rejected' });
    const pending = await pendingOf('notme@example.com');
    expect(pending?.requests.size).toBe(0);
    expect(pending?.open).toBe(0);
    expect(await contactOf('notme@example.com')).toBeUndefined();
  });

  test('under review: a blocked use stays blocked and waits on the review list', async () => {
    const email = 'blocked@example.com';
    await confirm(await tokenFor(email));
    await block(email, 'newsletter');
    advanceClock(HOUR);
    await expect(confirm(await tokenFor(email))).resolves.toMatchObject({ kind: 'under-review' });
    const contact = await contactOf(email);
    expect(contact?.permissions['nordlicht#newsletter']?.status).toBe('blocked');
    expect(contact?.reviews).toEqual({
      'nordlicht#newsletter': {
        since: expect.any(String),
        seq: 2,
        why: 'blocked',
        topics: [],
        wording: expect.any(String),
        form: { id: 'newsletter', version: 1 },
        proof: 'double',
        // Nobody told yet that its mail arrived.
        incomplete: { awaits: expect.any(String) },
      },
    });
    const last = (await entriesOf(email)).at(-1);
    expect(last).toMatchObject({
      type: 'review',
      changes: [{ use: 'newsletter', to: 'blocked', review: true }],
    });
  });
});

describe('many clicks at once', () => {
  test('T2 20 parallel clicks: one confirmation, one entry, one contact; every answer is friendly', async () => {
    const email = 'twenty@example.com';
    const token = await tokenFor(email);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => confirm(token)));
    const kinds = outcomes.map(({ kind }) => kind).sort();
    expect(kinds).toEqual([...Array<string>(19).fill('already-confirmed'), 'confirmed']);
    const contacts = (await system.dump('contacts')).filter((item) => item['address'] === email);
    expect(contacts).toHaveLength(1);
    const entries = await entriesOf(email);
    expect(entries).toHaveLength(1);
    expect(verifyChain(entries, (await contactOf(email))?.head)).toMatchObject({ ok: true });
  });

  test('two requests of one address confirmed at once end in one contact with both', async () => {
    const email = 'both@example.com';
    const first = await tokenFor(email, { topics: ['drives'] });
    await signUp(email, { form: 'open-house' });
    await work();
    await pass(15 * MINUTE + SECOND);
    const second = linkIn(mailsTo(email)[1], 'confirm');
    const outcomes = await Promise.all([confirm(first), confirm(second)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['confirmed', 'confirmed']);
    const contact = await contactOf(email);
    expect(Object.keys(contact?.permissions ?? {}).sort()).toEqual([
      'nordlicht#event-invitation',
      'nordlicht#newsletter',
    ]);
    expect(verifyChain(await entriesOf(email), contact?.head)).toMatchObject({ ok: true, entries: 2 });
    expect((await pendingOf(email))?.open).toBe(0);
  });

  test('a click and “not me” at once: one of them holds, and both pages say so', async () => {
    const email = 'either@example.com';
    const token = await tokenFor(email);
    const [clicked, rejected] = await Promise.all([confirm(token), reject(token)]);
    const granted = (await contactOf(email))?.permissions['nordlicht#newsletter'] !== undefined;
    expect(clicked.kind).toBe(granted ? 'confirmed' : 'rejected');
    expect(rejected.kind).toBe(granted ? 'already-confirmed' : 'rejected');
  });
});

test('the links of two addresses do not mix', async () => {
  const [anna, bert] = [await tokenFor('anna@example.com'), await tokenFor('bert@example.com')];
  const [annas, berts] = [anna.split('.'), bert.split('.')];
  const mixed = [...annas.slice(0, -1), berts.at(-1)].join('.');
  await expect(confirm(mixed)).resolves.toEqual({ kind: 'unknown' });
  await confirm(anna);
  expect(await contactOf('bert@example.com')).toBeUndefined();
  await expect(view(bert)).resolves.toMatchObject({ kind: 'open' });
});

test('G13 nothing posted is left of a confirmed request, and the clock finds nothing more to do', async () => {
  const email = 'gone@example.com';
  const token = await tokenFor(email, { fields: { firstName: 'Wilhelmine' } });
  await confirm(token);
  const pending = (await system.dump('outbox')).filter(({ sk }) => sk === 'SIGNUP');
  expect(JSON.stringify(pending)).not.toMatch(/gone@example\.com|Wilhelmine/);
  await system.pass(15 * DAY);
  expect(await system.dueAt(email)).toBeUndefined();
  await expect(confirm(token)).resolves.toMatchObject({ kind: 'already-confirmed' });
});
