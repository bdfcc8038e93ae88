import { afterAll, describe, expect, test } from 'vitest';

import { tellAddress } from '../../shared/contacts/store.ts';
import { DAY, HOUR, MINUTE, SECOND, now, nowMs, plus } from '../../shared/platform/clock.ts';
import { viewConfirmation } from '../../shared/signup/confirm.ts';
import { pageNonce } from '../../shared/signup/links.ts';
import { resendConfirmation } from '../../shared/signup/resend.ts';
import { CONTROLLER, advanceClock, linkIn, openTestSystem, resetClock, sdkError } from '../support/system.ts';

const system = await openTestSystem();
afterAll(resetClock);
const { deps, signUp, work, pass, mailsTo, pendingOf, confirm } = system;

async function tokenFor(email: string): Promise<string> {
  await signUp(email, { fields: { lastName: 'Sonnenschein' } });
  await work();
  return linkIn(mailsTo(email)[0], 'confirm');
}
const resend = async (token: string) =>
  resendConfirmation(deps, { token, pageNonce: pageNonce(await deps.secrets.linkKeys(), token) });
const progressOf = async (email: string) => [...((await pendingOf(email))?.progress.values() ?? [])][0];

describe('a new mail for an expired request', () => {
  test('is sent at once when the person asks for it, and its link works for 72 h', async () => {
    const email = 'anew@example.com';
    const token = await tokenFor(email);
    await pass(72 * HOUR + SECOND);
    expect(await progressOf(email)).toMatchObject({ state: 'closed', as: 'expired' });
    expect((await pendingOf(email))?.open).toBe(0);
    await expect(resend(token)).resolves.toMatchObject({ kind: 'resent' });
    await work();
    expect(mailsTo(email)).toHaveLength(2);
    expect((await pendingOf(email))?.open).toBe(1);
    const again = linkIn(mailsTo(email)[1], 'confirm');
    advanceClock(71 * HOUR);
    await expect(confirm(again)).resolves.toMatchObject({ kind: 'confirmed' });
    expect((await pendingOf(email))?.open).toBe(0);
  });

  test('works before the clock has noticed that the link expired', async () => {
    const email = 'unnoticed@example.com';
    const token = await tokenFor(email);
    advanceClock(72 * HOUR + SECOND);
    await expect(resend(token)).resolves.toMatchObject({ kind: 'resent' });
    await work();
    expect(mailsTo(email)).toHaveLength(2);
    expect((await pendingOf(email))?.open).toBe(1);
  });

  test('asked for 20 times at once is one mail', async () => {
    const email = 'eager@example.com';
    const token = await tokenFor(email);
    await pass(72 * HOUR + SECOND);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => resend(token)));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['resent']));
    await work();
    await expect(resend(token)).resolves.toMatchObject({ kind: 'open' });
    expect(mailsTo(email)).toHaveLength(2);
    expect((await pendingOf(email))?.open).toBe(1);
  });

  test('T7 kept back by the limit of the mailbox is not lost: it goes as soon as it may', async () => {
    const email = 'crowded@example.com';
    const token = await tokenFor(email);
    await pass(72 * HOUR + SECOND);
    await signUp(email, { topics: ['service'] });
    await work();
    expect(mailsTo(email)).toHaveLength(2);
    await expect(resend(token)).resolves.toMatchObject({ kind: 'resent' });
    await work();
    expect(mailsTo(email)).toHaveLength(2);
    await expect(viewConfirmation(deps, token)).resolves.toMatchObject({ kind: 'open' });
    await expect(resend(token)).resolves.toMatchObject({ kind: 'resent' });
    await pass(15 * MINUTE + SECOND);
    expect(mailsTo(email)).toHaveLength(3);
    await expect(confirm(linkIn(mailsTo(email)[2], 'confirm'))).resolves.toMatchObject({ kind: 'confirmed' });
  });

  test('that SES does not take for now is retried', async () => {
    const email = 'retried@example.com';
    const token = await tokenFor(email);
    await pass(72 * HOUR + SECOND);
    system.answers.push(sdkError('TooManyRequestsException'));
    await resend(token);
    await work();
    expect(await progressOf(email)).toMatchObject({
      state: 'retry',
      askedAt: expect.any(String),
      attempt: 1,
    });
    await pass(30 * SECOND);
    expect(mailsTo(email)).toHaveLength(2);
  });

  test('T1 needs the page to have been shown', async () => {
    const email = 'unseen@example.com';
    const token = await tokenFor(email);
    await pass(72 * HOUR + SECOND);
    await expect(resendConfirmation(deps, { token, pageNonce: 'x' })).resolves.toEqual({ kind: 'show-page' });
    await work();
    expect(mailsTo(email)).toHaveLength(1);
  });

  test('is not to be had for a link that still works, was confirmed, or is nobody’s', async () => {
    const token = await tokenFor('works@example.com');
    await expect(resend(token)).resolves.toMatchObject({ kind: 'open' });
    await confirm(token);
    await expect(resend(token)).resolves.toMatchObject({ kind: 'already-confirmed' });
    await expect(resend('nobody')).resolves.toEqual({ kind: 'unknown' });
    await work();
    expect(mailsTo('works@example.com')).toHaveLength(1);
  });
});

