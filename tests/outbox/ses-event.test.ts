import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { eventKey, parseSesEvent, parseSqsRecord } from '../../shared/outbox/ses-event.ts';

function fixture(name: string): Record<string, object> {
  return JSON.parse(readFileSync(new URL(`../events/ses-${name}.json`, import.meta.url), 'utf8'));
}

function known(name: string) {
  const event = parseSesEvent(fixture(name));
  if (event.kind === 'unknown') throw new Error(`${name} was not recognised`);
  return event;
}

const RECIPIENT = 'anna.berger@example.de';
const SENT = '2026-11-22T07:25:00.118Z';
const common = {
  messageId: '010701a0c5d1e2f3-4a5b6c7d-0001-4e8f-9a0b-1c2d3e4f5a6b-000000',
  sentAt: SENT,
  tenant: 'muster-technik',
  sendId: 's_acme_0f3c5a7e9b1d2f4a6c8e0b2d4f6a8c0e_7d1e3f5a9b2c4d6e8f0a1b3c5d7e9f0a',
  recipients: [RECIPIENT],
};

describe('V2 each event of SES is read in our words', () => {
  test.each([
    ['send', { kind: 'send', at: SENT }],
    [
      'delivery',
      { kind: 'delivery', at: '2026-11-22T07:25:01.402Z', smtpResponse: '250 2.0.0 OK 1795332301 queued' },
    ],
    [
      'bounce',
      {
        kind: 'bounce',
        at: '2026-11-22T07:25:02.000Z',
        bounceType: 'Permanent',
        bounceSubType: 'NoEmail',
        feedbackId: '010701a0c5d1f000-11111111-2222-4333-8444-555555555555-000000',
        bounced: [
          { recipient: RECIPIENT, status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 no such mailbox' },
        ],
      },
    ],
    [
      'complaint',
      {
        kind: 'complaint',
        at: '2026-11-22T09:00:00.000Z',
        feedbackId: '010701a0c5d1f222-11111111-2222-4333-8444-777777777777-000000',
        feedbackType: 'abuse',
        subType: undefined,
      },
    ],
    ['reject', { kind: 'reject', at: SENT, reason: 'Bad content' }],
    ['delivery-delay', { kind: 'delay', at: '2026-11-22T07:40:00.000Z', delayType: 'MailboxFull' }],
    ['open', { kind: 'open', at: '2026-11-22T07:31:10.020Z', ip: '203.0.113.5', userAgent: 'Mozilla/5.0' }],
    [
      'open-bot',
      {
        kind: 'open',
        at: '2026-11-22T07:31:10.020Z',
        ip: '172.226.20.9',
        userAgent: 'Mozilla/5.0',
        bot: 'Likely',
      },
    ],
    [
      'click',
      {
        kind: 'click',
        at: '2026-11-22T07:31:20.350Z',
        ip: '203.0.113.5',
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
        link: 'https://www.muster.example/pumps',
      },
    ],
    ['rendering-failure', { kind: 'failure', at: SENT, templateName: 'welcome' }],
    ['subscription', { kind: 'subscription', at: '2026-11-22T10:00:00.500Z' }],
  ])('%s', (name, expected) => {
    expect(parseSesEvent(fixture(name))).toEqual({ ...common, ...expected });
  });

  test('a feedback notification says notificationType, has no tags and other time offsets', () => {
    const event = known('bounce-notification');
    expect(event).toMatchObject({
      kind: 'bounce',
      at: '2026-11-23T07:25:02.000Z',
      bounceSubType: 'MailboxFull',
    });
    expect(event).toMatchObject({ tenant: undefined, sendId: undefined });
  });
});

describe('V1 what SES may add does no harm', () => {
  test('unknown keys and unknown sub-types pass', () => {
    expect(known('bounce-extra-keys')).toMatchObject({ kind: 'bounce', bounceSubType: 'GoneFishing' });
  });

  test('V10 a word about bots that we do not know is no word, and tags of mail and link are read', () => {
    expect(known('click-extra-keys')).toEqual({
      ...common,
      kind: 'click',
      at: '2026-11-22T07:33:02.100Z',
      ip: '2a01:599:812:4f3e::1',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
      link: 'https://www.muster.example/',
      links: 7,
      hidden: true,
    });
  });

  test.each([null, {}, 'none', { trap: 'yes' }])('link tags %j hide no link', (linkTags) => {
    const { click, ...event } = fixture('click');
    expect(parseSesEvent({ ...event, click: { ...click, linkTags } })).not.toHaveProperty('hidden');
  });

  test.each(['0', '-3', 'seven', '99999', ''])('%j is no number of links', (links) => {
    const { mail, ...event } = fixture('click');
    const tagged = parseSesEvent({ ...event, mail: { ...mail, tags: { links: [links] } } });
    expect(tagged).not.toHaveProperty('links');
  });

  test('a visitor of whom nothing is told, or nonsense, is let pass', () => {
    const { open, ...event } = fixture('open');
    const strange = { ...open, ipAddress: 7, userAgent: null, isBotEvent: { maybe: true } };
    const read = parseSesEvent({ ...event, open: strange });
    expect(read).toMatchObject({ kind: 'open' });
    for (const name of ['ip', 'userAgent', 'bot']) expect(read).not.toHaveProperty(name);
  });

  test('an unknown event type is named, not refused', () => {
    expect(parseSesEvent({ ...fixture('send'), eventType: 'Teleported' })).toEqual({
      kind: 'unknown',
      type: 'Teleported',
    });
  });

  test('the names of object members are no event types', () => {
    expect(parseSesEvent({ eventType: 'constructor' })).toEqual({ kind: 'unknown', type: 'constructor' });
  });

  test('the greeting of a newly connected topic is no failure', () => {
    const greeting = 'Successfully validated SNS topic for Amazon SES event publishing.';
    expect(
      parseSesEvent(parseSqsRecord(JSON.stringify({ Type: 'Notification', Message: greeting }))),
    ).toEqual({
      kind: 'unknown',
      type: 'topic-validated',
    });
  });

  test.each([
    ['no event at all', { hello: 'world' }],
    ['text', 'hello'],
    ['nothing', undefined],
    ['a bounce without its recipients', { ...fixture('bounce'), bounce: { bounceType: 'Permanent' } }],
    ['a delivery at no instant', { ...fixture('delivery'), delivery: { timestamp: 'soon', recipients: [] } }],
    ['a send of no message', { ...fixture('send'), mail: { timestamp: SENT } }],
  ])('%s throws, so that the record goes to the failure queue', (_, json) => {
    expect(() => parseSesEvent(json)).toThrow(z.ZodError);
  });
});

describe('V6 the event is taken out of the SQS message', () => {
  test('in the envelope of SNS', () => {
    expect(parseSqsRecord(JSON.stringify(fixture('sns-envelope')))).toEqual(fixture('delivery'));
  });

  test('with raw message delivery', () => {
    expect(parseSqsRecord(JSON.stringify(fixture('delivery')))).toEqual(fixture('delivery'));
  });

  test('a body or a message that is broken JSON throws', () => {
    expect(() => parseSqsRecord('{')).toThrow(SyntaxError);
    expect(() => parseSqsRecord(JSON.stringify({ Type: 'Notification', Message: '{"eventType":' }))).toThrow(
      SyntaxError,
    );
  });
});

describe('V7 an event has one name however often it is told', () => {
  const names = ['send', 'delivery', 'bounce', 'complaint', 'reject', 'delivery-delay', 'open', 'click'];

  test('different events have different names', () => {
    expect(new Set(names.map((name) => eventKey(known(name)))).size).toBe(names.length);
  });

  test('feedback is named by its id, also when SES enriches it later', () => {
    const bounce = known('bounce');
    expect(eventKey({ ...bounce, at: '2026-11-22T08:00:00.000Z' })).toBe(eventKey(bounce));
  });

  test('two links clicked in the same instant are two clicks', () => {
    const click = known('click');
    if (click.kind !== 'click') throw new Error('not a click');
    expect(eventKey({ ...click, link: 'https://www.muster.example/valves' })).not.toBe(eventKey(click));
  });
});
