import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { readGuard, stopAt } from '../../shared/decision/guard.ts';
import type { Intent } from '../../shared/decision/reserve.ts';
import { countReputation } from '../../shared/engagement/reputation.ts';
import { releaseSending } from '../../shared/engagement/sending-guard.ts';
import { readRates } from '../../shared/engagement/sending-rates.ts';
import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import type { SesEvent } from '../../shared/outbox/ses-event.ts';
import { DAY, MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { policy } from '../../shared/settings/policy.ts';
import { openSettings } from '../../shared/settings/store.ts';
import { agreed, decideOne, makePerson } from '../decision/people.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import {
  BRAND,
  CONTROLLER,
  advanceClock,
  captureLog,
  openTestSystem,
  resetClock,
} from '../support/system.ts';
import { bounce, complaint, delivery, sentMail } from './sent-mail.ts';

type System = Awaited<ReturnType<typeof openTestSystem>>;
let system: System;
let deps: System['deps'];
let lines: Record<string, unknown>[];

/** Small samples, so that a test needs no thousands of mails. */
const GUARD = {
  bounces: { warn: 0.1, stop: 0.3, leastMails: 10 },
  complaints: { warn: 0.1, stop: 0.2, leastMails: 10 },
};
const PURPOSE = { brand: BRAND, use: 'newsletter' };

beforeEach(async () => {
  system = await openTestSystem();
  await system.set('policy', CONTROLLER, { id: CONTROLLER, guard: GUARD });
  ({ deps } = system);
  deps.settings = openSettings(deps.db);
  lines = captureLog();
});
afterEach(() => vi.restoreAllMocks());
afterAll(resetClock);

const tell = async (events: readonly SesEvent[]) => {
  for (const event of events) await countReputation(deps, event);
};
/** Mails of one use, and how many of them arrived. */
async function arrived(count: number, use = 'newsletter'): Promise<string[]> {
  const ids = await Promise.all(Array.from({ length: count }, () => sentMail(deps.db, { use })));
  await tell(ids.map((id) => delivery(id)));
  return ids;
}
const week = async (purpose = PURPOSE) => {
  const { released } = await readGuard(deps.db, purpose.brand, purpose.use);
  return (await readRates(deps.db, purpose, released?.at, now())).week;
};
const stopped = async (use = 'newsletter') => (await readGuard(deps.db, BRAND, use)).stopped;
const logged = (name: string) => lines.filter(({ event, level }) => event === name && level !== undefined);

