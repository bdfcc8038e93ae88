import { isDeepStrictEqual } from 'node:util';

import { afterAll, expect, test } from 'vitest';

import { readContact } from '../../shared/contacts/store.ts';
import { writeEvent } from '../../shared/engagement/write-event.ts';
import { DAY, MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { consumeGroups } from '../../shared/platform/stream.ts';
import { keepScores, scoreOwner } from '../../shared/scoring/keep-scores.ts';
import { readScore } from '../../shared/scoring/store.ts';
import { agreed, makePerson } from '../decision/people.ts';
import { CONTROLLER, openTestSystem, resetClock } from '../support/system.ts';

const { deps } = await openTestSystem();
const { db } = deps;
afterAll(resetClock);
const person = async (name: string) =>
  (await makePerson(deps, `${name}@maschinenbau.example`, [agreed('newsletter'), agreed('profiling')])).id;
/** Acts of usual length, none of which is capped. */
const act = (contactId: string, at: number, agoMs: number) =>
  writeEvent(db, {
    contactId,
    controller: CONTROLLER,
    id: `0190b5f2-7c1e-7a3b-9c4d-${String(at).padStart(12, '0')}-${agoMs}`,
    source: 'web-tracker',
    type: ['download', 'form', 'event-registration'][at % 3] ?? '',
    occurredAt: plus(now(), -agoMs - at * SECOND),
    topics: ['drives', 'service'],
    asset: 'Baureihe 7, Anwendungen',
    campaign: 'autumn-2026',
    page: 'https://www.nordlicht.example/produkte/antriebe/baureihe-7/anwendungen?utm_campaign=autumn-2026',
  });

/**
 * Units of all that follows from events of these contacts in one batch of the stream: their scores, and what the stream
 * of contacts says where scores were told to them.
 */
async function unitsToScore(label: string, contactIds: readonly string[], events: number) {
  const sum = { read: 0, write: 0 };
  let ids = contactIds;
  while (ids.length > 0) {
    const before = await Promise.all(ids.map((id) => readContact(db, id)));
    const Records = ids.map((id) => {
      const { pk, sk } = keys.contact(id);
      return {
        eventName: 'MODIFY',
        dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: '1' },
      };
    });
    db.reset();
    const answer = await consumeGroups({ Records }, { groupOf: scoreOwner, concerns: () => true }, (key) =>
      keepScores(deps, key),
    );
    const { read, write } = db.units();
    expect(answer.batchItemFailures).toEqual([]);
    sum.read += read;
    sum.write += write;
    const after = await Promise.all(ids.map((id) => readContact(db, id)));
    ids = ids.filter((_, at) => !isDeepStrictEqual(before[at], after[at]));
  }
  const [write, read] = [sum.write / events, sum.read / events];
  process.stdout.write(`${label}: ${write.toFixed(2)} WRU, ${read.toFixed(2)} RRU per event\n`);
  return { write, read };
}
const scored = async (contactId: string) => {
  const score = await readScore(db, contactId);
  if (!score) throw new Error('there is no score');
  return score;
};

const [warm, first, ten, alone] = await Promise.all(['warm', 'first', 'ten', 'alone'].map(person));
await act(warm ?? '', 1, MINUTE);
await unitsToScore('what a warm function remembers', [warm ?? ''], 1);

test('a first score costs at most 6 WRU and 12 RRU', async () => {
  const id = first ?? '';
  await act(id, 1, MINUTE);
  const units = await unitsToScore('first score', [id], 1);
  expect((await scored(id)).total).toBeGreaterThan(0);
  expect(units.write).toBeLessThanOrEqual(6);
  expect(units.read).toBeLessThanOrEqual(12);
});

test('events that come ten at a time for a contact cost at most 1 WRU and 2 RRU each to be scored', async () => {
  const id = ten ?? '';
  for (let at = 0; at < 10; at += 1) await act(id, at, 2 * DAY);
  await unitsToScore('first ten', [id], 10);
  const before = await scored(id);
  for (let at = 0; at < 10; at += 1) await act(id, at, MINUTE);
  const units = await unitsToScore('ten more', [id], 10);
  expect((await scored(id)).total).toBeGreaterThan(before.total);
  expect(units.write).toBeLessThanOrEqual(1);
  expect(units.read).toBeLessThanOrEqual(2);
});

test('one event more of a contact with a score costs at most 5 WRU and 10 RRU to be scored, told again no WRU', async () => {
  const id = alone ?? '';
  for (let at = 0; at < 30; at += 1) await act(id, at, DAY);
  await unitsToScore('thirty', [id], 30);
  await act(id, 1, MINUTE);
  const units = await unitsToScore('one more', [id], 1);
  expect(units.write).toBeLessThanOrEqual(5);
  expect(units.read).toBeLessThanOrEqual(10);
  const again = await unitsToScore('the same again', [id], 1);
  expect(again.write).toBe(0);
});
