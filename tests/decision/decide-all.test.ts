import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Permission } from '../../shared/contacts/contact.ts';
import { decide } from '../../shared/decision/decide.ts';
import type { Floor } from '../../shared/decision/legal-floor.ts';
import { snapshot } from '../../shared/decision/snapshot.ts';
import type { Snapshot } from '../../shared/decision/snapshot.ts';
import { ACCOUNT_CLASSES } from '../../shared/settings/account-class.ts';
import { PERMISSION_MODELS } from '../../shared/settings/brand.ts';
import type { PermissionModel } from '../../shared/settings/brand.ts';
import { AT, CLOSED_FLOOR, OPEN_FLOOR, WITHDRAWN, blocked, facts, sound, useOf } from './snapshots.ts';

/** DOMAIN 3, as the page has it: ignore, opt-out-only, build-up, confirmed and double; whether rest is enough. */
const ROWS: Record<string, { use: Snapshot['use']; cells: string }> = {
  newsletter: { use: useOf('newsletter'), cells: '-a---' },
  'product-information': { use: useOf('product-information'), cells: '-a---' },
  'sales-email': { use: useOf('sales-email'), cells: '-a---' },
  'event-invitation': { use: useOf('event-invitation'), cells: '-aa--' },
  'call-centre': { use: useOf('call-centre'), cells: '-----' },
  'field-sales': { use: useOf('field-sales'), cells: 'aaa--' },
  'direct-mail': { use: useOf('direct-mail'), cells: '-aa--' },
  tracking: { use: useOf('tracking'), cells: '-----' },
  profiling: { use: useOf('profiling'), cells: '-----' },
  // An operator's own uses follow from channel and bulk.
  'partner-information': {
    use: { id: 'partner-information', channel: 'email', bulk: true, classes: ['partner'] },
    cells: '-a---',
  },
  'service-calls': { use: { id: 'service-calls', channel: 'phone', bulk: false }, cells: 'aaa--' },
  'test-calls': { use: { id: 'test-calls', channel: 'phone', bulk: true }, cells: '-----' },
  catalogue: { use: { id: 'catalogue', channel: 'post', bulk: true }, cells: '-aa--' },
};
const FLOORS: Record<string, Floor> = {
  'opt-out': OPEN_FLOOR,
  presumed: { ...CLOSED_FLOOR, rule: 'PRESUMED' },
  'opt-in': CLOSED_FLOOR,
  'opt-in, double': { ...CLOSED_FLOOR, double: true },
};
type Case =
  'resting' | 'granted' | 'weak' | 'incomplete' | 'lapsed' | 'withdrawn' | 'blocked' | 'blocked over granted';
const CASES: Record<Case, (use: Snapshot['use']) => Permission | undefined> = {
  resting: () => undefined,
  granted: (use) => sound(use),
  weak: (use) => sound(use, { proof: use.channel === 'phone' ? 'double' : 'oral' }),
  incomplete: (use) => sound(use, { incomplete: {} }),
  lapsed: (use) => sound(use, { since: '2024-11-25T08:00:00.000Z' }),
  withdrawn: () => WITHDRAWN,
  blocked: () => blocked(),
  'blocked over granted': (use) => blocked(sound(use)),
};

const RESTRICTED = { since: AT, seq: 9 };
const STOPPED = { since: AT, why: 'complaints' } as const;

/** The answer as the page says it, asked in its order and knowing nothing of the code. */
function expected(
  model: PermissionModel,
  held: Case,
  { use, cells }: { use: Snapshot['use']; cells: string },
  theirs: (typeof ACCOUNT_CLASSES)[number],
  floor: string,
): string {
  if (held === 'withdrawn') return 'withdrawn';
  if (held.startsWith('blocked')) return 'blocked';
  if (theirs === 'competitor' && use.channel !== 'data') return 'competitor';
  if (use.classes && !use.classes.includes(theirs)) return 'account-class';
  const restIsEnough = cells[PERMISSION_MODELS.indexOf(model)] === 'a';
  const floorIsOpen = floor === 'opt-out';
  // Letters need consent under some models, never a proof of a certain kind.
  const sane =
    held === 'granted' ||
    (held === 'weak' && use.channel === 'post') ||
    (held === 'incomplete' && model !== 'double-opt-in');
  if (sane || (restIsEnough && floorIsOpen)) return 'allowed';
  if (held === 'resting') return restIsEnough ? 'legal-floor' : 'not-granted';
  return held === 'lapsed' ? 'lapsed' : 'unproven';
}

