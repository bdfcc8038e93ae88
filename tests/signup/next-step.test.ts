import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DAY, HOUR, MINUTE, plus } from '../../shared/platform/clock.ts';
import { nextDue, nextStep } from '../../shared/signup/next-step.ts';
import type { Step } from '../../shared/signup/next-step.ts';
import type { PendingSignup, Progress, SignupRequest } from '../../shared/signup/pending.ts';
import { linkExpiry, purgeAt } from '../../shared/signup/pending.ts';

const START = '2026-11-22T08:00:00.000Z';
const at = (ms: number) => plus(START, ms);

const request: SignupRequest = {
  at: START,
  shownAt: at(-MINUTE),
  form: { id: 'newsletter', version: 1, sha256: '0'.repeat(64) },
  language: 'de',
  address: 'anna@example.com',
  fields: {},
  uses: { newsletter: '0'.repeat(64) },
  topics: ['drives'],
  privacyNotice: { version: '1', url: 'https://www.nordlicht.example/datenschutz' },
  ip: '203.0.113.9',
  userAgent: 'test',
};
const mail = (startedAt = START, sentAt?: string) => ({
  template: 'confirmation@1',
  sha256: '0'.repeat(64),
  startedAt,
  ...(sentAt ? { sentAt } : {}),
});
const click = { kind: 'confirm' as const, click: ['newsletter'], accept: [] };
const accept = { kind: 'confirm' as const, click: [], accept: ['event-invitation'] };

function pendingWith(
  requests: Record<string, SignupRequest>,
  progress: Record<string, Progress> = {},
): PendingSignup {
  return {
    brand: 'nordlicht',
    controller: 'nordlicht-gmbh',
    addressKey: 'a'.repeat(32),
    limitKey: 'b'.repeat(32),
    open: 1,
    dueAt: START,
    requests: new Map(Object.entries(requests)),
    progress: new Map(Object.entries(progress)),
  };
}
const one = (progress?: Progress) => pendingWith({ r: request }, progress ? { r: progress } : {});
const stepAt = (progress: Progress | undefined, ms: number) => nextStep(one(progress), 'r', at(ms));

const deferred: Progress = { state: 'deferred', until: at(15 * MINUTE) };
const retry: Progress = { state: 'retry', until: at(MINUTE), attempt: 1, unsure: 0 };
const sending = (unsure: number): Progress => ({
  state: 'sending',
  plan: click,
  mail: mail(),
  attempt: 1,
  unsure,
});
const sent: Progress = { state: 'sent', plan: click, mail: mail(START, at(2_000)) };
const owed: Progress = { state: 'sent', plan: accept, mail: mail(START, at(2_000)) };
const paid: Progress = { ...owed, granted: { contactId: 'con_1', seq: 1 } };
const closed: Progress = { state: 'closed', as: 'expired', at: at(72 * HOUR) };

describe('what is to be done with a request', () => {
  const table: [string, Progress | undefined, number, Step][] = [
    ['new', undefined, 0, 'send'],
    ['new, 1 ms before 72 h', undefined, 72 * HOUR - 1, 'send'],
    ['new, never looked at in 72 h', undefined, 72 * HOUR, 'give-up'],
    ['deferred, 1 ms too early', deferred, 15 * MINUTE - 1, 'none'],
    ['deferred, now', deferred, 15 * MINUTE, 'send'],
    ['deferred until after 72 h', { state: 'deferred', until: at(80 * HOUR) }, 72 * HOUR, 'give-up'],
    ['retry, 1 ms too early', retry, MINUTE - 1, 'none'],
    ['retry, now', retry, MINUTE, 'send'],
    ['retry, 1 ms before 72 h', retry, 72 * HOUR - 1, 'send'],
    ['retry, after 72 h', retry, 72 * HOUR, 'give-up'],
    ['asked for anew on day 10, 1 ms before 72 h', { ...retry, askedAt: at(10 * DAY) }, 13 * DAY - 1, 'send'],
    ['asked for anew on day 10, after 72 h', { ...retry, askedAt: at(10 * DAY) }, 13 * DAY, 'give-up'],
    [
      'asked for anew on day 10 and deferred',
      { ...deferred, askedAt: at(10 * DAY) },
      10 * DAY + HOUR,
      'send',
    ],
    ['S7 sending, 1 ms before the wait ends', sending(0), 10 * MINUTE - 1, 'none'],
    ['S7 sending, wait over', sending(0), 10 * MINUTE, 'send'],
    ['S7 sending again, 1 ms before the wait ends', sending(1), 10 * MINUTE - 1, 'none'],
    ['S7 sending again, wait over', sending(1), 10 * MINUTE, 'give-up'],
    ['sent, 1 ms before the link ends', sent, 72 * HOUR + 1_999, 'none'],
    ['sent, link over', sent, 72 * HOUR + 2_000, 'expire'],
    ['sent, confirmed opt-in owed', owed, 2_000, 'grant'],
    ['sent, confirmed opt-in owed for days', owed, 5 * DAY, 'grant'],
    ['sent, confirmed opt-in granted', paid, 2_000, 'none'],
    ['sent, confirmed opt-in granted, link over', paid, 72 * HOUR + 2_000, 'expire'],
    ['G13 expired, 1 ms before day 14', closed, 14 * DAY - 1, 'none'],
    ['G13 expired, day 14', closed, 14 * DAY, 'purge'],
    ['G13 new, day 14', undefined, 14 * DAY, 'purge'],
    ['G13 sending, day 14', sending(0), 14 * DAY, 'purge'],
    ['G13 sent, day 14', sent, 14 * DAY, 'purge'],
    ['G13 confirmed opt-in owed, day 14', owed, 14 * DAY, 'purge'],
  ];
  test.each(table)('%s', (_, progress, ms, step) => {
    expect(stepAt(progress, ms)).toBe(step);
  });

  test('nothing, where its data is gone', () => {
    expect(nextStep(pendingWith({}, { r: closed }), 'r', START)).toBe('none');
  });
});

