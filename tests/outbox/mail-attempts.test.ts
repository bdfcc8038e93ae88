import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { HOUR, MINUTE, SECOND, now, nowMs } from '../../shared/platform/clock.ts';
import type { MailState } from '../../shared/permission/mail-state.ts';
import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import { nextMailStep } from '../../shared/outbox/send-mail.ts';
import { readMail } from '../../shared/outbox/store.ts';
import { CONTROLLER, captureLog, linkIn, openTestSystem, resetClock, sdkError } from '../support/system.ts';

const system = await openTestSystem();
const { deps, signUp, work, pass, mailsTo, publish, contactOf } = system;

let lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines = captureLog();
});
afterEach(() => vi.restoreAllMocks());
afterAll(resetClock);

/** A subscriber whose welcome mail is in the outbox, not yet sent. */
async function subscriber(email: string): Promise<void> {
  await signUp(email, { topics: ['drives'] });
  await work();
  await system.confirm(linkIn(mailsTo(email)[0], 'confirm'));
  await publish();
}
const welcomeOf = async (email: string) => readMail(deps.db, `w-${(await contactOf(email))?.id}-1`);
const purposes = (email: string) => mailsTo(email).map(({ tags }) => tags['purpose']);

describe('S7 S6 attempts', () => {
  test('an unsure attempt waits ten minutes, is repeated once, then given up with an alarm', async () => {
    const email = 'unsure@example.com';
    await subscriber(email);
    system.answers.push(sdkError('TimeoutError'), sdkError('TimeoutError'));
    await work();
    await pass(9 * MINUTE + 50 * SECOND);
    expect(system.answers).toHaveLength(1);
    await pass(10 * SECOND);
    expect(system.answers).toHaveLength(0);
    expect((await welcomeOf(email))?.progress).toMatchObject({ state: 'sending', unsure: 1 });
    await pass(10 * MINUTE + SECOND);
    expect((await welcomeOf(email))?.progress).toMatchObject({ state: 'dropped', why: 'failed' });
    expect(lines.some(({ event, level }) => event === 'mail-given-up' && level === 'error')).toBe(true);
    expect(purposes(email)).toEqual(['confirmation']);
  });

  test('the Send event resolves it; a Delivery is remembered', async () => {
    const email = 'resolved@example.com';
    await subscriber(email);
    system.answers.push(sdkError('TimeoutError'));
    await work();
    const mail = await welcomeOf(email);
    const event = {
      at: now(),
      sentAt: now(),
      messageId: 'ses-welcome',
      tenant: CONTROLLER,
      sendId: `m_${mail?.id}`,
      recipients: [email],
    };
    await receiveEvent(deps, { kind: 'send', ...event });
    await receiveEvent(deps, { kind: 'delivery', smtpResponse: '250', ...event });
    const resolved = await welcomeOf(email);
    expect(resolved?.progress).toMatchObject({
      state: 'sent',
      mail: { messageId: 'ses-welcome', deliveredAt: event.at },
    });
    await pass(HOUR);
    expect(await welcomeOf(email)).toEqual(resolved);
    expect(purposes(email)).toEqual(['confirmation']);
  });

  test('throttled: retried with back-off; refused: given up with an alarm', async () => {
    const email = 'throttled@example.com';
    await subscriber(email);
    system.answers.push(sdkError('TooManyRequestsException'));
    await work();
    const waiting = (await welcomeOf(email))?.progress;
    expect(waiting).toMatchObject({ state: 'waiting', attempt: 1 });
    expect(waiting?.state === 'waiting' && Date.parse(waiting.until) - nowMs()).toBeLessThanOrEqual(
      30 * SECOND,
    );
    system.answers.push(sdkError('MessageRejected', { httpStatusCode: 400 }));
    await pass(30 * SECOND);
    expect((await welcomeOf(email))?.progress).toMatchObject({ state: 'dropped', why: 'failed' });
    expect(lines.some(({ event, level }) => event === 'mail-given-up' && level === 'error')).toBe(true);
  });

  const AT = '2026-11-22T08:00:00.000Z';
  const mail = { template: 'welcome@1', sha256: '0'.repeat(64), startedAt: AT };
  test.each<[MailState, string, ReturnType<typeof nextMailStep>]>([
    [{ state: 'waiting', until: AT, attempt: 0, unsure: 0 }, '2026-11-22T07:59:59.999Z', 'none'],
    [{ state: 'waiting', until: AT, attempt: 19, unsure: 0 }, AT, 'send'],
    [{ state: 'waiting', until: AT, attempt: 20, unsure: 0 }, AT, 'give-up'],
    [{ state: 'sending', mail, attempt: 1, unsure: 0 }, '2026-11-22T08:09:59.999Z', 'none'],
    [{ state: 'sending', mail, attempt: 1, unsure: 0 }, '2026-11-22T08:10:00.000Z', 'send'],
    [{ state: 'sending', mail, attempt: 2, unsure: 1 }, '2026-11-22T08:09:59.999Z', 'none'],
    [{ state: 'sending', mail, attempt: 2, unsure: 1 }, '2026-11-22T08:10:00.000Z', 'give-up'],
    [{ state: 'sent', mail }, '2027-11-22T08:00:00.000Z', 'none'],
    [{ state: 'dropped', why: 'withdrawn', at: AT }, '2027-11-22T08:00:00.000Z', 'none'],
  ])('%o at %s: %s', (state, at, step) => {
    expect(nextMailStep(state, at)).toBe(step);
  });
});
