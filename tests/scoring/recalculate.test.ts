import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { keys } from '../../shared/platform/keys.ts';
import { DAY, MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { remove, write } from '../../shared/platform/table.ts';
import { saveAccount } from '../../shared/contacts/save-account.ts';
import { keepScores } from '../../shared/scoring/keep-scores.ts';
import { finalDay } from '../../shared/scoring/interest.ts';
import { wakeScores } from '../../shared/scoring/wake-scores.ts';
import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import { restrictContact } from '../../shared/preferences/restrict.ts';
import { eraseContact } from '../../shared/retention/erase.ts';
import { event } from '../support/engagement.ts';
import { BRAND, CONTROLLER, advanceClock, openTestSystem, resetClock } from '../support/system.ts';
import { scoredPerson } from './scored-person.ts';

let system: Awaited<ReturnType<typeof openTestSystem>>;
beforeAll(async () => {
  system = await openTestSystem();
});
afterAll(resetClock);

const policy = async () => system.deps.settings.policy(CONTROLLER);

describe('a score', () => {
  test('is written once, and not again while it says the same', async () => {
    const anna = await scoredPerson(system, 'anna@kunde.example');
    await anna.act('download', { topics: ['drives'] });
    await anna.recalculate();
    const score = await anna.score();
    expect(score).toMatchObject({ total: 20, topics: { drives: 20 }, band: 4, rev: 1, rules: 1 });
    system.deps.db.reset();
    await anna.recalculate();
    expect(await anna.score()).toEqual(score);
    expect(system.deps.db.calls().write).toBe(0);
  });

  test('N3 of many at once on the same state is one score, and nothing is lost', async () => {
    const person = await scoredPerson(system, 'berta@kunde.example');
    await person.act('webinar', { id: 'one' });
    const all = Array.from({ length: 12 }, async (_, n) => {
      await person.act('download', { id: `d${n}` });
      await person.recalculate();
    });
    await Promise.all(all);
    // Twelve downloads, capped at three.
    expect(await person.score()).toMatchObject({ total: 90 });
  });

  test('of somebody who is not known removes what is left of them', async () => {
    const person = await scoredPerson(system, 'erased@kunde.example');
    await person.act('download');
    await person.recalculate();
    const deps = { ...system.deps };
    const actor = { kind: 'system', name: 'clock' } as const;
    await eraseContact(deps, {
      contactId: person.id,
      controller: CONTROLLER,
      requestedBy: 'person',
      actor,
      at: now(),
    });
    // An event that was on its way.
    await person.act('webinar');
    await person.recalculate();
    expect(await person.items('')).toEqual([]);
  });

  test('brings the next instant at which it changes by itself, and the clock wakes exactly it', async () => {
    const person = await scoredPerson(system, 'clock@kunde.example');
    const sentAt = now();
    await person.mail('delivered', sentAt);
    await person.mail('click', plus(sentAt, 90 * SECOND));
    advanceClock(2 * MINUTE);
    await person.recalculate();
    expect(await person.score()).toMatchObject({ total: 0, dueAt: plus(sentAt, 150 * SECOND) });
    advanceClock(MINUTE);
    expect(await wakeScores(system.deps.db)).toBe(1);
    expect(await person.score()).toMatchObject({ wokenAt: expect.any(String) });
    await keepScores(system.deps, keys.score(person.id));
    const woken = await person.score();
    expect(woken).toMatchObject({ total: 10 });
    expect(woken).not.toHaveProperty('wokenAt');
    expect(await wakeScores(system.deps.db)).toBe(0);
  });
});

describe('an event of a clock that is ahead', () => {
  test('counts when its instant comes, not before and not never', async () => {
    const person = await scoredPerson(system, 'ahead@kunde.example');
    const occurredAt = plus(now(), 3 * MINUTE);
    await person.store(event('download', occurredAt));
    await person.recalculate();
    expect(await person.score()).toMatchObject({ total: 0, dueAt: occurredAt });
    advanceClock(3 * MINUTE);
    expect(await wakeScores(system.deps.db)).toBeGreaterThan(0);
    await keepScores(system.deps, keys.score(person.id));
    expect(await person.score()).toMatchObject({ total: 20 });
  });
});

describe('G15 without profiling', () => {
  test('no score exists, and it goes at once when the permission goes', async () => {
    const person = await scoredPerson(system, 'carla@kunde.example', ['newsletter', 'tracking']);
    await person.act('contact-request');
    await person.recalculate();
    expect(await person.score()).toBeUndefined();

    const other = await scoredPerson(system, 'dora@kunde.example');
    await other.act('contact-request');
    await other.recalculate();
    expect(await other.score()).toMatchObject({ total: 50 });
    await other.withdraw({ kind: 'uses', uses: ['profiling'] });
    await other.recalculate();
    expect(await other.score()).toBeUndefined();
    // What the person did knowingly stays known, for its own purpose.
    expect(await other.items('EVT#')).toHaveLength(1);
  });

  test('a score that is being made while the permission goes does not stay', async () => {
    const person = await scoredPerson(system, 'race@kunde.example');
    await person.act('webinar');
    const [before, after] = [person.recalculate(), person.withdraw({ kind: 'uses', uses: ['profiling'] })];
    await Promise.all([before, after.then(() => person.recalculate())]);
    expect(await person.score()).toBeUndefined();
  });

  test('a restriction takes the score and leaves what was tracked', async () => {
    const person = await scoredPerson(system, 'rita@kunde.example');
    await person.mail('click', now());
    advanceClock(MINUTE);
    await person.recalculate();
    expect(await person.score()).toMatchObject({ total: 10 });
    const contact = await person.contact();
    await restrictContact(system.deps, {
      contact,
      brand: BRAND,
      text: '',
      policy: await policy(),
      at: now(),
    });
    await person.recalculate();
    expect(await person.score()).toBeUndefined();
    expect(await person.items('EVT#')).toHaveLength(1);
  });
});

describe('G12 without tracking', () => {
  test('what was tracked goes, counted days included, and what was done knowingly stays', async () => {
    const person = await scoredPerson(system, 'emma@kunde.example');
    const old = plus(now(), -40 * DAY);
    await person.mail('delivered', old);
    await person.mail('click', plus(old, DAY));
    await person.store(event('webinar', plus(old, DAY)), event('webinar', now()));
    await person.recalculate();
    expect(await person.items('DAY#')).toHaveLength(2);
    const before = await person.score();
    expect(before?.total).toBeGreaterThan(40);

    await person.withdraw({ kind: 'uses', uses: ['tracking'] });
    await person.recalculate();
    const kept = await person.items('EVT#');
    expect(kept.map(({ type }) => type)).toEqual(['webinar', 'webinar']);
    const counted = (await person.items('DAY#')).flatMap(({ counts }) => counts);
    expect(counted).toEqual([{ type: 'webinar', topics: [], count: 1 }]);
    const after = await person.score();
    // The old webinar is 39 days old: 30 × 2^(-39/30).
    expect(after).toMatchObject({ total: 42.18 });
  });

  test('an event that comes in after the withdrawal does not stay', async () => {
    const person = await scoredPerson(system, 'frieda@kunde.example');
    await person.withdraw({ kind: 'uses', uses: ['tracking', 'profiling'] });
    await person.mail('open', now());
    await person.recalculate();
    expect(await person.items('EVT#')).toEqual([]);
    await person.mail('open', now());
    await keepScores(system.deps, keys.event(person.id, now(), 'ses', 'any'));
    expect(await person.items('EVT#')).toEqual([]);
  });
});

describe('saying no', () => {
  test('never raises the score: a hard bounce', async () => {
    const person = await scoredPerson(system, 'bounced@kunde.example');
    await person.act('download');
    await person.recalculate();
    const before = await person.score();
    await receiveEvent(system.deps, {
      kind: 'bounce',
      ...{
        messageId: 'm1',
        at: now(),
        sentAt: now(),
        sendId: undefined,
        tenant: CONTROLLER,
      },
      ...{ bounceType: 'Permanent', bounceSubType: 'General', feedbackId: 'f1' },
      recipients: [person.email],
      bounced: [{ recipient: person.email, status: undefined, diagnosticCode: undefined }],
    });
    await person.recalculate();
    expect((await system.pointerOf(person.email))?.suppression?.hard).toBeDefined();
    expect(await person.score()).toEqual(before);
  });

  test.each([
    ['unsubscribing', { kind: 'uses', uses: ['newsletter'] }],
    ['complaining', { kind: 'email', grantedBefore: '2100-01-01T00:00:00.000Z' }],
    ['leaving the brand', { kind: 'brand' }],
    ['no advertising at all', { kind: 'all' }],
  ] as const)('never raises the score: %s', async (name, scope) => {
    const person = await scoredPerson(system, `no-${name.length}@kunde.example`);
    await person.mail('delivered', plus(now(), -8 * DAY));
    await person.act('download', { topics: ['drives'] });
    await person.recalculate();
    const before = await person.score();
    await person.withdraw(scope);
    await person.recalculate();
    const after = await person.score();
    expect(after?.total ?? -Infinity).toBeLessThanOrEqual(before?.total ?? 0);
    expect(after?.topics['drives'] ?? 0).toBeLessThanOrEqual(before?.topics['drives'] ?? 0);
  });
});

describe('a verdict', () => {
  test('that is taken back takes its points back', async () => {
    const person = await scoredPerson(system, 'verdict@kunde.example');
    const sentAt = now();
    await person.mail('delivered', sentAt);
    await person.mail('click', plus(sentAt, 20 * MINUTE), { topics: ['drives'] });
    advanceClock(30 * MINUTE);
    await person.recalculate();
    expect(await person.score()).toMatchObject({ total: 10, topics: { drives: 10 } });
    // News that was late: the same visitor followed every link of the mail within a second, a hidden one too.
    for (const link of ['a', 'b', 'c', 'd']) {
      const mail = { link, links: 5, ...(link === 'a' ? { hidden: true } : {}) };
      await person.mail('click', plus(sentAt, 20 * MINUTE + 200), { topics: ['drives'], mail });
    }
    await person.recalculate();
    expect(await person.score()).toMatchObject({ total: 0, topics: {} });
  });
});

describe('old events', () => {
  test('are counted by day, and what is carried on equals what is worked out anew', async () => {
    const person = await scoredPerson(system, 'gisela@kunde.example');
    for (const days of [45, 40, 40, 33, 20, 3]) {
      await person.store(event('download', plus(now(), -days * DAY), { id: `${days}`, topics: ['drives'] }));
    }
    await person.recalculate();
    expect((await person.items('DAY#')).map(({ day }) => day)).toEqual(
      [45, 40, 33].map((days) => plus(now(), -days * DAY).slice(0, 10)),
    );
    advanceClock(20 * DAY);
    await person.act('webinar');
    await person.recalculate();
    const carried = await person.score();
    await remove(system.deps.db, { remove: 'engagement', key: keys.score(person.id) });
    await person.recalculate();
    const { rev: _, at: _at, ...anew } = (await person.score()) ?? {};
    expect(carried).toMatchObject(anew);
    expect(carried?.carry.through).toBe(finalDay(now()));
  });
});

describe('a company', () => {
  test('that grows is a new score for its people', async () => {
    const person = await scoredPerson(system, 'hanna@kunde.example');
    const told = { name: 'Kunde AG', employees: 20 };
    const { account } = await saveAccount(system.deps, { controller: CONTROLLER, told, at: now() });
    await write(system.deps.db, {
      update: 'contacts',
      key: keys.contact(person.id),
      set: 'SET accountId = :id',
      values: { ':id': account.id },
    });
    await person.recalculate();
    expect(await person.score()).toMatchObject({ accountId: account.id, potential: 6 });
    await saveAccount(system.deps, {
      controller: CONTROLLER,
      id: account.id,
      told: { employees: 2_000 },
      at: now(),
    });
    await keepScores(system.deps, keys.account(account.id));
    expect(await person.score()).toMatchObject({ wokenAt: expect.any(String), potential: 6 });
    await keepScores(system.deps, keys.score(person.id));
    expect(await person.score()).toMatchObject({ potential: 20 });
  });
});
