import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { parseEmailAddress } from '../../shared/contacts/email-address.ts';
import { tellAddress } from '../../shared/contacts/store.ts';
import { DAY, HOUR, MINUTE, SECOND, now } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { randomToken } from '../../shared/platform/ids.ts';
import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import { requestLogin } from '../../shared/outbox/request-login.ts';
import { readMail } from '../../shared/outbox/store.ts';
import { loginMailId, readLoginCookie } from '../../shared/preferences/login.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import {
  CONTROLLER,
  advanceClock,
  captureLog,
  linkIn,
  openTestSystem,
  resetClock,
  sdkError,
} from '../support/system.ts';

const system = await openTestSystem();
const { deps, work, pass, mailsTo } = system;

let lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines = captureLog();
  advanceClock(DAY);
});
afterEach(() => vi.restoreAllMocks());
afterAll(resetClock);

async function known(email: string): Promise<string> {
  await system.signUp(email);
  await work();
  await system.confirm(linkIn(mailsTo(email)[0], 'confirm'));
  return email;
}
/** Asks for a log-in; the id of its mail. */
async function ask(email: string, device = 'Firefox, Windows'): Promise<string> {
  const parsed = parseEmailAddress(email);
  if (!parsed.ok) throw new Error(email);
  const requested = await requestLogin(deps, {
    brand: demoBrand,
    language: 'de',
    limits: await deps.settings.limits(),
    address: parsed.address,
    ipKey: randomToken(),
    device,
  });
  const waiting = requested.kind === 'accepted' ? readLoginCookie(requested.cookie) : undefined;
  return loginMailId(waiting?.loginId ?? '');
}
const progressOf = async (mailId: string) => (await readMail(deps.db, mailId))?.progress;
const logins = (email: string) => mailsTo(email).filter(({ tags }) => tags['purpose'] === 'log-in');

describe('the log-in mail', () => {
  test('T4 says who asked from what, with a link, a code that can be read, and what to do otherwise', async () => {
    const email = await known('words@example.com');
    await ask(email);
    await ask(email, '?');
    await pass(0);
    await pass(MINUTE);
    const [mail, second] = logins(email);
    expect(mail?.subject).toBe('Ihr Link zum Anmelden');
    expect(mail?.text).toMatch(/\d{4} \d{4}/);
    expect(mail?.text).toMatch(/\/log-in\/k1\.[0-9a-f]{32}\.[\w-]{43}\n/);
    const words = [mail?.text, second?.text].join(' ').replaceAll(/\s+/g, ' ');
    expect(words).toContain('(Firefox, Windows)');
    expect(words).toContain('(unbekanntes Gerät)');
    expect(words).toContain('Waren Sie das nicht? Dann tun Sie nichts.');
    expect(mail?.headers['List-Unsubscribe']).toBeUndefined();
  });

  test('one, though the stream tells of it 20 times at once and again later', async () => {
    const email = await known('once@example.com');
    const id = await ask(email);
    const deliver = () => system.deliver(keys.mail(id), { id });
    await Promise.all(Array.from({ length: 20 }, deliver));
    await deliver();
    expect(logins(email)).toHaveLength(1);
  });

  test('T6 none, and no word about it, where nobody is known or no mail may go', async () => {
    const bounced = await known('bounced@example.com');
    const news = { kind: 'hard-bounce', at: now(), reason: 'Permanent/NoEmail' } as const;
    await tellAddress(deps.db, CONTROLLER, await system.keyOf(bounced), news);
    const ids = [await ask('nobody@example.com'), await ask(bounced)];
    await work();
    expect(await Promise.all(ids.map(progressOf))).toMatchObject([
      { state: 'dropped', why: 'withdrawn' },
      { state: 'dropped', why: 'suppressed' },
    ]);
    expect([...logins('nobody@example.com'), ...logins(bounced)]).toEqual([]);
    expect(JSON.stringify(lines)).not.toMatch(/nobody@|bounced@/);
  });
});

describe('T7 a mailbox', () => {
  test('gets a mail a minute: who pressed twice gets the second after the first, not never', async () => {
    const email = await known('twice@example.com');
    const ids = [await ask(email), await ask(email)];
    await work();
    expect(logins(email)).toHaveLength(1);
    const states = await Promise.all(ids.map(progressOf));
    expect(new Set(states.map((each) => each?.state))).toEqual(new Set(['sent', 'waiting']));
    await pass(30 * SECOND);
    expect(logins(email)).toHaveLength(1);
    await pass(30 * SECOND);
    expect(logins(email)).toHaveLength(2);
    expect(new Set(logins(email).map(({ text }) => text)).size).toBe(2);
  });

  test('gets ten a day', async () => {
    const email = await known('flood@example.com');
    let last = '';
    for (let times = 0; times < 11; times += 1) {
      last = await ask(email);
      await pass(2 * MINUTE);
    }
    expect(logins(email)).toHaveLength(10);
    expect(await progressOf(last)).toMatchObject({ state: 'dropped', why: 'withdrawn' });
    advanceClock(DAY);
    await ask(email);
    await work();
    expect(logins(email)).toHaveLength(11);
  });

  test('is not one of the sign-ups: a sign-up a moment ago keeps no log-in back', async () => {
    const email = await known('apart@example.com');
    await system.signUp(email, { uses: ['newsletter'] });
    await ask(email);
    await work();
    expect(logins(email)).toHaveLength(1);
  });
});

describe('S6 S7 attempts', () => {
  test('T4 a mail that comes to its turn after ten minutes is not sent', async () => {
    const email = await known('late@example.com');
    const id = await ask(email);
    await pass(10 * MINUTE);
    expect(await progressOf(id)).toMatchObject({ state: 'dropped', why: 'withdrawn' });
    expect(logins(email)).toEqual([]);
  });

  test('throttled, it goes out with the next attempt', async () => {
    const email = await known('throttled@example.com');
    const id = await ask(email);
    system.answers.push(sdkError('TooManyRequestsException'));
    await work();
    expect(await progressOf(id)).toMatchObject({ state: 'waiting', attempt: 1 });
    await pass(30 * SECOND);
    expect(await progressOf(id)).toMatchObject({ state: 'sent' });
    expect(logins(email)).toHaveLength(1);
  });

  test('unsure, the Send event resolves it; else it is never sent twice, for its time is over', async () => {
    const email = await known('unsure@example.com');
    const resolved = await ask(email);
    system.answers.push(sdkError('TimeoutError'));
    await work();
    const event = { at: now(), sentAt: now(), messageId: 'ses-1', tenant: CONTROLLER, recipients: [email] };
    await receiveEvent(deps, { kind: 'send', ...event, sendId: `m_${resolved}` });
    expect(await progressOf(resolved)).toMatchObject({ state: 'sent', mail: { messageId: 'ses-1' } });

    advanceClock(HOUR);
    const lost = await ask(email);
    system.answers.push(sdkError('TimeoutError'));
    await work();
    await pass(11 * MINUTE);
    expect(await progressOf(lost)).toMatchObject({ state: 'dropped', why: 'withdrawn' });
    expect(system.answers).toEqual([]);
  });
});