describe('T7 of requests that ask for the same only the newest gets a mail', () => {
  const newer = { ...request, at: at(MINUTE) };
  const steps = (pending: PendingSignup) =>
    ['r', 'n'].map((requestId) => nextStep(pending, requestId, at(20 * MINUTE)));

  test.each<[string, Progress | undefined]>([
    ['new', undefined],
    ['deferred', deferred],
    ['to be retried', retry],
  ])('an older one that is %s gives way', (_, progress) => {
    const pending = pendingWith({ r: request, n: newer }, progress ? { r: progress } : {});
    expect(steps(pending)).toEqual(['supersede', 'send']);
  });

  test('an older one whose mail is out stays', () => {
    expect(steps(pendingWith({ r: request, n: newer }, { r: sent }))).toEqual(['none', 'send']);
  });

  test('of two at the same instant exactly one gives way', () => {
    expect(steps(pendingWith({ r: request, n: request }))).toEqual(['send', 'supersede']);
  });

  test.each([
    ['form', { ...newer, form: { ...newer.form, id: 'open-house' } }],
    ['use', { ...newer, uses: { ...newer.uses, tracking: '1'.repeat(64) } }],
    ['topic', { ...newer, topics: ['service'] }],
  ])('another %s is another request', (_, other) => {
    expect(steps(pendingWith({ r: request, n: other }))).toEqual(['send', 'send']);
  });

  test('the order of uses and topics makes no difference', () => {
    const both = { newsletter: '0'.repeat(64), tracking: '1'.repeat(64) };
    const turned = { tracking: '1'.repeat(64), newsletter: '0'.repeat(64) };
    const old = { ...request, uses: both, topics: ['drives', 'service'] };
    const same = { ...newer, uses: turned, topics: ['service', 'drives'] };
    expect(steps(pendingWith({ r: old, n: same }))).toEqual(['supersede', 'send']);
  });
});

describe('G13 when an item is looked at again', () => {
  test('the earliest instant of all its requests counts', () => {
    const other = { ...request, topics: ['service'] };
    expect(nextDue(pendingWith({ r: request, o: other }, { r: sent, o: deferred }), START)).toBe(
      at(15 * MINUTE),
    );
  });

  test('never again, once no request’s data is kept', () => {
    expect(nextDue(pendingWith({}, { r: closed }), START)).toBeNull();
  });

  const offset = fc.integer({ min: 0, max: 20 * DAY });
  const instant = offset.map(at);
  const tries = { attempt: fc.nat(30), unsure: fc.nat(1) };
  const optional = fc.option(instant, { nil: undefined });
  const anyProgress = fc.oneof(
    fc.constant(undefined),
    fc.record({ until: instant, askedAt: optional }).map((to) => ({ state: 'deferred' as const, ...to })),
    fc
      .record({ until: instant, askedAt: optional, ...tries })
      .map((to) => ({ state: 'retry' as const, ...to })),
    fc
      .record({ plan: fc.constantFrom(click, accept), mail: instant.map((it) => mail(it)), ...tries })
      .map((to) => ({ state: 'sending' as const, ...to })),
    fc
      .record({ plan: fc.constantFrom(click, accept), mail: instant.map((it) => mail(it, it)) })
      .map((to) => ({ state: 'sent' as const, ...to })),
    fc
      .record({ as: fc.constantFrom('expired' as const, 'confirmed' as const), at: instant })
      .map((to) => ({ state: 'closed' as const, ...to })),
  ) as fc.Arbitrary<Progress | undefined>;

  test('always, while a request’s data is kept, and never after day 14', () => {
    const dueInTime = fc.property(anyProgress, offset, (progress, ms) => {
      const due = nextDue(one(progress), at(ms));
      return due !== null && due <= purgeAt(request);
    });
    expect(fc.check(dueInTime, { numRuns: 2_000 })).toMatchObject({ failed: false });
  });

  test('then something happens or a later look is set: no item is woken for ever in vain', () => {
    const useful = fc.property(anyProgress, offset, (progress, ms) => {
      const pending = one(progress);
      const due = nextDue(pending, at(ms)) ?? '';
      fc.pre(due >= at(ms));
      return nextStep(pending, 'r', due) !== 'none' || (nextDue(pending, due) ?? '') > due;
    });
    expect(fc.check(useful, { numRuns: 2_000 })).toMatchObject({ failed: false });
  });
});

describe('G13 how long a link works', () => {
  test.each<[string, Progress | undefined, number]>([
    ['72 h from the sign-up while no mail is out', undefined, 72 * HOUR],
    ['72 h from the attempt while SES’s answer is out', sending(0), 72 * HOUR],
    ['72 h from the mail', sent, 72 * HOUR + 2_000],
    ['72 h from asking anew', { ...retry, askedAt: at(DAY) }, 96 * HOUR],
    ['never after day 14', { ...sent, mail: mail(at(13 * DAY), at(13 * DAY)) }, 14 * DAY],
  ])('%s', (_, progress, ms) => {
    expect(linkExpiry(request, progress)).toBe(at(ms));
  });
});
