import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { applyNews } from '../../shared/contacts/suppression.ts';
import type { Suppression } from '../../shared/contacts/suppression.ts';
import { classifyBounce, classifyComplaint, suppressionNews } from '../../shared/outbox/bounce-rules.ts';
import { parseSesEvent, parseSqsRecord } from '../../shared/outbox/ses-event.ts';
import type { SesEvent } from '../../shared/outbox/ses-event.ts';

function fixture(name: string): SesEvent {
  const event = parseSesEvent(
    parseSqsRecord(readFileSync(new URL(`../events/ses-${name}.json`, import.meta.url), 'utf8')),
  );
  if (event.kind === 'unknown') throw new Error(`${name} was not recognised`);
  return event;
}

describe('V3 each kind of bounce has its effect', () => {
  test.each([
    ['Permanent', 'General', 'suppress', 'none'],
    ['Permanent', 'NoEmail', 'suppress', 'none'],
    ['Permanent', 'Suppressed', 'suppress', 'none'],
    ['Permanent', 'OnAccountSuppressionList', 'suppress', 'none'],
    ['Permanent', 'UnsubscribedRecipient', 'revoke', 'none'],
    ['Permanent', 'GoneFishing', 'suppress', 'alarm'],
    ['Transient', 'General', 'soft', 'none'],
    ['Transient', 'MailboxFull', 'soft', 'none'],
    ['Transient', 'CustomTimeoutExceeded', 'soft', 'none'],
    ['Transient', 'MessageTooLarge', 'content-fault', 'alarm'],
    ['Transient', 'ContentRejected', 'content-fault', 'alarm'],
    ['Transient', 'AttachmentRejected', 'content-fault', 'alarm'],
    ['Transient', 'GoneFishing', 'soft', 'review'],
    ['Undetermined', 'Undetermined', 'soft', 'review'],
    ['Undetermined', 'GoneFishing', 'soft', 'review'],
    ['Elastic', 'General', 'soft', 'alarm'],
  ])('%s/%s → %s, attention: %s', (bounceType, bounceSubType, effect, attention) => {
    expect(classifyBounce({ bounceType, bounceSubType })).toEqual({ effect, attention });
  });
});

describe('B2 a receiver that refuses our authentication never closes an address', () => {
  test.each([
    'smtp; 550 5.7.515 Access denied, sending domain does not meet the required authentication level',
    'smtp; 550-5.7.26 This mail has been blocked because the sender is unauthenticated.',
    'smtp; 421 4.7.26 unauthenticated',
    'smtp; 550 5.7.20 no passing DKIM signature',
  ])('%s', (diagnosticCode) => {
    for (const bounceType of ['Permanent', 'Transient', 'Undetermined']) {
      const verdict = classifyBounce({ bounceType, bounceSubType: 'General', diagnosticCode });
      expect(verdict).toEqual({ effect: 'auth-fault', attention: 'alarm' });
    }
  });

  test('the enhanced status alone tells it too', () => {
    expect(
      classifyBounce({ bounceType: 'Permanent', bounceSubType: 'General', status: '5.7.26' }).effect,
    ).toBe('auth-fault');
  });

  test.each([
    'smtp; 550 5.1.1 user unknown',
    'smtp; 550 5.7.1 blocked',
    'smtp; 554 5.7.261',
    'from 10.5.7.26',
    '5.7.26.4',
  ])('not so %s', (diagnosticCode) => {
    expect(classifyBounce({ bounceType: 'Permanent', bounceSubType: 'General', diagnosticCode }).effect).toBe(
      'suppress',
    );
  });
});

describe('V4 a complaint is an objection', () => {
  test.each([
    ['abuse', 'objection'],
    ['auth-failure', 'objection'],
    ['fraud', 'objection'],
    ['virus', 'objection'],
    ['other', 'objection'],
    [undefined, 'objection'],
    ['something-new', 'objection'],
    ['not-spam', 'ignore'],
  ] as const)('%s → %s', (feedbackType, effect) => {
    expect(classifyComplaint({ feedbackType })).toBe(effect);
  });
});

describe('what an event says about an address', () => {
  const about = (event: SesEvent) => suppressionNews(event).map(({ news }) => news);

  test.each(['send', 'reject', 'delivery-delay', 'open', 'click', 'rendering-failure', 'subscription'])(
    'V5 %s says nothing',
    (name) => expect(suppressionNews(fixture(name))).toEqual([]),
  );

  test('bounce, delivery and complaint are told per recipient', () => {
    expect(suppressionNews(fixture('bounce'))).toEqual([
      {
        recipient: 'anna.berger@example.de',
        news: { kind: 'hard-bounce', at: '2026-11-22T07:25:02.000Z', reason: 'Permanent/NoEmail' },
      },
    ]);
    expect(about(fixture('bounce-notification'))).toMatchObject([
      { kind: 'soft-bounce', id: /^010701a0c5d1f111/ },
    ]);
    expect(about(fixture('delivery'))).toEqual([{ kind: 'delivery', at: '2026-11-22T07:25:01.402Z' }]);
    expect(about(fixture('complaint'))).toEqual([{ kind: 'complaint', at: '2026-11-22T09:00:00.000Z' }]);
  });

  test('a complaint of not-spam and a bounce that is our fault say nothing', () => {
    const [complaint, bounce] = [fixture('complaint'), fixture('bounce')];
    if (complaint.kind !== 'complaint' || bounce.kind !== 'bounce') throw new Error('wrong fixtures');
    expect(about({ ...complaint, feedbackType: 'not-spam' })).toEqual([]);
    expect(about({ ...bounce, bounceType: 'Transient', bounceSubType: 'MessageTooLarge' })).toEqual([]);
  });
});

test('V7 every order and repetition of one mail’s life ends in the same state', () => {
  const life = [
    'send',
    'delivery-delay',
    'bounce-notification',
    'delivery',
    'open',
    'click',
    'bounce',
    'complaint',
  ].map(fixture);
  const end = (events: SesEvent[]) =>
    events
      .flatMap(suppressionNews)
      .reduce<Suppression | undefined>((state, { news }) => applyNews(state, news), undefined);
  const expected = end(life);
  expect(expected).toMatchObject({ hard: {}, complaint: {}, deliveredAt: '2026-11-22T07:25:01.402Z' });
  const toldAgain = fc
    .subarray(life)
    .chain((repeated) =>
      fc.shuffledSubarray([...life, ...repeated], { minLength: life.length + repeated.length }),
    );
  fc.assert(
    fc.property(toldAgain, (events) => {
      expect(end(events)).toEqual(expected);
    }),
    { numRuns: 1_000 },
  );
});
