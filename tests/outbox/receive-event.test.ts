import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { isSuppressed } from '../../shared/contacts/suppression.ts';
import { DAY, MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import type { SesEvent } from '../../shared/outbox/ses-event.ts';
import { openPayload } from '../../shared/permission/seal.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import type { Visit } from '../support/system.ts';
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
const { deps, signUp, work, mailsTo, contactOf, pendingOf, confirm } = system;

let lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines = captureLog();
});
afterEach(() => vi.restoreAllMocks());
afterAll(resetClock);

const inGermany: Visit = { form: 'open-house', fields: { country: 'DE' } };
let messages = 0;

/** Signs up; answers what SES says with every event about the mail. */
async function mailed(email: string, visit: Visit = {}) {
  const messageId = `ses-${(messages += 1)}`;
  system.answers.push({ messageId });
  await signUp(email, visit);
  await work();
  const mail = mailsTo(email).at(-1);
  const about = {
    at: now(),
    sentAt: now(),
    messageId,
    tenant: CONTROLLER,
    sendId: mail?.tags['sendId'],
    recipients: [email],
  };
  return { token: linkIn(mail, 'confirm'), about };
}
type About = Awaited<ReturnType<typeof mailed>>['about'];
const delivery = (about: About, more: Partial<About> = {}): SesEvent => ({
  kind: 'delivery',
  smtpResponse: '250 2.0.0 OK',
  ...about,
  ...more,
});
const complaint = (about: About, more: object = {}): SesEvent => ({
  kind: 'complaint',
  feedbackId: 'feedback-1',
  feedbackType: 'abuse',
  subType: undefined,
  ...about,
  ...more,
});
const bounce = (
  about: About,
  bounceType: string,
  bounceSubType: string,
  diagnosticCode?: string,
): SesEvent => ({
  kind: 'bounce',
  bounceType,
  bounceSubType,
  feedbackId: `feedback-${(messages += 1)}`,
  bounced: about.recipients.map((recipient) => ({ recipient, status: undefined, diagnosticCode })),
  ...about,
});
const entriesOf = async (email: string) => readEntries(deps.db, (await contactOf(email))?.id ?? '');
const reasonOf = async (email: string) => {
  const verdict = isSuppressed((await system.pointerOf(email))?.suppression, now());
  return verdict.suppressed ? verdict.reason : 'none';
};
const progressOf = async (email: string) => [...((await pendingOf(email))?.progress.values() ?? [])].at(-1);
const statusesOf = async (email: string) =>
  Object.entries((await contactOf(email))?.permissions ?? {}).map(([key, { status }]) => `${key} ${status}`);

