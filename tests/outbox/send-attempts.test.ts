import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { DAY, HOUR, MINUTE, SECOND, now, nowMs } from '../../shared/platform/clock.ts';
import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import type { SesEvent } from '../../shared/outbox/ses-event.ts';
import { confirmToken } from '../../shared/signup/links.ts';
import {
  CONTROLLER,
  advanceClock,
  captureLog,
  openTestSystem,
  resetClock,
  sdkError,
} from '../support/system.ts';

const system = await openTestSystem();
const { signUp, work, pass, mailsTo, pendingOf, answers } = system;

let lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines = captureLog();
});
afterAll(resetClock);
afterEach(() => {
  answers.length = 0;
  vi.restoreAllMocks();
});

const progressOf = async (email: string) => [...((await pendingOf(email))?.progress.values() ?? [])][0];
const alarms = () => lines.filter(({ event, _aws }) => event === 'mail-given-up' && _aws);
const TIMEOUT = sdkError('TimeoutError');

/** SES tells that it took a mail. */
const sendEvent = (sendId: string, messageId: string): SesEvent => ({
  kind: 'send',
  at: now(),
  sentAt: now(),
  messageId,
  tenant: CONTROLLER,
  sendId,
  recipients: [],
});
const sendIdOf = async (email: string) => {
  const [requestId] = (await pendingOf(email))?.requests.keys() ?? [];
  return `s_nordlicht_${await system.keyOf(email)}_${requestId}`;
};

describe('S6 what an error of SES means', () => {
  test.each([
    ['TooManyRequestsException', sdkError('TooManyRequestsException', { httpStatusCode: 429 })],
    ['LimitExceededException', sdkError('LimitExceededException', { httpStatusCode: 400 })],
    ['ThrottlingException', sdkError('ThrottlingException', { httpStatusCode: 400 })],
    ['an unknown 429', sdkError('SlowDown', { httpStatusCode: 429 })],
    ['a connection refused', sdkError('Error', { code: 'ECONNREFUSED' })],
    ['an unknown host', sdkError('Error', { code: 'ENOTFOUND' })],
  ])('%s: again after a back-off of at most 30 s at first', async (name, error) => {
    const email = `${name.replace(/\W/g, '')}@example.com`;
    answers.push(error);
    await signUp(email);
    await work();
    const progress = await progressOf(email);
    expect(progress).toMatchObject({ state: 'retry', attempt: 1, unsure: 0 });
    const until = progress?.state === 'retry' ? Date.parse(progress.until) : 0;
    expect(until - nowMs()).toBeGreaterThan(10 * SECOND);
    expect(until - nowMs()).toBeLessThanOrEqual(30 * SECOND);
    expect((await pendingOf(email))?.dueAt).toBe(progress?.state === 'retry' && progress.until);
    await pass(30 * SECOND);
    expect(mailsTo(email)).toHaveLength(1);
  });

  test.each(['SendingPausedException', 'AccountSuspendedException', 'MailFromDomainNotVerifiedException'])(
    '%s: nothing for an hour, until somebody acts',
    async (name) => {
      const email = `${name}@example.com`;
      answers.push(sdkError(name, { httpStatusCode: 400 }));
      await signUp(email);
      await work();
      const progress = await progressOf(email);
      const until = progress?.state === 'retry' ? Date.parse(progress.until) : 0;
      expect(until - nowMs()).toBeGreaterThan(59 * MINUTE);
      expect(until - nowMs()).toBeLessThanOrEqual(HOUR);
      expect(
        lines.find(({ event, failure }) => event === 'mail-not-sent' && failure === 'stop'),
      ).toBeDefined();
      await pass(30 * MINUTE);
      expect(mailsTo(email)).toEqual([]);
      await pass(30 * MINUTE);
      expect(mailsTo(email)).toHaveLength(1);
    },
  );

  test.each([
    ['MessageRejected', sdkError('MessageRejected', { httpStatusCode: 400 })],
    ['BadRequestException', sdkError('BadRequestException', { httpStatusCode: 400 })],
    ['NotFoundException', sdkError('NotFoundException', { httpStatusCode: 404 })],
    ['an unknown 403', sdkError('SomethingNew', { httpStatusCode: 403 })],
  ])('%s: given up at once, with an alarm, and what was posted is gone', async (name, error) => {
    const email = `${name.replace(/\W/g, '')}@example.com`;
    answers.push(error);
    await signUp(email);
    await work();
    expect(await progressOf(email)).toMatchObject({ state: 'closed', as: 'failed' });
    expect((await pendingOf(email))?.requests.size).toBe(0);
    expect(alarms()).toHaveLength(1);
    await pass(HOUR);
    expect(mailsTo(email)).toEqual([]);
  });

  test('back-off grows to an hour at most and is never the same for all', async () => {
    const waits: number[] = [];
    answers.push(...Array.from({ length: 12 }, () => sdkError('TooManyRequestsException')));
    await signUp('growing@example.com');
    await work();
    for (let attempt = 1; attempt < 12; attempt += 1) {
      const progress = await progressOf('growing@example.com');
      const until = progress?.state === 'retry' ? progress.until : now();
      waits.push(Date.parse(until) - nowMs());
      await pass(Date.parse(until) - nowMs());
    }
    for (const [index, wait] of waits.entries()) {
      const full = Math.min(30 * SECOND * 2 ** index, HOUR);
      expect(wait).toBeGreaterThan(full / 2 - SECOND);
      expect(wait).toBeLessThanOrEqual(full);
    }
  });
});