test('C2 G5 B3 every model × status × use × class × floor is as DOMAIN 3 and 4 say', () => {
  let count = 0;
  for (const model of PERMISSION_MODELS) {
    for (const [held, permission] of Object.entries(CASES)) {
      for (const [name, row] of Object.entries(ROWS)) {
        for (const theirs of ACCOUNT_CLASSES) {
          for (const [floorName, floor] of Object.entries(FLOORS)) {
            const { use } = row;
            const given = permission(use);
            const answer = decide(facts({ model, use, permission: given, accountClass: theirs, floor }));
            const reason = expected(model, held as Case, row, theirs, floorName);
            const cell = [model, held, name, theirs, floorName].join(' ');
            expect(`${cell}: ${answer.reason}`).toBe(`${cell}: ${reason}`);
            expect(answer.allowed).toBe(reason === 'allowed');
            const restricted = decide(
              facts({ model, use, permission: given, accountClass: theirs, floor, restricted: RESTRICTED }),
            );
            const isOlder = ['withdrawn', 'blocked'].includes(reason);
            expect(`${cell}: ${restricted.reason}`).toBe(`${cell}: ${isOlder ? reason : 'restricted'}`);
            expect(restricted.allowed).toBe(false);
            const stopped = decide(
              facts({ model, use, permission: given, accountClass: theirs, floor, stopped: STOPPED }),
            );
            // Only mail is stopped, and whatever else stands against it is said first.
            const isFirst = reason === 'allowed' && use.channel === 'email';
            expect(`${cell}: ${stopped.reason}`).toBe(`${cell}: ${isFirst ? 'sending-stopped' : reason}`);
            expect(stopped.reasons.includes('sending-stopped')).toBe(use.channel === 'email');
            count += 1;
          }
        }
      }
    }
  }
  process.stdout.write(`decisions compared: ${count}\n`);
  expect(count).toBe(5 * 8 * 13 * 7 * 4);
});

const instants = fc
  .integer({ min: Date.parse('2022-01-01T00:00:00Z'), max: Date.parse('2027-12-31T00:00:00Z') })
  .map((ms) => new Date(ms).toISOString());
