import { describe, expect, test } from 'vitest';

import { decide } from '../../shared/decision/decide.ts';
import { REASONS } from '../../shared/decision/decision.ts';
import type { Decision } from '../../shared/decision/decision.ts';
import type { Floor } from '../../shared/decision/legal-floor.ts';
import type { Snapshot } from '../../shared/decision/snapshot.ts';
import { snapshot } from '../../shared/decision/snapshot.ts';
import { PERMISSION_MODELS } from '../../shared/settings/brand.ts';
import { AT, CLOSED_FLOOR, OPEN_FLOOR, WITHDRAWN, blocked, facts, sound, useOf } from './snapshots.ts';

/** One millisecond and one calendar month make all the difference. */
const before = (instant: string) => new Date(Date.parse(instant) - 1).toISOString();
const rest = { permission: undefined } as const;
const partner = useOf('newsletter', { classes: ['partner'] });
const reserved = { at: AT, same: true, until: '2026-11-25T08:15:00.000Z' };
const STOPPED = { since: AT, why: 'bounces' } as const;
const weekly = { count: 1, days: 7, reason: 'frequency', per: 'channel' } as const;

describe('each refusal, what it rests on and what would lift it', () => {
  const later = '2026-12-01T08:00:00.000Z';
  const CASES: [Partial<Snapshot>, Partial<Decision>][] = [
    [{ erased: true }, { reason: 'erased', wouldNeed: ['own-double-opt-in'] }],
    [{ reachable: false }, { reason: 'no-contact-point', wouldNeed: ['contact-point'] }],
    [{ suppressed: 'hard-bounce' }, { reason: 'suppressed', wouldNeed: ['own-double-opt-in'] }],
    [{ suppressed: 'complaint' }, { reason: 'suppressed', wouldNeed: ['staff-release'] }],
    [{ suppressed: 'soft-bounces' }, { reason: 'suppressed', wouldNeed: ['time'] }],
    [{ permission: WITHDRAWN }, { reason: 'withdrawn', evidence: [4], wouldNeed: ['own-double-opt-in'] }],
    [{ permission: blocked() }, { reason: 'blocked', evidence: [5], wouldNeed: ['unblock'] }],
    [
      { restricted: { since: AT, seq: 7 } },
      { reason: 'restricted', evidence: [3, 7], wouldNeed: ['end-of-restriction'] },
    ],
    [{ accountClass: 'competitor' }, { reason: 'competitor', wouldNeed: ['approval'] }],
    [{ use: partner }, { reason: 'account-class', wouldNeed: ['other-class'] }],
    [{ holdUntil: later }, { reason: 'hold', wouldNeed: ['time'], retryAt: later }],
    [
      { ...rest, floor: OPEN_FLOOR },
      { reason: 'not-granted', evidence: [], wouldNeed: ['double-opt-in'] },
    ],
    [
      {
        permission: sound({ channel: 'email' }, { topics: ['service'] }),
        topic: { id: 'drives' },
      },
      { reason: 'topic-not-chosen', wouldNeed: ['topic-choice'] },
    ],
    [
      { ...rest, model: 'opt-out-only', floor: { ...CLOSED_FLOOR, customer: true, implied: true } },
      {
        reason: 'legal-floor',
        evidence: [],
        wouldNeed: ['confirmed-opt-in', 'existing-customer', 'implied-consent'],
      },
    ],
    [
      { ...rest, lapsed: { since: AT, seq: 6 } },
      { reason: 'lapsed', evidence: [6], wouldNeed: ['double-opt-in'] },
    ],
    [
      { permission: sound({ channel: 'email' }, { proof: 'confirmed' }) },
      { reason: 'unproven', wouldNeed: ['double-opt-in'] },
    ],
    [
      { permission: sound({ channel: 'email' }, { incomplete: { awaits: 'r1' } }) },
      { reason: 'unproven', evidence: [3], wouldNeed: ['double-opt-in'] },
    ],
    [{ sameAddress: false }, { reason: 'other-address', wouldNeed: ['double-opt-in'] }],
    [{ pausedUntil: later }, { reason: 'paused', wouldNeed: ['time'], retryAt: later }],
    [{ stopped: STOPPED }, { reason: 'sending-stopped', wouldNeed: ['release'] }],
    [
      { limits: [weekly], slots: [{ at: '2026-11-24T08:00:00.000Z', same: false }] },
      { reason: 'frequency', wouldNeed: ['time'], retryAt: later },
    ],
    [
      {
        limits: [{ ...weekly, per: 'use', reason: 'promised-frequency' }],
        slots: [{ at: '2026-11-24T08:00:00.000Z', same: true }],
      },
      { reason: 'promised-frequency', retryAt: later },
    ],
    [
      { limits: [weekly], slots: [reserved] },
      { reason: 'frequency', retryAt: reserved.until },
    ],
    [
      { limits: [{ ...weekly, reason: 'own-wish' }], slots: [{ at: AT, same: false }] },
      { reason: 'own-wish', retryAt: '2026-12-02T08:00:00.000Z' },
    ],
    [
      { limits: [{ ...weekly, count: 0, reason: 'unanswered' }] },
      { reason: 'unanswered', wouldNeed: ['reaction'] },
    ],
  ];

  test.each(CASES.map(([more, expected]) => ({ more, expected, reason: expected.reason })))(
    '$reason',
    ({ more, expected }) => {
      const { evidence = [3], ...answer } = expected;
      const decision = decide(facts(more));
      expect(decision).toMatchObject({ allowed: false, evidence, reasons: [expected.reason], ...answer });
      expect(decision.retryAt).toBe(expected.retryAt);
    },
  );

  test('no reason is without a case', () => {
    expect(new Set(CASES.map(([, { reason }]) => reason))).toEqual(new Set(REASONS));
  });

  test('all at once they come in the order of DOMAIN 4, and time alone helps no more', () => {
    const everything = facts({
      suppressed: 'complaint',
      permission: blocked(WITHDRAWN),
      accountClass: 'competitor',
      use: partner,
      holdUntil: later,
      pausedUntil: later,
      stopped: STOPPED,
      limits: [weekly, { ...weekly, reason: 'promised-frequency' }, { ...weekly, reason: 'own-wish' }],
      slots: [{ at: AT, same: true }],
    });
    const { reasons, evidence, retryAt } = decide(everything);
    expect(reasons).toEqual(
      'suppressed withdrawn blocked competitor account-class hold paused sending-stopped frequency promised-frequency own-wish'.split(
        ' ',
      ),
    );
    expect(evidence).toEqual([4, 5]);
    expect(retryAt).toBeUndefined();
    const unasked = facts({ ...rest, holdUntil: later, model: 'build-up', use: useOf('call-centre') });
    expect(decide(unasked).reasons).toEqual(['hold', 'not-granted', 'legal-floor']);
    expect(decide(facts({ erased: true, reachable: false, suppressed: 'complaint' })).reasons).toEqual([
      'erased',
    ]);
  });
});