describe('SES is down for days', () => {
  test('every sign-up is kept and tried for 72 h, then given up with an alarm', async () => {
    const alone = await openTestSystem();
    const email = 'down@example.com';
    alone.answers.push(...Array.from({ length: 400 }, () => sdkError('Error', { code: 'ECONNREFUSED' })));
    await alone.signUp(email);
    await alone.work();
    const started = nowMs();
    for (let due = await alone.dueAt(email); due; due = await alone.dueAt(email)) {
      await alone.pass(Math.max(Date.parse(due) - nowMs(), SECOND));
    }
    const pending = await alone.pendingOf(email);
    expect(pending?.requests.size).toBe(0);
    expect([...(pending?.progress.values() ?? [])]).toMatchObject([{ state: 'closed', as: 'failed' }]);
    expect(400 - alone.answers.length).toBeGreaterThan(72);
    expect(nowMs() - started).toBeGreaterThan(72 * HOUR - MINUTE);
    expect(nowMs() - started).toBeLessThan(73 * HOUR + MINUTE);
    expect(alarms()).toHaveLength(1);
  });

  test('back within three days: the mail goes out, once', async () => {
    const email = 'back@example.com';
    answers.push(...Array.from({ length: 5 }, () => sdkError('Error', { code: 'ECONNREFUSED' })));
    await signUp(email);
    await work();
    for (let hour = 0; hour < 12; hour += 1) await pass(HOUR);
    expect(mailsTo(email)).toHaveLength(1);
  });
});

