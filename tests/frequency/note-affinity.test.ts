import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import type { ContactFrequency } from '../../shared/contacts/contact.ts';
import type { Intent } from '../../shared/decision/reserve.ts';
import { afterReaction } from '../../shared/frequency/after-reaction.ts';
import { noteAffinity } from '../../shared/frequency/note-affinity.ts';
import { DAY, now, plus } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { remove } from '../../shared/platform/table.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { agreed, decideOne, makePerson } from '../decision/people.ts';
import { reread } from '../permission/person.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { advanceClock, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
const { deps } = system;
afterAll(resetClock);

const RESERVE: Intent = { kind: 'reserve', channel: 'email' };
const RECORD: Intent = { kind: 'record', channel: 'email', mailing: 'spring-2026', topics: [] };
let people = 0;
let contactId = '';
beforeEach(async () => {
  const uses = [agreed('newsletter'), agreed('tracking'), agreed('direct-mail')];
  contactId = (await makePerson(deps, `affine-${(people += 1)}@example.com`, uses)).id;
});
const contact = () => reread(deps.db, contactId);
const note = async (says: Parameters<typeof noteAffinity>[2]) => noteAffinity(deps.db, await contact(), says);
const send = () => decideOne(deps, contactId, { intent: RECORD });
/** How many mails go out before the caps refuse one. */
async function sentUntilRefused(): Promise<number> {
  for (let sent = 0; ; sent += 1) if (!(await send()).decision.allowed) return sent;
}

describe('DOMAIN 5 interest band 1', () => {
  test('gets 4 mails in 7 days and 12 in 30, everybody else 2 and 6', async () => {
    const sentIn = async (weeks: number) => {
      const sent: number[] = [];
      for (let week = 0; week < weeks; week += 1) {
        sent.push(await sentUntilRefused());
        advanceClock(7 * DAY);
        // Somebody who reads what they get is not slowed down.
        await noteAffinity(deps.db, await contact(), { highAffinity: high, reactedAt: now() });
      }
      return sent;
    };
    let high = false;
    expect(await sentIn(4)).toEqual([2, 2, 2, 0]);
    advanceClock(60 * DAY);
    high = true;
    await note({ highAffinity: true });
    expect(await sentIn(4)).toEqual([4, 4, 4, 0]);
  });

  test('counts until the score says otherwise, and leaves nothing when the score goes', async () => {
    await note({ highAffinity: true });
    expect((await contact()).highAffinity).toBe(true);
    expect(await sentUntilRefused()).toBe(4);
    await note({ highAffinity: false });
    expect(await contact()).not.toHaveProperty('highAffinity');
    expect((await send()).decision.reason).toBe('frequency');
  });

  test('says nothing about a decision of the past', async () => {
    await sentUntilRefused();
    const then = now();
    advanceClock(1);
    await note({ highAffinity: true });
    const today = await decideOne(deps, contactId);
    const past = await decideOne(deps, contactId, { at: then, past: true });
    expect([today.decision.reason, past.decision.reason]).toEqual(['allowed', 'frequency']);
  });
});