const proofs = fc.constantFrom('double', 'confirmed', 'oral', 'written');
const gaps = fc.constantFrom(undefined, undefined, {}, { awaits: 'r1' });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
/** Most people are not erased, held and paused at once: a property must see enough that is allowed. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 9 }, { arbitrary, weight: 1 });

const permissions: fc.Arbitrary<Permission | undefined> = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 3 },
  {
    arbitrary: fc
      .record({ since: instants, proof: proofs, incomplete: gaps, seq: fc.integer({ min: 1, max: 9 }) })
      .map((more) => sound({ channel: 'email' }, more)),
    weight: 6,
  },
  fc.constantFrom<Permission>(WITHDRAWN, blocked(), blocked(WITHDRAWN), blocked(sound({ channel: 'email' }))),
);
const floors: fc.Arbitrary<Floor> = fc.record({
  country: fc.constantFrom('DE', 'US'),
  rule: fc.constantFrom('OPT_IN', 'PRESUMED', 'OPT_OUT'),
  customer: fc.boolean(),
  implied: fc.boolean(),
  double: fc.boolean(),
  duties: fc.constant([]),
  reviewDue: fc.boolean(),
});
const snapshots: fc.Arbitrary<Snapshot> = fc
  .record({
    at: instants,
    use: fc.constantFrom(...Object.values(ROWS).map(({ use }) => use)),
    model: fc.constantFrom(...PERMISSION_MODELS),
    floor: floors,
    permission: permissions,
    noAdvertising: seldom(fc.record({ since: instants, seq: fc.integer({ min: 1, max: 9 }) })),
    restricted: seldom(fc.constant(RESTRICTED)),
    accountClass: fc.constantFrom(...ACCOUNT_CLASSES),
    erased: seldom(fc.constant(true)).map(Boolean),
    reachable: seldom(fc.constant(true)).map((never) => !never),
    suppressed: seldom(fc.constantFrom('complaint', 'hard-bounce', 'soft-bounces')),
    sameAddress: fc.constantFrom(true, true, true, false),
    lapsed: optional(fc.record({ since: instants, seq: fc.integer({ min: 1, max: 9 }) })),
    lastUse: optional(instants),
    holdUntil: seldom(instants),
    pausedUntil: seldom(instants),
    // Rarer still: it is looked at by itself below.
    stopped: fc.oneof({ arbitrary: fc.constant(undefined), weight: 49 }, fc.constant(STOPPED)),
    topic: fc.constantFrom(undefined, { id: 'gears', productGroup: 'drives' }),
    basis: fc.constantFrom<Snapshot['basis']>(
      undefined,
      { kind: 'presumed-interest', seq: 8 },
      { kind: 'existing-customer', seq: 8, productGroup: 'drives' },
      { kind: 'implied', seq: 8, until: '2026-11-25T08:00:00.000Z' },
    ),
    limits: fc.array(
      fc.record({
        count: fc.constantFrom(0, 1, 1, 2, 2, 3, 3),
        days: fc.constantFrom(7, 30),
        reason: fc.constantFrom('frequency', 'promised-frequency', 'own-wish', 'unanswered'),
        per: fc.constantFrom('channel', 'use'),
      }),
      { maxLength: 2, size: 'small' },
    ),
    slots: fc.array(fc.record({ at: instants, same: fc.boolean(), until: optional(instants) }), {
      maxLength: 4,
    }),
  })
  .map((made) => facts({ ...made, erased: made.erased && made.reachable }));

/** One input made stricter, the others left alone. */
const TIGHTER: Record<string, (given: Snapshot) => Snapshot> = {
  'no grant instead of one': (given) =>
    given.permission?.status === 'granted' ? { ...given, permission: undefined, lapsed: undefined } : given,
  withdrawn: (given) => ({ ...given, permission: WITHDRAWN }),
  blocked: (given) => ({ ...given, permission: blocked() }),
  'an objection to all': (given) => ({ ...given, noAdvertising: { since: AT, seq: 10 } }),
  'a restriction': (given) => ({ ...given, restricted: RESTRICTED }),
  'a model that asks for more': (given) => ({ ...given, model: stricter(given.model) }),
  'a floor that asks for consent': (given) => ({ ...given, floor: { ...given.floor, rule: 'OPT_IN' } }),
  'a floor that asks for interest': (given) =>
    given.floor.rule === 'OPT_OUT' ? { ...given, floor: { ...given.floor, rule: 'PRESUMED' } } : given,
  'a floor without exceptions': (given) => ({
    ...given,
    floor: { ...given.floor, customer: false, implied: false },
  }),
  'a floor that asks for the click': (given) => ({ ...given, floor: { ...given.floor, double: true } }),
  'a competitor': (given) => ({ ...given, accountClass: 'competitor' }),
  'a use for fewer classes': (given) => ({
    ...given,
    use: {
      ...given.use,
      classes: (given.use.classes ?? ACCOUNT_CLASSES).filter((one) => one !== 'consultant'),
    },
  }),
  'a weaker proof': (given) => withGrant(given, { proof: 'confirmed' }),
  'a proof that lacks a piece': (given) => withGrant(given, { incomplete: {} }),
  'an older grant': (given) => withGrant(given, { since: '2019-01-01T00:00:00.000Z' }),
  'no use since': (given) => ({ ...given, lastUse: undefined }),
  'a shorter life': (given) => ({ ...given, lapse: { months: 6, warnMonths: 3 } }),
  'another address': (given) => ({ ...given, sameAddress: false }),
  'no basis': (given) => ({ ...given, basis: undefined }),
  suppressed: (given) => ({ ...given, suppressed: 'complaint' }),
  erased: (given) => ({ ...given, erased: true }),
  unreachable: (given) => ({ ...given, reachable: false }),
  'a longer hold': (given) => ({ ...given, holdUntil: '2028-01-01T00:00:00.000Z' }),
  'a longer pause': (given) => ({ ...given, pausedUntil: '2028-01-01T00:00:00.000Z' }),
  'mail that was stopped': (given) => ({ ...given, stopped: STOPPED }),
  'one more message': (given) => ({ ...given, slots: [...given.slots, { at: given.at, same: true }] }),
  'one more limit': (given) => ({
    ...given,
    limits: [...given.limits, { count: 1, days: 30, reason: 'frequency', per: 'channel' }],
  }),
  'smaller limits': (given) => ({
    ...given,
    limits: given.limits.map((limit) => ({ ...limit, count: Math.max(limit.count - 1, 0) })),
  }),
};