describe('B3 the guard of a purpose', () => {
  test('stops it at too many complaints, at once and once, and rings', async () => {
    const [first = '', second = '', third = ''] = await arrived(10);
    await tell([complaint(first)]);
    expect(await stopped()).toBeUndefined();
    await tell([complaint(second)]);
    const stop = await stopped();
    expect(stop).toEqual({
      since: expect.any(String),
      why: 'complaints',
      rates: { delivered: 10, bounced: 0, complained: 2, bounceRate: 0, complaintRate: 0.2 },
    });
    await tell([complaint(third)]);
    expect(await stopped()).toEqual(stop);
    expect(logged('sending-stopped')).toMatchObject([
      { level: 'error', why: 'complaints', use: 'newsletter' },
    ]);
  });

  test('stops it at too many bounces', async () => {
    const ids = await arrived(10);
    await tell(ids.slice(0, 5).map((id) => bounce(id)));
    expect(await stopped()).toMatchObject({ why: 'bounces', rates: { delivered: 10, bounced: 5 } });
  });

  test('says nothing of a handful of mails, whatever becomes of them', async () => {
    const ids = await arrived(5);
    await tell(ids.slice(0, 4).map((id) => bounce(id)));
    expect(await stopped()).toBeUndefined();
    expect(lines).toEqual([]);
  });

  test('warns once a day', async () => {
    const ids = await arrived(20);
    await tell(ids.slice(0, 3).map((id) => complaint(id)));
    expect(logged('sending-warned')).toMatchObject([{ level: 'warn', why: 'complaints' }]);
    advanceClock(DAY);
    await tell([bounce(ids[4])]);
    expect(logged('sending-warned')).toHaveLength(2);
    expect(await stopped()).toBeUndefined();
  });

  test('B1 looks at seven days together, where no single one says enough', async () => {
    const mailAndComplain = async () => {
      const [first] = await arrived(4);
      await tell([complaint(first)]);
    };
    await mailAndComplain();
    advanceClock(DAY);
    await mailAndComplain();
    expect(await stopped()).toBeUndefined();
    advanceClock(DAY);
    await mailAndComplain();
    expect(await stopped()).toMatchObject({ rates: { delivered: 12, complained: 3 } });
  });

  test('B1 what was sent more than seven days ago stops nothing', async () => {
    const ids = await arrived(10);
    advanceClock(8 * DAY);
    await tell(ids.slice(0, 5).map((id) => complaint(id)));
    expect(await stopped()).toBeUndefined();
  });

  test('stops that purpose only: other uses go on, and so does service mail', async () => {
    const person = await makePerson(deps, 'anna@maschinenbau.example', [
      agreed('newsletter'),
      agreed('event-invitation'),
      agreed('call-centre', { proof: 'oral' }),
    ]);
    const ids = await arrived(10);
    await arrived(10, 'event-invitation');
    await tell(ids.slice(0, 5).map((id) => bounce(id)));
    advanceClock(MINUTE + SECOND);
    const decided = async (use: string) => (await decideOne(deps, person.id, { use })).decision;
    expect(await decided('newsletter')).toMatchObject({
      allowed: false,
      reasons: ['sending-stopped'],
      wouldNeed: ['release'],
    });
    expect(await decided('event-invitation')).toMatchObject({ allowed: true });
    expect(await decided('call-centre')).toMatchObject({ allowed: true });
    await system.signUp('new@example.com');
    await system.work();
    expect(system.mailsTo('new@example.com')).toHaveLength(1);
  });

  test('neither reserves nor records what was stopped, and remembers for past questions', async () => {
    const person = await makePerson(deps, 'ben@maschinenbau.example', [agreed('newsletter')]);
    const ids = await arrived(10);
    const before = now();
    advanceClock(SECOND);
    await tell(ids.slice(0, 5).map((id) => bounce(id)));
    const since = (await stopped())?.since ?? '';
    advanceClock(MINUTE + SECOND);
    const intent: Intent = { kind: 'record', channel: 'email', mailing: 'spring', topics: [] };
    const refused = await decideOne(deps, person.id, { intent });
    expect(refused).toMatchObject({ decision: { reason: 'sending-stopped' } });
    expect(refused.sendId).toBeUndefined();
    await releaseSending(deps.db, PURPOSE, { at: now(), by: 'm.meier', reason: 'cleaned' });
    advanceClock(MINUTE + SECOND);
    expect(await decideOne(deps, person.id)).toMatchObject({ decision: { allowed: true } });
    expect(await stopAt(deps.db, BRAND, 'newsletter', before)).toBeUndefined();
    expect(await stopAt(deps.db, BRAND, 'newsletter', since)).toMatchObject({ why: 'bounces' });
  });

  test('asks the table once a minute for a whole batch', async () => {
    const people = await Promise.all(
      ['c', 'd', 'e'].map((name) => makePerson(deps, `${name}@maschinenbau.example`, [agreed('newsletter')])),
    );
    await decideOne(deps, people[0]?.id ?? '');
    deps.db.reset();
    for (const { id } of people) await decideOne(deps, id);
    expect(deps.db.units().read).toBeLessThanOrEqual(2 * people.length);
  });
});