describe('what DOMAIN 2 to 4 say besides', () => {
  test('"no advertising at all" stands above a block too, unless the grant beneath is younger', () => {
    const noAdvertising = { since: '2026-11-22T08:00:00.000Z', seq: 6 };
    const held = (seq: number) => blocked(sound({ channel: 'email' }, { seq }));
    expect(decide(facts({ permission: held(3), noAdvertising })).reasons).toEqual(['withdrawn', 'blocked']);
    expect(decide(facts({ permission: held(7), noAdvertising })).reasons).toEqual(['blocked']);
  });

  test('the hold and the pause leave the owner’s call alone', () => {
    const use = useOf('field-sales');
    const later = '2026-12-01T08:00:00.000Z';
    expect(decide(facts({ use, holdUntil: later, pausedUntil: later })).allowed).toBe(true);
  });

  test('the end of a hold is no promise where the pause ends later, or the slots are taken then', () => {
    const holdUntil = '2026-11-26T08:00:00.000Z';
    const pausedUntil = '2026-11-28T08:00:00.000Z';
    const slots = [{ at: '2026-11-24T08:00:00.000Z', same: true }];
    const { reasons, retryAt } = decide(facts({ holdUntil, pausedUntil, slots, limits: [weekly] }));
    expect(reasons).toEqual(['hold', 'paused', 'frequency']);
    expect(retryAt).toBe('2026-12-01T08:00:00.000Z');
  });

  test('no retryAt where the consent will have lapsed by then', () => {
    const permission = sound({ channel: 'email' }, { since: '2024-11-26T08:00:00.000Z' });
    const hold = (holdUntil: string) => decide(facts({ permission, holdUntil })).retryAt;
    expect(hold('2026-11-26T07:59:59.999Z')).toBe('2026-11-26T07:59:59.999Z');
    expect(hold('2026-11-26T08:00:00.000Z')).toBeUndefined();
  });

  test('a competitor gets what a named person allowed, and nothing else', () => {
    const approved = sound({ channel: 'email' }, { approved: true });
    expect(decide(facts({ accountClass: 'competitor', permission: approved })).allowed).toBe(true);
    const use = useOf('tracking');
    expect(decide(facts({ accountClass: 'competitor', use })).allowed).toBe(true);
  });

  test('G3 no proof by e-mail serves a call, no proof by phone serves e-mail', () => {
    const call = useOf('call-centre');
    const proofs = ['double', 'confirmed', 'oral', 'written'] as const;
    const good = (more: Partial<Snapshot>, use = useOf('newsletter')) =>
      proofs.filter((proof) => decide(facts({ use, permission: sound(use, { proof }), ...more })).allowed);
    for (const model of PERMISSION_MODELS) {
      expect(good({ model }, call)).toEqual(['oral', 'written']);
      expect(good({ model }, useOf('tracking'))).toEqual(['double']);
      expect(good({ model }, useOf('direct-mail'))).toEqual(proofs);
      expect(good({ model })).toEqual(model === 'double-opt-in' ? ['double'] : ['double', 'confirmed']);
      expect(good({ model, floor: { ...CLOSED_FLOOR, double: true } })).toEqual(['double']);
    }
  });

  test('a flaw does no harm where neither model nor floor asks for consent', () => {
    const permission = sound({ channel: 'email' }, { proof: 'confirmed', since: '2020-01-01T00:00:00.000Z' });
    const stale = { permission, model: 'opt-out-only', sameAddress: false } as const;
    expect(decide(facts({ ...stale, floor: OPEN_FLOOR })).allowed).toBe(true);
    expect(decide(facts(stale)).reasons).toEqual(['lapsed', 'other-address']);
  });
});