describe('a delivery', () => {
  test('before the click becomes part of its evidence', async () => {
    const { token, about } = await mailed('before@example.com');
    await receiveEvent(deps, delivery(about));
    await confirm(token);
    const entries = await entriesOf('before@example.com');
    expect(entries.map(({ type }) => type)).toEqual(['granted']);
    expect(entries[0]?.mail?.deliveredAt).toBe(about.at);
  });

  test('E1 after the click is a later entry, once, however often it is told', async () => {
    const email = 'after@example.com';
    const { token, about } = await mailed(email);
    await confirm(token);
    await Promise.all(Array.from({ length: 5 }, () => receiveEvent(deps, delivery(about))));
    await receiveEvent(deps, delivery(about));
    const entries = await entriesOf(email);
    expect(entries.map(({ type, route }) => `${type} ${route}`)).toEqual([
      'granted double-opt-in',
      'delivery delivery-report',
    ]);
    expect(entries[1]?.delivery).toEqual({
      requestId: entries[0]?.signup?.requestId,
      messageId: about.messageId,
      deliveredAt: about.at,
    });
    const contact = await contactOf(email);
    const id = contact?.id ?? '';
    const master = await deps.secrets.evidenceMaster();
    const payload = openPayload(
      master,
      contact?.salt ?? '',
      { contactId: id, seq: 2 },
      entries[1]?.sealed ?? '',
    );
    expect(payload).toMatchObject({ address: email, smtpResponse: '250 2.0.0 OK' });
    expect(verifyChain(entries, contact?.head)).toMatchObject({ ok: true });
    expect(contact?.permissions['nordlicht#newsletter']?.status).toBe('granted');
  });

  test('E1 after a confirmed opt-in is a later entry too, and the link still confirms', async () => {
    const email = 'event@example.com';
    const { token, about } = await mailed(email, inGermany);
    await receiveEvent(deps, delivery(about));
    await receiveEvent(deps, delivery(about));
    expect((await entriesOf(email)).map(({ type }) => type)).toEqual(['granted', 'delivery']);
    await expect(confirm(token)).resolves.toMatchObject({ kind: 'confirmed' });
    await receiveEvent(deps, delivery(about));
    const entries = await entriesOf(email);
    expect(entries.map(({ type }) => type)).toEqual(['granted', 'delivery', 'granted']);
    expect(entries[2]?.mail?.deliveredAt).toBe(about.at);
  });

  test('of another mail with the same request (S7 sent twice) is not taken for the one that evidence names', async () => {
    const email = 'double@example.com';
    system.answers.push(sdkError('TimeoutError'));
    await signUp(email);
    await work();
    advanceClock(10 * MINUTE + SECOND);
    system.answers.push({ messageId: 'ses-second' });
    await system.look(email);
    const sendId = mailsTo(email)[0]?.tags['sendId'];
    const about = { at: now(), sentAt: now(), tenant: CONTROLLER, sendId, recipients: [email] };
    await receiveEvent(deps, delivery({ ...about, messageId: 'ses-first' }));
    const known = await progressOf(email);
    expect(known).toMatchObject({ state: 'sent', mail: { messageId: 'ses-second' } });
    expect(known?.state === 'sent' && known.mail.deliveredAt).toBeUndefined();
    const at = plus(now(), SECOND);
    await receiveEvent(deps, delivery({ ...about, at, messageId: 'ses-second' }));
    expect(await progressOf(email)).toMatchObject({ mail: { deliveredAt: at } });
  });
});

describe('V4 a complaint', () => {
  test('withdraws all e-mail uses, asked for or not, leaves data uses and closes the address', async () => {
    const email = 'hurt@example.com';
    const { token, about } = await mailed(email, { uses: ['newsletter', 'tracking'] });
    await confirm(token);
    await receiveEvent(deps, complaint(about, { at: plus(now(), SECOND) }));
    expect((await statusesOf(email)).sort()).toEqual([
      'nordlicht#event-invitation withdrawn',
      'nordlicht#newsletter withdrawn',
      'nordlicht#product-information withdrawn',
      'nordlicht#sales-email withdrawn',
      'nordlicht#tracking granted',
    ]);
    expect(await reasonOf(email)).toBe('complaint');
    const entries = await entriesOf(email);
    expect(entries.at(-1)).toMatchObject({ type: 'withdrawn', route: 'complaint' });
    await receiveEvent(deps, complaint(about, { at: plus(now(), SECOND) }));
    expect(await entriesOf(email)).toHaveLength(entries.length);
  });

  test('a newer grant survives an old complaint', async () => {
    const email = 'renewed@example.com';
    const { token, about } = await mailed(email);
    advanceClock(DAY);
    await confirm(token);
    await receiveEvent(deps, complaint(about));
    expect((await contactOf(email))?.permissions['nordlicht#newsletter']?.status).toBe('granted');
  });

  test('“not spam” is none', async () => {
    const email = 'notspam@example.com';
    const { token, about } = await mailed(email);
    await confirm(token);
    await receiveEvent(deps, complaint(about, { at: plus(now(), DAY), feedbackType: 'not-spam' }));
    expect(await statusesOf(email)).toEqual(['nordlicht#newsletter granted']);
    expect(await reasonOf(email)).toBe('none');
  });

  test('about somebody who never confirmed closes the address alone', async () => {
    const email = 'never@example.com';
    const { about } = await mailed(email);
    await receiveEvent(deps, complaint(about));
    expect(await contactOf(email)).toBeUndefined();
    expect(await reasonOf(email)).toBe('complaint');
  });
});