describe('S7 an attempt whose answer we never saw', () => {
  test('is not repeated for ten minutes, then exactly once, then given up with an alarm', async () => {
    const email = 'unsure@example.com';
    answers.push(TIMEOUT, TIMEOUT);
    await signUp(email);
    await work();
    expect(await progressOf(email)).toMatchObject({ state: 'sending', attempt: 1, unsure: 0 });
    await pass(9 * MINUTE + 50 * SECOND);
    await system.look(email);
    expect(answers).toHaveLength(1);
    await pass(10 * SECOND);
    expect(answers).toHaveLength(0);
    expect(await progressOf(email)).toMatchObject({ state: 'sending', attempt: 2, unsure: 1 });
    await pass(9 * MINUTE);
    expect(alarms()).toEqual([]);
    await pass(MINUTE + SECOND);
    expect(await progressOf(email)).toMatchObject({ state: 'closed', as: 'failed' });
    expect(alarms()).toHaveLength(1);
    await pass(DAY);
    expect(mailsTo(email)).toEqual([]);
  });

  test('is resolved by SES’s own Send event', async () => {
    const email = 'resolved@example.com';
    answers.push(TIMEOUT);
    await signUp(email);
    await work();
    await receiveEvent(system.deps, sendEvent(await sendIdOf(email), 'ses-late-answer'));
    expect(await progressOf(email)).toMatchObject({ state: 'sent', mail: { messageId: 'ses-late-answer' } });
    await pass(11 * MINUTE);
    await pass(DAY);
    expect(mailsTo(email)).toEqual([]);
    expect((await progressOf(email))?.state).toBe('sent');
  });

  test('a second attempt that SES takes ends it', async () => {
    const email = 'second@example.com';
    answers.push(TIMEOUT, { messageId: 'ses-second' });
    await signUp(email);
    await work();
    await pass(10 * MINUTE + SECOND);
    expect(mailsTo(email)).toHaveLength(1);
    expect(await progressOf(email)).toMatchObject({ state: 'sent', mail: { messageId: 'ses-second' } });
  });

  test('a throttled second attempt is retried, and an unsure third is not', async () => {
    const email = 'third@example.com';
    answers.push(TIMEOUT, sdkError('TooManyRequestsException'), TIMEOUT);
    await signUp(email);
    await work();
    await pass(10 * MINUTE + SECOND);
    expect(await progressOf(email)).toMatchObject({ state: 'retry', unsure: 1 });
    await pass(HOUR);
    expect(await progressOf(email)).toMatchObject({ state: 'sending', unsure: 1 });
    await pass(10 * MINUTE + SECOND);
    expect(await progressOf(email)).toMatchObject({ state: 'closed', as: 'failed' });
  });

  test('a crash after SES took the mail costs one more mail at most', async () => {
    const email = 'crash@example.com';
    // SES may have the mail; our process died before it could say so.
    answers.push(TIMEOUT);
    await signUp(email);
    await work();
    await Promise.all([system.look(email), system.look(email)]);
    expect(mailsTo(email)).toEqual([]);
    advanceClock(10 * MINUTE + SECOND);
    await Promise.all(Array.from({ length: 6 }, () => system.look(email)));
    expect(mailsTo(email)).toHaveLength(1);
  });

  test('does not count against the limits of the mailbox twice', async () => {
    const email = 'counted@example.com';
    answers.push(TIMEOUT, sdkError('TooManyRequestsException'));
    await signUp(email);
    await work();
    await pass(10 * MINUTE + SECOND);
    await pass(MINUTE);
    expect(mailsTo(email)).toHaveLength(1);
    const limits = (await system.dump('outbox')).filter(({ pk }) => pk.startsWith('L#MB#'));
    const sends = limits.map((limit) => (limit['sends'] as { ref: string }[]).length);
    expect(Math.max(...sends)).toBe(1);
  });
});

test('a click while the answer of SES is out confirms, and nothing is sent again', async () => {
  const email = 'fast@example.com';
  answers.push(TIMEOUT);
  await signUp(email);
  await work();
  const [requestId = ''] = (await pendingOf(email))?.requests.keys() ?? [];
  const token = confirmToken(await system.deps.secrets.linkKeys(), {
    brand: 'nordlicht',
    form: 'newsletter',
    addressKey: await system.keyOf(email),
    requestId,
  });
  await expect(system.confirm(token)).resolves.toMatchObject({ kind: 'confirmed' });
  await pass(11 * MINUTE);
  expect(mailsTo(email)).toEqual([]);
  expect(await progressOf(email)).toMatchObject({ state: 'closed', as: 'confirmed' });
});