describe('a reaction', () => {
  test('ends the slow-down that silence brought', async () => {
    for (let week = 0; week < 10; week += 1) {
      await send();
      advanceClock(8 * DAY);
    }
    expect((await contact()).frequency?.unanswered?.count).toBe(10);
    await send();
    const slowed = await send();
    expect(slowed.decision).toMatchObject({ allowed: false, reasons: ['unanswered'] });
    await note({ highAffinity: false, reactedAt: now() });
    expect((await contact()).frequency).not.toHaveProperty('unanswered');
    expect((await send()).decision.allowed).toBe(true);
    expect((await contact()).frequency?.unanswered).toMatchObject({ count: 1 });
  });

  test('answers what was sent until then, not what came after', async () => {
    await send();
    const reactedAt = now();
    advanceClock(8 * DAY);
    await send();
    const since = now();
    await note({ highAffinity: false, reactedAt });
    const { frequency } = await contact();
    expect(frequency?.unanswered?.count).toBe(1);
    expect(frequency?.unanswered?.since.slice(0, 16)).toBe(since.slice(0, 16));
  });

  test('told again, or an earlier one, changes nothing of the frequency and writes nothing twice', async () => {
    await send();
    const reactedAt = now();
    await note({ highAffinity: false, reactedAt });
    const once = await contact();
    system.deps.db.reset();
    await Promise.all([1, 2, 3].map(() => noteAffinity(deps.db, once, { highAffinity: false, reactedAt })));
    expect(system.deps.db.calls().write).toBe(0);
    expect(await contact()).toEqual(once);
    await note({ highAffinity: false, reactedAt: plus(reactedAt, -DAY) });
    expect((await contact()).frequency).toEqual(once.frequency);
  });

  test('at the same time as reservations and messages loses neither', async () => {
    await note({ highAffinity: true });
    await send();
    const stale = await contact();
    const reactedAt = now();
    const [taken] = await Promise.all([
      Promise.all([1, 2, 3, 4, 5].map(() => decideOne(deps, contactId, { intent: RESERVE }))),
      ...[1, 2, 3].map(() => noteAffinity(deps.db, stale, { highAffinity: true, reactedAt })),
    ]);
    expect(taken.filter(({ decision }) => decision.allowed)).toHaveLength(3);
    const { highAffinity, frequency } = await contact();
    expect(highAffinity).toBe(true);
    expect(frequency?.slots).toHaveLength(4);
    expect(frequency).not.toHaveProperty('unanswered');
  });

  test('U11 at the same time as a withdrawal leaves the withdrawal', async () => {
    const stale = await contact();
    await withdraw(deps, {
      contactId,
      brand: demoBrand,
      scope: { kind: 'all' },
      route: 'one-click',
      actor: { kind: 'person' },
    });
    const left = await contact();
    await noteAffinity(deps.db, stale, { highAffinity: true, reactedAt: now() });
    expect((await contact()).permissions).toEqual(left.permissions);
    expect((await contact()).highAffinity).toBe(true);
  });

  test('D4 of somebody who was erased meanwhile brings nobody back', async () => {
    const stale = await contact();
    await remove(deps.db, { remove: 'contacts', key: keys.contact(contactId) });
    await noteAffinity(deps.db, stale, { highAffinity: true, reactedAt: now() });
    await expect(contact()).rejects.toThrow();
  });

  test('whose write failed is told again', async () => {
    await send();
    const before = await contact();
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'Update' ? { error: serviceError('InternalServerError'), arrives: false } : undefined,
    );
    const reactedAt = now();
    await expect(noteAffinity(db, before, { highAffinity: true, reactedAt })).rejects.toThrow();
    expect(await contact()).toEqual(before);
    await noteAffinity(deps.db, before, { highAffinity: true, reactedAt });
    expect((await contact()).highAffinity).toBe(true);
  });
});

test('after a reaction exactly the used e-mail slots since then are unanswered, however often it is told', () => {
  const START = '2026-11-01T08:00:00.000Z';
  const slot = fc.record({
    day: fc.integer({ min: 0, max: 30 }),
    channel: fc.constantFrom('email' as const, 'post' as const),
    reserved: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(slot), fc.integer({ min: 0, max: 30 }), (slots, day) => {
      const known: ContactFrequency = {
        rev: 1,
        slots: slots.map((each) => ({
          at: plus(START, each.day * DAY),
          channel: each.channel,
          brand: 'nordlicht',
          use: 'newsletter',
          ...(each.reserved ? { reservation: { id: 'r', until: plus(START, 99 * DAY) } } : {}),
        })),
        unanswered: { count: 40, since: START },
      };
      const reactedAt = plus(START, day * DAY);
      const after = afterReaction(known, reactedAt);
      const later = slots.filter((each) => each.channel === 'email' && !each.reserved && each.day > day);
      expect(after.unanswered?.count).toBe(later.length === 0 ? undefined : later.length);
      expect(after.slots).toEqual(known.slots);
      expect(after.rev).toBe(2);
      expect(afterReaction(after, reactedAt)).toBe(after);
    }),
  );
});
