import { afterAll, expect, test } from 'vitest';

import { now } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { scoredPerson } from '../scoring/scored-person.ts';
import { resetClock } from '../support/system.ts';
import { openLambda, streamEvent } from './lambda.ts';

const system = await openLambda();
const { handler } = await import('../../functions/score.ts');
afterAll(resetClock);

const people: Awaited<ReturnType<typeof scoredPerson>>[] = [];
for (const name of ['anna', 'ben', 'carla']) {
  const person = await scoredPerson(system, `${name}@kunde.example`);
  for (const n of [1, 2]) await person.act('download', { id: `${name}-${n}` });
  people.push(person);
}
const scores = () => Promise.all(people.map(({ score }) => score()));
const events = async () => (await system.dump('engagement')).filter(({ sk }) => sk.startsWith('EVT#'));

test('works a contact out once per batch, however often it is told of', async () => {
  const event = await streamEvent('ddb-ledger-insert', await events());
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [] });
  const first = await scores();
  expect(first.map((score) => [score?.total, score?.rev])).toEqual([
    [40, 1],
    [40, 1],
    [40, 1],
  ]);
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [] });
  expect(await scores()).toEqual(first);
});

test('N6 one damaged contact is named by its earliest record, and the others get their scores', async () => {
  const [anna, ben, carla] = people;
  if (!anna || !ben || !carla) throw new Error('three people');
  for (const person of people) await person.act('webinar');
  // Not an event, though it stands where events do.
  await write(system.deps.db, { put: 'engagement', item: { ...keys.event(ben.id, now(), 'shop', 'x') } });
  const all = await events();
  const event = await streamEvent('ddb-ledger-insert', all);
  const first = all.findIndex(({ pk }) => pk === keys.contact(ben.id).pk);
  await expect(handler(event)).resolves.toEqual({
    batchItemFailures: [{ itemIdentifier: String(first + 1) }],
  });
  expect(await anna.score()).toMatchObject({ total: 70 });
  expect(await carla.score()).toMatchObject({ total: 70 });
  expect(await ben.score()).toMatchObject({ total: 40 });
});