describe('G8 an unused consent lapses after 24 months, to the millisecond', () => {
  const asked = (since: string, at: string, lastUse?: string) =>
    decide(facts({ permission: sound({ channel: 'email' }, { since }), at, lastUse }));

  test.each([
    ['2024-11-25T08:00:00.000Z', '2026-11-25T08:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', '2026-02-28T00:00:00.000Z'],
  ])('given %s, lapsed %s', (since, end) => {
    expect(asked(since, before(end))).toMatchObject({ allowed: true, warnings: ['lapses-soon'] });
    expect(asked(since, end)).toMatchObject({ allowed: false, reason: 'lapsed', warnings: [] });
  });

  test('it is warned of from 18 months on', () => {
    expect(asked('2025-05-25T08:00:00.001Z', AT).warnings).toEqual([]);
    expect(asked('2025-05-25T08:00:00.000Z', AT).warnings).toEqual(['lapses-soon']);
  });

  test('a lawful use starts the time anew', () => {
    expect(asked('2020-01-01T00:00:00.000Z', AT, '2026-11-01T00:00:00.000Z')).toMatchObject({
      allowed: true,
      warnings: [],
    });
  });

  test('the answer is the same before and after the clock wrote it down', () => {
    for (const model of PERMISSION_MODELS) {
      for (const floor of [OPEN_FLOOR, CLOSED_FLOOR]) {
        const permission = sound({ channel: 'email' }, { since: '2024-11-25T08:00:00.000Z' });
        const due = decide(facts({ model, floor, permission }));
        const written = decide(facts({ model, floor, ...rest, lapsed: { since: AT, seq: 3 } }));
        expect(written).toEqual(due);
      }
    }
  });
});

