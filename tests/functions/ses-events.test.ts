import { readFile } from 'node:fs/promises';

import { afterAll, expect, test } from 'vitest';

import { toNotification, toVisitNotification } from '../../infra/local/ses-event.ts';
import type { Mail } from '../../infra/local/mailbox.ts';
import type { Intent } from '../../shared/decision/reserve.ts';
import { MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { agreed, decideOne, makePerson } from '../decision/people.ts';
import { CONTROLLER, resetClock } from '../support/system.ts';
import { openLambda, sqsEvent } from './lambda.ts';

const system = await openLambda();
const { handler } = await import('../../functions/ses-events.ts');
afterAll(resetClock);

const fixture = async (name: string) =>
  JSON.parse(await readFile(new URL(`../events/${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;

/** The recorded complaint, about a mail of ours. */
async function complaintOf(email: string): Promise<string> {
  const event = await fixture('ses-complaint');
  const mail = { ...(event['mail'] as object), tags: { tenant: [CONTROLLER] }, destination: [email] };
  const complaint = { ...(event['complaint'] as object), complainedRecipients: [{ emailAddress: email }] };
  return JSON.stringify({ ...event, mail, complaint });
}
const complained = async (email: string) =>
  (await system.pointerOf(email))?.suppression?.complaint !== undefined;

test('V6 every recorded event of SES is taken, in its SNS envelope and raw', async () => {
  const names = [
    'bounce',
    'bounce-extra-keys',
    'bounce-notification',
    'click',
    'click-extra-keys',
    'complaint',
    'delivery',
    'delivery-delay',
    'open',
    'open-bot',
    'reject',
    'rendering-failure',
    'send',
    'subscription',
  ];
  const raw = await Promise.all(names.map(async (name) => JSON.stringify(await fixture(`ses-${name}`))));
  const wrapped = raw.map((Message) => JSON.stringify({ Type: 'Notification', Message }));
  await expect(handler(await sqsEvent([...raw, ...wrapped]))).resolves.toEqual({ batchItemFailures: [] });
});

test('V11 an open and a click of a mailing, as SES reports them, become engagement', async () => {
  const { deps, dump } = system;
  const { id } = await makePerson(deps, 'leser@firma.example', [agreed('newsletter'), agreed('tracking')]);
  const intent: Intent = { kind: 'record', channel: 'email', mailing: 'november', topics: ['drives'] };
  const { sendId = '' } = await decideOne(deps, id, { intent });
  const mail: Mail = {
    ...{ messageId: 'ses-november', at: now(), from: 'news@nordlicht.example', to: 'leser@firma.example' },
    ...{ subject: 'Neues', html: '', text: '', headers: {}, configurationSet: 'assent-service' },
    tags: { tenant: CONTROLLER, purpose: 'newsletter', mailing: 'november', sendId, links: '5' },
  };
  const seen = { at: plus(now(), MINUTE), ipAddress: '203.0.113.7', userAgent: 'Mozilla/5.0 (X11; Linux)' };
  const told = [
    toNotification('Delivery', mail),
    toVisitNotification(mail, seen),
    toVisitNotification(mail, { ...seen, link: 'https://www.nordlicht.example/', linkTags: { trap: ['1'] } }),
  ];
  const event = await sqsEvent([...told, ...told]);
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [] });
  const stored = (await dump('engagement')).filter(({ sk }) => sk.startsWith('EVT#'));
  expect(stored.map(({ pk, type }) => `${pk} ${String(type)}`).toSorted()).toEqual([
    `C#${id} click`,
    `C#${id} delivered`,
    `C#${id} open`,
  ]);
  expect(stored.find(({ type }) => type === 'click')?.['mail']).toMatchObject({ hidden: true, links: 5 });
});

test('V6 one bad record is named, the others are done', async () => {
  const bodies = [
    await complaintOf('one@example.com'),
    '{"eventType":"Bounce"}',
    await complaintOf('two@example.com'),
  ];
  const event = await sqsEvent(bodies);
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: 'm-2' }] });
  expect(await complained('one@example.com')).toBe(true);
  expect(await complained('two@example.com')).toBe(true);
});

test('V6 text that is no JSON is named too', async () => {
  const event = await sqsEvent(['{', 'hello']);
  await expect(handler(event)).resolves.toEqual({
    batchItemFailures: [{ itemIdentifier: 'm-1' }, { itemIdentifier: 'm-2' }],
  });
});

test('an event that SES adds one day, and its greeting to a new topic, are let pass', async () => {
  const send = await fixture('ses-send');
  const greeting = 'Successfully validated SNS topic for Amazon SES event publishing.';
  const event = await sqsEvent([
    JSON.stringify({ ...send, eventType: 'Teleported' }),
    JSON.stringify({ Type: 'Notification', Message: greeting }),
  ]);
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [] });
});
