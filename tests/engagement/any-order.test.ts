import fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';

import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import type { SesEvent } from '../../shared/outbox/ses-event.ts';
import { HOUR, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { captureLog, openTestSystem, resetClock } from '../support/system.ts';
import { LINK, click, delivery, open, openMailing } from './tracked-mailing.ts';
import type { Mailed } from './tracked-mailing.ts';

const system = await openTestSystem();
const { mailTo, receive, eventsOf, scans } = openMailing(system);
afterAll(() => {
  resetClock();
  vi.restoreAllMocks();
});
captureLog();

// Later than all grants of this file, so that each run may use the same instants.
const START = plus(now(), HOUR);
const at = (seconds: number) => plus(START, seconds * SECOND);

/** Everything that becomes of one mail: a scanner, a person, a full mailbox, a complaint. */
const STREAM: readonly ((mailed: Mailed) => SesEvent)[] = [
  ({ about }) => ({ kind: 'send', ...about, at: at(0) }),
  (mailed) => delivery(mailed, at(1)),
  (mailed) => open(mailed, at(2), { userAgent: 'Mozilla/5.0' }),
  (mailed) => click(mailed, at(2)),
  (mailed) => click(mailed, at(2), { link: `${LINK}#trap`, hidden: true }),
  (mailed) => click(mailed, at(300)),
  ({ about }) => ({
    kind: 'bounce',
    ...about,
    at: at(400),
    bounceType: 'Transient',
    bounceSubType: 'MailboxFull',
    feedbackId: `b-${about.messageId}`,
    bounced: about.recipients.map((recipient) => ({
      recipient,
      status: undefined,
      diagnosticCode: undefined,
    })),
  }),
  ({ about }) => ({
    kind: 'complaint',
    ...about,
    at: at(500),
    feedbackId: `c-${about.messageId}`,
    feedbackType: 'abuse',
    subType: undefined,
  }),
];
/** All of them, in any order, each once or a few times. */
const anyOrder = fc
  .array(fc.nat(STREAM.length - 1), { maxLength: 8 })
  .chain((again) =>
    fc.shuffledSubarray([...STREAM.keys(), ...again], { minLength: STREAM.length + again.length }),
  );

let runs = 0;
async function stateAfter(order: readonly number[]) {
  const email = `anna@ordnung-${(runs += 1)}.example`;
  const mailed = await mailTo(email);
  const known = new Set((await scans()).map(({ pk }) => pk));
  for (const index of order) {
    const event = STREAM[index]?.(mailed);
    if (!event) throw new Error('no event');
    await receiveEvent(system.deps, event);
    await receive(event);
  }
  const { contactId, about } = mailed;
  const events = (await eventsOf(contactId)).map(({ mail, ...event }) => ({
    ...event,
    id: '',
    contactId: '',
    mail: { ...mail, sendId: mail?.sendId === about.sendId, messageId: mail?.messageId === about.messageId },
  }));
  const history = (await scans()).filter(({ pk }) => !known.has(pk));
  const contact = await system.contactOf(email);
  return {
    events: events.map((event) => JSON.stringify(event)).toSorted(),
    history: history.map(({ messages, expiresAt }) => [messages instanceof Set && messages.size, expiresAt]),
    permissions: Object.entries(contact?.permissions ?? {})
      .map(([place, { status }]) => `${place} ${status}`)
      .toSorted(),
    suppression: JSON.stringify((await system.pointerOf(email))?.suppression).replaceAll(
      about.messageId,
      'id',
    ),
  };
}

test('V7 in any order and any number of times the same news ends in the same state', async () => {
  const straight = await stateAfter([...STREAM.keys()]);
  expect(straight.events).toHaveLength(5);
  expect(straight.history).toEqual([[1, expect.any(Number)]]);
  expect(straight.permissions).toContain('nordlicht#tracking granted');
  expect(straight.permissions).toContain('nordlicht#newsletter withdrawn');
  await fc.assert(
    fc.asyncProperty(anyOrder, async (order) => {
      expect(await stateAfter(order)).toEqual(straight);
    }),
    { numRuns: 40 },
  );
}, 120_000);