describe('what serves the legal floor in place of consent', () => {
  const basisFor = (more: Partial<Snapshot>) => decide(facts({ ...rest, model: 'opt-out-only', ...more }));
  const customer = { ...CLOSED_FLOOR, customer: true };
  const bought = { kind: 'existing-customer', seq: 8, productGroup: 'drives' } as const;

  test('G2 an existing customer is told of own similar goods, with the notice, and of nothing else', () => {
    const topic = { id: 'gears', productGroup: 'drives' };
    expect(basisFor({ floor: customer, basis: bought, topic })).toMatchObject({
      allowed: true,
      evidence: [8],
      duties: ['objection-notice'],
    });
    for (const other of [undefined, { id: 'service' }, { id: 'service', productGroup: 'service' }]) {
      expect(basisFor({ floor: customer, basis: bought, topic: other }).reason).toBe('legal-floor');
    }
    expect(basisFor({ floor: CLOSED_FLOOR, basis: bought, topic }).reason).toBe('legal-floor');
    expect(basisFor({ floor: customer, basis: bought, topic, model: 'double-opt-in' }).reason).toBe(
      'not-granted',
    );
  });

  test('G1 a documented interest serves a call of the owner where interest is enough', () => {
    const interest = { kind: 'presumed-interest', seq: 8 } as const;
    const floor: Floor = { ...CLOSED_FLOOR, rule: 'PRESUMED' };
    const use = useOf('field-sales');
    expect(basisFor({ use, floor, basis: interest })).toMatchObject({ allowed: true, evidence: [8] });
    expect(basisFor({ use, floor }).wouldNeed).toEqual(['phone-consent', 'presumed-interest']);
    expect(basisFor({ use, floor: CLOSED_FLOOR, basis: interest }).reason).toBe('legal-floor');
    expect(basisFor({ use: useOf('call-centre'), floor, basis: interest }).reason).toBe('not-granted');
    expect(basisFor({ floor, basis: interest }).reason).toBe('legal-floor');
  });

  test('L2 implied consent ends to the millisecond; published addresses have no end', () => {
    const floor = { ...CLOSED_FLOOR, implied: true };
    const implied = (until?: string) =>
      basisFor({ floor, basis: { kind: 'implied', seq: 8, until } }).allowed;
    expect(implied('2026-11-25T08:00:00.001Z')).toBe(true);
    expect(implied(AT)).toBe(false);
    expect(implied()).toBe(true);
  });

  test('C1 a decision that stands on an override says so, one that does not need it does not', () => {
    const override = { name: 'Dr. Silke Brandt', reason: 'counsel', from: 'OPT_IN' } as const;
    const floor = { ...OPEN_FLOOR, override };
    expect(basisFor({ floor }).override).toEqual({ name: override.name, reason: override.reason });
    expect(decide(facts({ floor })).override).toBeUndefined();
    expect(basisFor({ floor, erased: true }).override).toBeUndefined();
  });

  test('a row that is overdue for review is warned of', () => {
    expect(decide(facts({ floor: { ...CLOSED_FLOOR, reviewDue: true } })).warnings).toEqual([
      'floor-review-due',
    ]);
  });
});

test('a stored snapshot replays to the same answer', () => {
  const asked = facts({ permission: blocked(WITHDRAWN), limits: [weekly], slots: [reserved] });
  const stored = snapshot.parse(JSON.parse(JSON.stringify(asked)));
  expect(decide(stored)).toEqual(decide(asked));
});

test('G5 a decision stored before proofs were asked for completeness replays to what it was', () => {
  const { permission, ...others } = facts();
  const stored = { ...others, permission: { ...permission } };
  expect(stored.permission).not.toHaveProperty('incomplete');
  expect(decide(snapshot.parse(JSON.parse(JSON.stringify(stored))))).toMatchObject({ allowed: true });
});