describe('what counts', () => {
  test('service mail, mail without our tags and unknown send ids count nowhere', async () => {
    const before = await system.dump('engagement');
    for (const id of [undefined, 'm_mail', `s_${BRAND}_${'0'.repeat(32)}_${'0'.repeat(32)}`, 'p_nobody']) {
      await tell([delivery(id), bounce(id), complaint(id)]);
    }
    expect(await system.dump('engagement')).toEqual(before);
  });

  test.each<[string, (id: string) => SesEvent, object]>([
    ['a hard bounce', (id) => bounce(id), { bounced: 1 }],
    ['a soft bounce', (id) => bounce(id, { kind: 'Transient/MailboxFull' }), { bounced: 0 }],
    [
      'mail that SES held back',
      (id) => bounce(id, { kind: 'Permanent/OnAccountSuppressionList' }),
      { bounced: 0 },
    ],
    [
      'SES’s own unsubscribe',
      (id) => bounce(id, { kind: 'Permanent/UnsubscribedRecipient' }),
      { bounced: 0 },
    ],
    ['“not spam”', (id) => complaint(id, { feedbackType: 'not-spam' }), { complained: 0 }],
    ['a complaint', (id) => complaint(id), { complained: 1 }],
    [
      'a complaint that SES repeats',
      (id) => complaint(id, { subType: 'OnAccountSuppressionList' }),
      { complained: 0 },
    ],
  ])('%s', async (_, event, counts) => {
    await tell([event(await sentMail(deps.db))]);
    expect(await week()).toMatchObject({ delivered: 0, bounced: 0, complained: 0, ...counts });
  });

  test('B2 a refusal for our authentication counts as SES counts it, and closes no address', async () => {
    const event = bounce(await sentMail(deps.db), { diagnosticCode: 'smtp; 550 5.7.515 Access denied' });
    await receiveEvent(deps, event);
    await tell([event]);
    expect(await week()).toMatchObject({ bounced: 1 });
    expect(await system.pointerOf('anna@example.com')).toBeUndefined();
    expect(lines.some(({ event: name }) => name === 'bounce-needs-attention')).toBe(true);
  });

  test('a complaint counts for the day on which the mail was sent', async () => {
    const [id] = await arrived(1);
    advanceClock(2 * DAY);
    await tell([complaint(id)]);
    const { days } = await readRates(deps.db, PURPOSE, undefined, now());
    expect(days.map(({ delivered, complained }) => [delivered, complained])).toEqual([
      [0, 0],
      [0, 0],
      [1, 1],
      ...Array.from({ length: 4 }, () => [0, 0]),
    ]);
  });

  test('V7 N7 told in any order, more than once and at once, the counts are the same and no stop comes twice', async () => {
    const kinds = fc.constantFrom('delivery', 'bounce', 'complaint');
    await fc.assert(
      fc.asyncProperty(
        fc.array(kinds, { minLength: 1, maxLength: 9 }),
        fc.infiniteStream(fc.nat()),
        fc.boolean(),
        async (wanted, chance, sideBySide) => {
          const use = `use-${(uses += 1)}`;
          const made: SesEvent[] = [];
          for (const kind of wanted) {
            const id = await sentMail(deps.db, { use });
            made.push({ delivery, bounce, complaint }[kind](id));
          }
          const again = made.filter(() => chance.next().value % 2 === 0);
          const order = [...made, ...made, ...again]
            .map((event) => ({ event, at: chance.next().value }))
            .sort((a, b) => a.at - b.at)
            .map(({ event }) => event);
          lines.length = 0;
          if (sideBySide) await Promise.all(order.map((event) => countReputation(deps, event)));
          else await tell(order);
          const count = (kind: string) => wanted.filter((each) => each === kind).length;
          expect(await week({ brand: BRAND, use })).toMatchObject({
            delivered: count('delivery'),
            bounced: count('bounce'),
            complained: count('complaint'),
          });
          expect(logged('sending-stopped').length).toBe((await stopped(use)) ? 1 : 0);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('V7 whatever the order of the complaints, at the last one it is stopped', async () => {
    const ids = await arrived(12);
    const complaints = ids.slice(0, 3).map((id) => complaint(id));
    await Promise.all([...complaints, ...complaints].map((event) => countReputation(deps, event)));
    expect(await stopped()).toMatchObject({ why: 'complaints' });
    expect(logged('sending-stopped')).toHaveLength(1);
  });

  test('V7 a failure half-way and once more counts each bounce once', async () => {
    const id = await sentMail(deps.db);
    const event = bounce(id);
    for (const arrives of [false, true]) {
      let calls = 0;
      const db = await faultyDatabase(deps.db, (operation) =>
        operation === 'TransactWrite' && (calls += 1) === 1
          ? { error: serviceError('InternalServerError'), arrives }
          : undefined,
      );
      await expect(countReputation({ ...deps, db }, event)).rejects.toThrow('InternalServerError');
    }
    await tell([event]);
    expect(await week()).toMatchObject({ bounced: 1 });
  });

  test('a delivery lost half-way makes the rates stricter, never looser', async () => {
    const event = delivery(await sentMail(deps.db));
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'Update' ? { error: serviceError('InternalServerError'), arrives: false } : undefined,
    );
    await expect(countReputation({ ...deps, db }, event)).rejects.toThrow('InternalServerError');
    await tell([event, event]);
    expect((await week()).delivered).toBe(0);
  });

  test('a delivery costs 2 WRU and 1.5 RRU, a bounce 4 WRU and no more than 13 RRU', async () => {
    const id = await sentMail(deps.db);
    await tell([bounce(id)]);
    deps.db.reset();
    await tell([delivery(id)]);
    expect(deps.db.units()).toEqual({ write: 2, read: 1.5 });
    deps.db.reset();
    await tell([bounce(id)]);
    const { write, read } = deps.db.units();
    expect(write).toBe(4);
    expect(read).toBeLessThanOrEqual(13);
  });

  test('counts go away by themselves, later than anybody looks back', async () => {
    const ids = await arrived(2);
    await tell([bounce(ids[0])]);
    const soon = Math.floor(Date.parse(plus(now(), 30 * DAY)) / 1_000);
    const items = (await system.dump('engagement')).filter(({ pk }) => pk.startsWith('REP#'));
    expect(items.length).toBeGreaterThan(3);
    for (const { expiresAt } of items) expect(expiresAt).toBeGreaterThan(soon);
  });
});
let uses = 0;

describe('a release', () => {
  const release = () =>
    releaseSending(deps.db, PURPOSE, { at: now(), by: 'm.meier', reason: 'the list was cleaned' });

  test('lets it go on by a name and a reason, and the same events do not stop it again', async () => {
    const ids = await arrived(10);
    const bounces = ids.slice(0, 5).map((id) => bounce(id));
    await tell(bounces);
    const stop = await stopped();
    advanceClock(SECOND);
    expect(await release()).toMatchObject({
      released: { by: 'm.meier', reason: 'the list was cleaned', stop },
      week: { delivered: 0, bounced: 0 },
    });
    expect(logged('sending-released')).toMatchObject([{ by: 'm.meier', reason: 'the list was cleaned' }]);
    await tell([...bounces, ...ids.map((id) => complaint(id))]);
    expect(await stopped()).toBeUndefined();
  });

  test('is followed by another stop where it goes on like that', async () => {
    const ids = await arrived(10);
    await tell(ids.slice(0, 5).map((id) => bounce(id)));
    advanceClock(SECOND);
    await release();
    advanceClock(SECOND);
    const more = await arrived(10);
    await tell(more.slice(0, 4).map((id) => complaint(id)));
    expect(await stopped()).toMatchObject({ why: 'complaints', rates: { delivered: 10, bounced: 0 } });
    expect(logged('sending-stopped')).toHaveLength(2);
  });

  test('of what is not stopped is refused, and of two at once one counts', async () => {
    await expect(release()).rejects.toMatchObject({ code: 'conflict' });
    const ids = await arrived(10);
    await tell(ids.slice(0, 5).map((id) => bounce(id)));
    const both = await Promise.allSettled([release(), release()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

test('B1 B3 by default a purpose is warned of and stopped below what SES and Gmail bear', () => {
  const { guard } = policy.parse({ id: 'any' });
  expect(guard.complaints).toMatchObject({ warn: 0.001, stop: 0.003 });
  expect(guard.bounces.stop).toBeLessThan(0.05);
});