describe('G13 fourteen days', () => {
  test('up to day 14 a new mail is to be had, from then on only the way to the form', async () => {
    const email = 'fortnight@example.com';
    const token = await tokenFor(email);
    const signedUp = Date.parse([...((await pendingOf(email))?.requests.values() ?? [])][0]?.at ?? '');
    await pass(72 * HOUR + SECOND);
    advanceClock(signedUp + 14 * DAY - 5 * SECOND - nowMs());
    await expect(viewConfirmation(deps, token)).resolves.toMatchObject({ kind: 'expired', canResend: true });
    advanceClock(signedUp + 14 * DAY - nowMs());
    await expect(viewConfirmation(deps, token)).resolves.toMatchObject({ kind: 'expired', canResend: false });
    await expect(resend(token)).resolves.toMatchObject({ kind: 'expired', canResend: false });
    await pass(0);
    await expect(viewConfirmation(deps, token)).resolves.toMatchObject({ kind: 'expired', canResend: false });
    expect(mailsTo(email)).toHaveLength(1);
  });

  test('a mail asked for on the last day does not keep the data beyond it', async () => {
    const email = 'last-day@example.com';
    const token = await tokenFor(email);
    const signedUp = Date.parse([...((await pendingOf(email))?.requests.values() ?? [])][0]?.at ?? '');
    await pass(72 * HOUR + SECOND);
    await pass(signedUp + 14 * DAY - MINUTE - nowMs());
    await signUp(email, { topics: ['service'] });
    await work();
    await resend(token);
    await work();
    const states = [...((await pendingOf(email))?.progress.values() ?? [])].map(({ state }) => state);
    expect(states.sort()).toEqual(['deferred', 'sent']);
    await pass(MINUTE);
    expect((await pendingOf(email))?.requests.size).toBe(1);
  });

  test('the clock leaves nothing personal, whatever became of a request', async () => {
    const alone = await openTestSystem();
    const visit = { fields: { lastName: 'Sonnenschein' } };
    alone.answers.push(
      ...[{ messageId: 'a' }, sdkError('TimeoutError'), sdkError('MessageRejected', { httpStatusCode: 400 })],
    );
    for (const name of ['unopened', 'unsure', 'refused', 'crowded', 'crowded', 'crowded', 'rejected']) {
      await alone.signUp(`${name}@example.com`, { ...visit, ipKey: '192.0.2.44' });
      await alone.work();
    }
    await alone.signUp('never-looked-at@example.com', visit);
    await alone.signUp('event@example.com', {
      form: 'open-house',
      fields: { lastName: 'Sonnenschein', country: 'US' },
    });
    const start = now();
    for (const day of [3, 4, 8, 13]) await alone.pass(Date.parse(plus(start, day * DAY)) - nowMs());
    expect(JSON.stringify(await alone.dump('outbox'))).toContain('Sonnenschein');
    const key = await alone.keyOf('unopened@example.com');
    await tellAddress(alone.deps.db, CONTROLLER, key, { kind: 'delivery', at: start });
    expect(await alone.dump('contacts')).not.toEqual([]);
    await alone.pass(DAY);
    await alone.pass(5 * MINUTE);
    expect(await alone.dump('contacts')).toEqual([]);
    const left = JSON.stringify(await alone.dump('outbox'));
    expect(left).toContain('nordlicht');
    expect(left).not.toMatch(/@example\.com|Sonnenschein|203\.0\.113|192\.0\.2|Mozilla/);
    const due = (await alone.dump('outbox')).filter((item) => 'dueAt' in item);
    expect(due).toEqual([]);
  });
});