/** Models can be compared along the columns of DOMAIN 3; `ignore` allows less than any but the last two. */
function stricter(model: PermissionModel): PermissionModel {
  const next = {
    'opt-out-only': 'build-up',
    'build-up': 'confirmed-opt-in',
    ignore: 'double-opt-in',
    'confirmed-opt-in': 'double-opt-in',
    'double-opt-in': 'double-opt-in',
  } as const;
  return next[model];
}

function withGrant(given: Snapshot, more: Parameters<typeof sound>[1]): Snapshot {
  if (given.permission?.status !== 'granted') return given;
  if (given.permission.proof !== 'double' && more?.proof) return given;
  if (more?.since && given.permission.since < more.since) return given;
  return { ...given, permission: { ...given.permission, ...more } };
}

describe('properties of any decision', () => {
  test('C2 withdrawn, blocked or restricted is never allowed', () => {
    fc.assert(
      fc.property(snapshots, (given) => {
        const { permission, restricted } = given;
        const isNo = permission !== undefined && permission.status !== 'granted';
        const refused = isNo || restricted !== undefined;
        expect(refused && decide(given).allowed).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  test('B3 nothing is mailed that was stopped, and nothing else is kept back by it', () => {
    fc.assert(
      fc.property(snapshots, (given) => {
        const isMail = given.use.channel === 'email';
        const [stopped, going] = [STOPPED, undefined].map((stop) => decide({ ...given, stopped: stop }));
        expect(stopped?.reasons.includes('sending-stopped')).toBe(isMail);
        expect(stopped?.reasons.filter((reason) => reason !== 'sending-stopped')).toEqual(going?.reasons);
        expect(stopped?.allowed).toBe(!isMail && going?.allowed);
      }),
    );
  });

  test('nothing at all is sent to who was erased, cannot be reached or is suppressed', () => {
    fc.assert(
      fc.property(snapshots, (given) => {
        const gone = given.erased || !given.reachable || given.suppressed !== undefined;
        expect(gone && decide(given).allowed).toBe(false);
      }),
    );
  });

  test.each(Object.entries(TIGHTER))('never looser: %s', (_, tighten) => {
    fc.assert(
      fc.property(snapshots, (given) => {
        const looser = decide(tighten(given)).allowed && !decide(given).allowed;
        expect(looser).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  test('enough of what the properties see is allowed', () => {
    const allowed = fc.sample(snapshots, 1_000).filter((given) => decide(given).allowed);
    expect(allowed.length).toBeGreaterThan(100);
  });

  test('the same inputs give the same answer, also after a life in the table', () => {
    fc.assert(
      fc.property(snapshots, (given) => {
        const replayed = snapshot.parse(JSON.parse(JSON.stringify(given)));
        expect(decide(replayed)).toEqual(decide(given));
        expect(decide(given)).toEqual(decide(given));
      }),
    );
  });

  test('reason and reasons agree, and at retryAt it is allowed if nothing happens before', () => {
    fc.assert(
      fc.property(snapshots, (given) => {
        const answer = decide(given);
        expect(answer.reason).toBe(answer.reasons[0] ?? 'allowed');
        expect(answer.allowed).toBe(answer.reasons.length === 0);
        expect(answer.wouldNeed.length > 0).toBe(!answer.allowed);
        if (answer.retryAt === undefined) return;
        expect(answer.retryAt > given.at).toBe(true);
        expect(decide({ ...given, at: answer.retryAt }).allowed).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
