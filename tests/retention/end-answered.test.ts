import { afterAll, expect, test } from 'vitest';

import { readContact } from '../../shared/contacts/store.ts';
import { DAY, MINUTE, SECOND, now, plus, plusMonths, toMs } from '../../shared/platform/clock.ts';
import { answerRequest, askUs, requestNumber, requestsOf } from '../../shared/preferences/person-request.ts';
import type { LookDeps } from '../../shared/retention/look-at.ts';
import { readErased } from '../../shared/retention/store.ts';
import { wakeContacts } from '../../shared/retention/wake-contacts.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { CONTROLLER, advanceClock, resetClock } from '../support/system.ts';
import { openRetaining, question } from './somebody.ts';
import type { Retaining } from './somebody.ts';

afterAll(resetClock);

/** Lets time pass until `at`, then does what the clock does. */
async function until({ deps }: { deps: LookDeps }, at: string): Promise<void> {
  advanceClock(toMs(at) - toMs(now()));
  await wakeContacts(deps);
}

/** Somebody who asked two things, of which the first is answered, and when that may go. */
async function openAsked(system: Retaining) {
  const { db } = system.deps;
  const { id } = await system.stranger();
  const ask = (text: string) => askUs(db, question(id, text));
  const [first] = [await ask('Where from?'), await ask('Why?')];
  const answer = (request: string) =>
    answerRequest(db, CONTROLLER, request, { at: now(), by: 'k.lund', text: 'From your card.' });
  await answer(first?.id ?? '');
  const end = `${Number(now().slice(0, 4)) + 4}-01-01T00:00:00.000Z`;
  const numbers = async () => (await requestsOf(db, CONTROLLER, id)).map(requestNumber).toSorted();
  return { id, ask, answer, end, numbers };
}

test('G14 an answer is kept for three years to the end of the year, and gone with the next', async () => {
  const system = await openRetaining();
  const { end, numbers } = await openAsked(system);
  await until(system, plus(now(), MINUTE));
  await until(system, plus(end, -SECOND));
  expect(await numbers()).toEqual(['1', '2']);
  await until(system, end);
  expect(await numbers()).toEqual(['2']);
  expect(await system.everything()).not.toContain('from your card');
});

test('D1 a request that nobody has answered never expires, and its person is not forgotten before', async () => {
  const system = await openRetaining();
  const { id, answer, numbers } = await openAsked(system);
  const { db } = system.deps;
  await until(system, plus(now(), 20 * 366 * DAY));
  expect(await numbers()).toEqual(['2']);
  expect(await readContact(db, id)).toBeDefined();
  await answer((await requestsOf(db, CONTROLLER, id))[0]?.id ?? '');
  await until(system, plus(now(), 28 * DAY + MINUTE));
  // Idle for long and now without a matter: forgotten, and the answer with them.
  expect(await readErased(db, id)).toMatchObject({ requestedBy: 'retention' });
  expect(await numbers()).toEqual([]);
});

test('a new request counts on from those that are left', async () => {
  const system = await openRetaining();
  const { ask, end, numbers } = await openAsked(system);
  await until(system, plus(now(), MINUTE));
  await until(system, end);
  const third = await ask('Where from?');
  expect(third && requestNumber(third)).toBe('3');
  expect(await numbers()).toEqual(['2', '3']);
});

test('G14 the years are those of the policy on the day', async () => {
  const system = await openRetaining();
  const { end, numbers } = await openAsked(system);
  await until(system, plus(now(), MINUTE));
  const retention = { idleContactMonths: 24, promotionMonths: 24, proofYears: 4, phoneProofYears: 5 };
  await system.set('policy', CONTROLLER, { id: CONTROLLER, retention });
  await until(system, plus(end, DAY));
  expect(await numbers()).toEqual(['1', '2']);
  await until(system, plusMonths(end, 12));
  expect(await numbers()).toEqual(['2']);
});

test('what fails is done again, and two at once do it once', async () => {
  const system = await openRetaining();
  const { end, numbers } = await openAsked(system);
  await until(system, plus(now(), MINUTE));
  const db = await faultyDatabase(system.deps.db, (operation) =>
    operation === 'Delete' ? { error: serviceError('InternalServerError'), arrives: false } : undefined,
  );
  await until({ deps: { ...system.deps, db } }, end);
  expect(await numbers()).toEqual(['1', '2']);
  advanceClock(6 * MINUTE);
  await Promise.all([wakeContacts(system.deps), wakeContacts(system.deps)]);
  expect(await numbers()).toEqual(['2']);
});

test('D4 an erasure takes requests along, answered or not, and they do not come back', async () => {
  const system = await openRetaining();
  const { id, end, numbers } = await openAsked(system);
  await system.erase(id);
  expect(await numbers()).toEqual([]);
  await until(system, plus(end, DAY));
  expect(await numbers()).toEqual([]);
  expect((await system.dump('contacts')).filter(({ pk }) => pk.startsWith('Q#'))).toEqual([]);
});