describe('V3 a bounce', () => {
  test('hard: closes the address and changes no permission', async () => {
    const email = 'hard@example.com';
    const { token, about } = await mailed(email);
    await confirm(token);
    await receiveEvent(deps, bounce({ ...about, at: plus(now(), SECOND) }, 'Permanent', 'NoEmail'));
    expect(await statusesOf(email)).toEqual(['nordlicht#newsletter granted']);
    expect(await reasonOf(email)).toBe('hard-bounce');
  });

  test('the fifth soft one closes the address, a fifth telling of the same one does not', async () => {
    const email = 'soft@example.com';
    const { about } = await mailed(email);
    const first = bounce(about, 'Transient', 'MailboxFull');
    for (let times = 0; times < 5; times += 1) await receiveEvent(deps, first);
    expect(await reasonOf(email)).toBe('none');
    for (let times = 0; times < 4; times += 1) {
      await receiveEvent(deps, bounce(about, 'Transient', 'MailboxFull'));
    }
    expect(await reasonOf(email)).toBe('soft-bounces');
  });

  test('B2 for our own fault leaves the address alone and calls somebody', async () => {
    const email = 'fault@example.com';
    const { about } = await mailed(email);
    await receiveEvent(deps, bounce(about, 'Permanent', 'General', 'smtp; 550 5.7.515 Access denied'));
    expect(await reasonOf(email)).toBe('none');
    expect(
      lines.some(({ event, effect }) => event === 'bounce-needs-attention' && effect === 'auth-fault'),
    ).toBe(true);
  });

  test('of somebody who unsubscribed with SES withdraws', async () => {
    const email = 'ses-list@example.com';
    const { token, about } = await mailed(email);
    await confirm(token);
    const later = { ...about, at: plus(now(), SECOND) };
    await receiveEvent(deps, bounce(later, 'Permanent', 'UnsubscribedRecipient'));
    expect((await contactOf(email))?.permissions['nordlicht#newsletter']?.status).toBe('withdrawn');
  });
});

describe('what changes nothing', () => {
  const tables = async () => Promise.all((['contacts', 'ledger', 'outbox'] as const).map(system.dump));

  test('mail without our tags, also to people we know', async () => {
    const { token, about } = await mailed('foreign@example.com');
    await confirm(token);
    const before = await tables();
    const untagged = { ...about, tenant: undefined, sendId: undefined, at: plus(now(), SECOND) };
    for (const event of [
      { ...complaint(about), ...untagged },
      { ...bounce(about, 'Permanent', 'General'), ...untagged },
      { ...delivery(about), ...untagged },
    ]) {
      await receiveEvent(deps, event);
    }
    expect(await tables()).toEqual(before);
  });

  test('delay, open, click, subscription, and a send id of nobody', async () => {
    const { about } = await mailed('nothing@example.com');
    const before = await tables();
    const events: SesEvent[] = [
      { kind: 'delay', delayType: 'MailboxFull', ...about },
      { kind: 'open', ...about },
      { kind: 'click', link: 'https://www.nordlicht.example/', ...about },
      { kind: 'subscription', ...about },
      { kind: 'send', ...about, sendId: `s_nordlicht_${'0'.repeat(32)}_${'0'.repeat(32)}` },
      { kind: 'send', ...about, sendId: 'm_nobody' },
      { kind: 'send', ...about, sendId: '../../etc' },
    ];
    for (const event of events) await receiveEvent(deps, event);
    expect(await tables()).toEqual(before);
  });

  test('a rejection by SES is alarmed', async () => {
    const { about } = await mailed('virus@example.com');
    await receiveEvent(deps, { kind: 'reject', reason: 'Bad content', ...about });
    expect(lines.some(({ event, level }) => event === 'mail-refused-by-ses' && level === 'error')).toBe(true);
    expect(JSON.stringify(lines)).not.toContain('virus@example.com');
  });
});
