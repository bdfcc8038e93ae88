import { readFile } from 'node:fs/promises';

import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

import { HOUR, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { publishEntry } from '../../shared/outbox/publish-entry.ts';
import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import { sendOutboxMail } from '../../shared/outbox/send-mail.ts';
import { parseSesEvent } from '../../shared/outbox/ses-event.ts';
import type { SesEvent } from '../../shared/outbox/ses-event.ts';
import { readMail } from '../../shared/outbox/store.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { CONTROLLER, linkIn, openTestSystem, resetClock, sdkError } from '../support/system.ts';

const system = await openTestSystem();
const { deps, signUp, mailsTo, pendingOf, contactOf } = system;
afterAll(resetClock);

/** When the mails of all runs were sent: what the events say is the same in each. */
const SENT = plus(now(), HOUR);
const fixture = async (name: string) =>
  JSON.parse(await readFile(new URL(`../events/ses-${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    Record<string, unknown>
  >;
const fixtures = {
  send: await fixture('send'),
  delivery: await fixture('delivery'),
  bounce: await fixture('bounce'),
  complaint: await fixture('complaint'),
};

/** One thing that SES tells, by its fixture, of the confirmation mail or of the welcome mail. */
type Told = { what: keyof typeof fixtures; of: 'confirmation' | 'welcome'; after: number; more?: object };
const LIFE: Record<string, Told> = {
  send: { what: 'send', of: 'confirmation', after: 0 },
  delivery: { what: 'delivery', of: 'confirmation', after: SECOND },
  'soft bounce': {
    what: 'bounce',
    of: 'welcome',
    after: 3 * SECOND,
    more: { bounceType: 'Transient', bounceSubType: 'MailboxFull', feedbackId: 'soft-1' },
  },
  complaint: { what: 'complaint', of: 'confirmation', after: HOUR },
  bounce: { what: 'bounce', of: 'confirmation', after: 2 * HOUR },
  'welcome sent': { what: 'send', of: 'welcome', after: 2 * SECOND },
  'late delivery': { what: 'delivery', of: 'welcome', after: 3 * HOUR },
};

type Case = 'unconfirmed' | 'unsure' | 'confirmed' | 'confirmed opt-in';
const TIMEOUT = () => sdkError('TimeoutError');
let people = 0;

/** Brings a new person to where the events find them; answers the address and the ids their mails carry. */
async function arrive(how: Case): Promise<{ email: string; sendIds: Record<Told['of'], string> }> {
  const email = `p${(people += 1)}@example.com`;
  system.answers.push(how === 'unsure' ? TIMEOUT() : { messageId: 'ses-confirmation' });
  await signUp(email, how === 'confirmed opt-in' ? { form: 'open-house', fields: { country: 'DE' } } : {});
  await system.look(email);
  const [requestId = ''] = (await pendingOf(email))?.requests.keys() ?? [];
  if (how === 'confirmed') {
    await system.confirm(linkIn(mailsTo(email)[0], 'confirm'));
    system.answers.push({ messageId: 'ses-welcome' });
    const id = (await contactOf(email))?.id ?? '';
    for (const entry of await readEntries(deps.db, id)) await publishEntry(deps, entry);
    await sendOutboxMail(deps, `w-${id}-1`);
  }
  const welcome = `m_w-${(await contactOf(email))?.id ?? 'nobody'}-1`;
  return {
    email,
    sendIds: { confirmation: `s_nordlicht_${await system.keyOf(email)}_${requestId}`, welcome },
  };
}

function toEvent({ what, of, after, more }: Told, email: string, sendId: string): SesEvent {
  const base = structuredClone(fixtures[what]);
  const detail: Record<string, unknown> = { timestamp: plus(SENT, after), ...more };
  const people = [{ emailAddress: email }];
  const event = parseSesEvent({
    ...base,
    mail: {
      ...base['mail'],
      timestamp: SENT,
      messageId: `ses-${of}`,
      destination: [email],
      tags: { tenant: [CONTROLLER], sendId: [sendId] },
    },
    ...(what === 'delivery' ? { delivery: { ...base['delivery'], ...detail, recipients: [email] } } : {}),
    ...(what === 'bounce' ? { bounce: { ...base['bounce'], ...detail, bouncedRecipients: people } } : {}),
    ...(what === 'complaint'
      ? { complaint: { ...base['complaint'], ...detail, complainedRecipients: people } }
      : {}),
  });
  if (event.kind === 'unknown') throw new Error('not an event of SES');
  return event;
}

/** What is true of a person, without ids and the instants of our own acts. */
async function stateOf(email: string, welcomeId: string) {
  const contact = await contactOf(email);
  const [progress] = (await pendingOf(email))?.progress.values() ?? [];
  const entries = contact ? await readEntries(deps.db, contact.id) : [];
  const welcome = await readMail(deps.db, welcomeId);
  const mailOf = (from: object | undefined) => {
    const mail = from && 'mail' in from ? (from.mail as { messageId?: string; deliveredAt?: string }) : from;
    const { messageId, deliveredAt } = (mail ?? {}) as { messageId?: string; deliveredAt?: string };
    return { messageId, deliveredAt };
  };
  expect(verifyChain(entries, contact?.head).ok).toBe(true);
  return {
    permissions: Object.fromEntries(
      Object.entries(contact?.permissions ?? {}).map(([key, { status }]) => [key, status]),
    ),
    suppression: (await system.pointerOf(email))?.suppression,
    signup: { state: progress?.state, ...mailOf(progress) },
    welcome: { state: welcome?.progress.state, ...mailOf(welcome?.progress) },
    evidence: entries.map(({ type }) => type).sort(),
  };
}

async function live(how: Case, told: readonly string[]) {
  const { email, sendIds } = await arrive(how);
  for (const name of told) {
    const one = LIFE[name];
    if (one) await receiveEvent(deps, toEvent(one, email, sendIds[one.of]));
  }
  return stateOf(email, sendIds.welcome.slice(2));
}

describe('V7 every order and repetition of what SES tells ends in the same state', () => {
  const names = Object.keys(LIFE);
  const shuffled = fc.subarray(names, { minLength: 2 }).chain((told) =>
    fc.tuple(
      fc.constant(told),
      fc
        .subarray(told)
        .chain((again) =>
          fc.shuffledSubarray([...told, ...again], { minLength: told.length + again.length }),
        ),
    ),
  );

  test.each<Case>(['confirmed', 'unconfirmed', 'unsure', 'confirmed opt-in'])('%s', async (how) => {
    const inOrder = new Map<string, ReturnType<typeof live>>();
    await fc.assert(
      fc.asyncProperty(shuffled, async ([told, order]) => {
        const key = told.join();
        const expected = inOrder.get(key) ?? live(how, told);
        inOrder.set(key, expected);
        expect(await live(how, order)).toEqual(await expected);
      }),
      { numRuns: 12, examples: [[[names, [...names].reverse()]], [[names, [...names, ...names]]]] },
    );
  });
});

test('V7 a complaint stands, whatever is delivered later, and a delivery never lifts a bounce', async () => {
  const { email, sendIds } = await arrive('confirmed');
  for (const name of ['late delivery', 'complaint', 'bounce', 'delivery', 'late delivery']) {
    const one = LIFE[name];
    if (one) await receiveEvent(deps, toEvent(one, email, sendIds[one.of]));
  }
  const state = await stateOf(email, sendIds.welcome.slice(2));
  expect(state.permissions).toEqual({
    'nordlicht#newsletter': 'withdrawn',
    'nordlicht#event-invitation': 'withdrawn',
    'nordlicht#product-information': 'withdrawn',
    'nordlicht#sales-email': 'withdrawn',
  });
  expect(state.suppression).toMatchObject({
    complaint: { at: plus(SENT, HOUR) },
    hard: { at: plus(SENT, 2 * HOUR) },
  });
  expect(state.evidence).toEqual(['delivery', 'granted', 'withdrawn']);
});
