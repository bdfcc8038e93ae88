import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import type { Outcome } from '../../shared/decision/decide-contacts.ts';
import { decideAndBook } from '../../shared/decision/reserve.ts';
import type { Intent } from '../../shared/decision/reserve.ts';
import { ask } from '../../shared/decision/ask.ts';
import { decide } from '../../shared/decision/decide.ts';
import { readPromotions, readSend } from '../../shared/decision/store.ts';
import { releaseReservation } from '../../shared/frequency/reservation.ts';
import { DAY, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { reread, sister } from '../permission/person.ts';
import { BRAND, CONTROLLER, advanceClock, openTestSystem, resetClock } from '../support/system.ts';
import { agreed, decideAs, decideOne, makePerson } from './people.ts';

const system = await openTestSystem();
const { deps } = system;
await system.set('brand', sister.id, sister);
afterAll(resetClock);

const RESERVE: Intent = { kind: 'reserve', channel: 'email' };
const RECORD: Intent = { kind: 'record', channel: 'email', mailing: 'spring-2026', topics: ['drives'] };
let people = 0;
const somebody = () =>
  makePerson(deps, `person-${(people += 1)}@example.com`, [
    agreed('newsletter'),
    agreed('newsletter', { brand: sister.id }),
    agreed('direct-mail'),
    agreed('call-centre', { proof: 'oral' }),
    agreed('field-sales', { proof: 'oral' }),
    agreed('tracking'),
  ]);
let contactId = '';
beforeEach(async () => {
  contactId = (await somebody()).id;
});
const reserve = () => decideOne(deps, contactId, { intent: RESERVE });
const recordWith = (reservationId?: string) =>
  decideAs(deps, { candidates: [{ ref: { id: contactId }, reservationId }], intent: RECORD });
const historyOf = async (id: string) => (await readPromotions(deps.db, id, { limit: 50 })).promotions;
const slotsOf = async (id: string) => (await reread(deps.db, id)).frequency?.slots ?? [];
const allowed = (outcomes: Outcome[]) =>
  outcomes.filter((outcome) => outcome.kind === 'decided' && outcome.decision.allowed);

describe('a slot is taken once', () => {
  test('of 1,000 attempts at once over two brands and three channels each cap is met exactly', async () => {
    const attempts = Array.from({ length: 1_000 }, (_, at) => {
      if (at % 10 === 0) return { use: 'direct-mail', intent: { kind: 'reserve', channel: 'post' } as const };
      if (at % 10 === 1)
        return { use: 'call-centre', intent: { kind: 'reserve', channel: 'phone' } as const };
      return { brand: at % 2 ? BRAND : sister.id, intent: RESERVE };
    });
    const outcomes = (
      await Promise.all(
        attempts.map((attempt) => decideAs(deps, { ...attempt, candidates: [{ ref: { id: contactId } }] })),
      )
    ).flat();
    const taken = (use: string) =>
      allowed(outcomes.filter((_, at) => (attempts[at]?.use ?? 'newsletter') === use)).length;
    expect([taken('newsletter'), taken('direct-mail'), taken('call-centre')]).toEqual([2, 1, 1]);
    expect(await slotsOf(contactId)).toHaveLength(4);
    for (const outcome of outcomes) {
      if (outcome.kind !== 'decided') throw new Error(outcome.kind);
      if (outcome.decision.allowed) continue;
      expect(outcome.decision).toMatchObject({ reason: 'frequency' });
      expect(outcome.decision.retryAt).toMatch(/^20/);
    }
  }, 120_000);

  test('the same contact twice in one batch takes two slots, and a third time none', async () => {
    const ref = { id: contactId };
    const outcomes = await decideAs(deps, { candidates: [{ ref }, { ref }, { ref }], intent: RESERVE });
    expect(allowed(outcomes)).toHaveLength(2);
    expect(await slotsOf(contactId)).toHaveLength(2);
  });

  test('what only asks takes nothing', async () => {
    await decideOne(deps, contactId);
    expect(await slotsOf(contactId)).toEqual([]);
  });

  test('U11 who withdrew since we read them gets nothing reserved', async () => {
    const contact = await reread(deps.db, contactId);
    const { question, settled } = await ask(deps, CONTROLLER, { brand: BRAND, use: 'newsletter' }, now());
    await withdraw(deps, {
      contactId,
      brand: demoBrand,
      scope: { kind: 'all' },
      route: 'one-click',
      actor: { kind: 'person' },
    });
    const known = { contact, accountClass: 'unknown' } as const;
    const booked = await decideAndBook(deps, question, settled, known, RESERVE);
    expect(booked).toMatchObject({ decision: { allowed: false, reason: 'withdrawn' } });
    expect(booked.reservation).toBeUndefined();
    expect(await slotsOf(contactId)).toEqual([]);
  });

  test('the owner’s calls neither count nor are counted', async () => {
    const call = { use: 'field-sales', intent: { ...RECORD, channel: 'phone' } as const };
    for (let round = 0; round < 3; round += 1) {
      expect(await decideOne(deps, contactId, call)).toMatchObject({ decision: { allowed: true } });
    }
    const campaign = { use: 'call-centre', intent: { kind: 'reserve', channel: 'phone' } as const };
    expect(await decideOne(deps, contactId, campaign)).toMatchObject({ decision: { allowed: true } });
    expect(await decideOne(deps, contactId, campaign)).toMatchObject({ decision: { reason: 'frequency' } });
  });
});

describe('a reservation', () => {
  test('is given back once, however often it is asked for, and never by a stranger', async () => {
    const [first] = [await reserve(), await reserve()];
    const id = first.reservation?.id ?? '';
    expect((await reserve()).decision.reason).toBe('frequency');
    expect(await releaseReservation(deps.db, 'stranger', id)).toBe('unknown');
    expect(await slotsOf(contactId)).toHaveLength(2);
    const releases = [1, 2, 3].map(() => releaseReservation(deps.db, CONTROLLER, id));
    expect(await Promise.all(releases)).toEqual(['released', 'released', 'released']);
    expect(await slotsOf(contactId)).toHaveLength(1);
    expect((await reserve()).decision.allowed).toBe(true);
    for (const bad of ['res_x', '', `res_${'a'.repeat(22)}.con_unknown`]) {
      expect(await releaseReservation(deps.db, CONTROLLER, bad)).toBe('unknown');
    }
  });

  test('runs out to the millisecond', async () => {
    const at = now();
    await decideOne(deps, contactId, { at, intent: RESERVE });
    const second = await decideOne(deps, contactId, { at, intent: RESERVE });
    const until = plus(at, 15 * MINUTE);
    expect(second.reservation?.until).toBe(until);
    const asked = (instant: string) => decideOne(deps, contactId, { at: instant });
    expect((await asked(plus(until, -1))).decision).toMatchObject({ reason: 'frequency', retryAt: until });
    expect((await asked(until)).decision.allowed).toBe(true);
  });

  test('is used up by the message that it was for, and by no other', async () => {
    const [first] = [await reserve(), await reserve()];
    expect(allowed(await recordWith())).toHaveLength(0);
    expect(allowed(await recordWith('res_unknown'))).toHaveLength(0);
    expect(allowed(await recordWith(first.reservation?.id))).toHaveLength(1);
    const slots = await slotsOf(contactId);
    expect(slots.filter(({ reservation }) => reservation === undefined)).toHaveLength(1);
    expect(slots).toHaveLength(2);
    expect(await releaseReservation(deps.db, CONTROLLER, first.reservation?.id ?? '')).toBe('released');
    expect(await slotsOf(contactId)).toHaveLength(2);
  });

  test('that ran out lets its message go only where there is room', async () => {
    const late = await reserve();
    advanceClock(16 * MINUTE);
    await recordWith();
    await recordWith();
    expect(allowed(await recordWith(late.reservation?.id))).toHaveLength(0);
    expect(await historyOf(contactId)).toHaveLength(2);
  });
});

describe('a message sent', () => {
  test('S4 leaves slot, use, history and a send id that fits a mail tag', async () => {
    const at = now();
    const { sendId = '', decision } = await decideOne(deps, contactId, { at, intent: RECORD });
    expect(sendId).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
    const contact = await reread(deps.db, contactId);
    expect(contact.frequency).toEqual({
      rev: 1,
      slots: [{ at, channel: 'email', brand: BRAND, use: 'newsletter' }],
      unanswered: { count: 1, since: at },
    });
    expect(contact.lastUses).toEqual({ [`${BRAND}#newsletter`]: at });
    const sent = { sendId, contactId, at, channel: 'email', brand: BRAND, use: 'newsletter' };
    const about = { topics: ['drives'], mailing: 'spring-2026' };
    expect(await readSend(deps.db, sendId)).toEqual({ ...sent, ...about });
    expect(await historyOf(contactId)).toMatchObject([{ ...sent, ...about, decision }]);
    expect(await readSend(deps.db, 'p_unknown')).toBeUndefined();
  });

  test('is stored with what it was decided on, so that the decision replays', async () => {
    await recordWith();
    const [promotion] = await historyOf(contactId);
    if (!promotion) throw new Error('no history');
    expect(decide(promotion.snapshot)).toEqual(promotion.decision);
    expect(JSON.stringify(promotion)).not.toMatch(/example\.com|Werft|\+49/);
  });

  test('is not recorded where it is refused', async () => {
    await recordWith();
    await recordWith();
    expect(allowed(await recordWith())).toEqual([]);
    expect(await historyOf(contactId)).toHaveLength(2);
  });

  test('G7 G8 each use starts the life of the consent anew', async () => {
    advanceClock(700 * DAY);
    await recordWith();
    const later = await decideOne(deps, contactId, { at: plus(now(), 700 * DAY) });
    expect(later.decision.allowed).toBe(true);
    expect(later.decision.warnings).toContain('lapses-soon');
    const unused = await decideOne(deps, contactId, { use: 'direct-mail', at: plus(now(), 60 * DAY) });
    expect(unused.decision).toMatchObject({ reason: 'lapsed' });
  });

  test('goes out of the history when its time is over, even while it is still there (N8)', async () => {
    await recordWith();
    advanceClock(731 * DAY);
    expect(await historyOf(contactId)).toEqual([]);
  });

  test('all of it or nothing, where the store fails', async () => {
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite'
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    const attempt = { candidates: [{ ref: { id: contactId } }], intent: RECORD };
    expect(await decideAs({ ...deps, db }, attempt)).toEqual([{ kind: 'unavailable' }]);
    expect(await slotsOf(contactId)).toEqual([]);
    expect(await historyOf(contactId)).toEqual([]);
  });

  test('is there once, where only the answer was lost', async () => {
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite'
        ? { error: serviceError('InternalServerError'), arrives: true }
        : undefined,
    );
    const attempt = { candidates: [{ ref: { id: contactId } }], intent: RECORD };
    expect(await decideAs({ ...deps, db }, attempt)).toEqual([{ kind: 'unavailable' }]);
    expect(await slotsOf(contactId)).toHaveLength(1);
    expect(await historyOf(contactId)).toHaveLength(1);
  });
});
