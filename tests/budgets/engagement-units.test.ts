import { expect, test } from 'vitest';

import type { IncomingEvent } from '../../shared/engagement/incoming.ts';
import { receiveEvents } from '../../shared/engagement/receive-events.ts';
import { now } from '../../shared/platform/clock.ts';
import { agreed, makePerson } from '../decision/people.ts';
import { granted } from '../permission/person.ts';
import { BRAND, CONTROLLER, openTestSystem } from '../support/system.ts';

const { deps } = await openTestSystem();
const person = (name: string) =>
  makePerson(deps, `${name}@maschinenbau.example`, [agreed('newsletter'), granted('tracking')]);
const people = await Promise.all(Array.from({ length: 10 }, (_, at) => person(`person-${at}`)));

/** A page visit with all that a tracker tells, ids and address of usual length. */
const visit = (contactId: string, id: string): IncomingEvent => ({
  id: `0190b5f2-7c1e-7a3b-9c4d-${id.padStart(12, '0')}`,
  source: 'web-tracker',
  type: 'page-visit',
  contact: { id: contactId },
  occurredAt: now(),
  topics: ['drives', 'service'],
  asset: 'Baureihe 7, Anwendungen',
  campaign: 'autumn-2026',
  page: 'https://www.nordlicht.example/produkte/antriebe/baureihe-7/anwendungen?utm_campaign=autumn-2026',
  brand: BRAND,
});

/** Request units of one call, after everything that a warm function has cached is cached. */
async function unitsOf(label: string, events: readonly IncomingEvent[]) {
  const teller = { controller: CONTROLLER, actor: { kind: 'api', key: 'ak_1' } as const, at: now() };
  deps.db.reset();
  const refused = await receiveEvents(deps, teller, events);
  expect(refused.flat()).toEqual([]);
  const units = deps.db.units();
  process.stdout.write(`${label}: ${units.write} WRU, ${units.read} RRU\n`);
  return units;
}
const idOf = (at: number) => people[at]?.id ?? '';
await unitsOf('the first, cold', [visit(idOf(0), 'warm')]);

test('an engagement event costs at most 1 WRU and 1 RRU', async () => {
  const units = await unitsOf('engagement event', [visit(idOf(0), 'one')]);
  expect(units).toMatchObject({ write: 1, read: 1 });
});

test('ten about one contact read it once', async () => {
  const events = Array.from({ length: 10 }, (_, at) => visit(idOf(0), `ten-${at}`));
  expect(await unitsOf('ten events of one contact', events)).toMatchObject({ write: 10, read: 1 });
});

test('ten about ten contacts cost what ten cost', async () => {
  const events = people.map(({ id }, at) => visit(id, `many-${at}`));
  const { write, read } = await unitsOf('ten events of ten contacts', events);
  expect(write).toBeLessThanOrEqual(10);
  expect(read).toBeLessThanOrEqual(10);
});

test('one that is refused writes nothing', async () => {
  deps.db.reset();
  const teller = { controller: CONTROLLER, actor: { kind: 'api', key: 'ak_1' } as const, at: now() };
  const wrong = { ...visit(idOf(0), 'wrong'), type: 'unheard-of' };
  expect(await receiveEvents(deps, teller, [wrong])).toMatchObject([[{ code: 'unknown-type' }]]);
  expect(deps.db.units()).toMatchObject({ write: 0, read: 0 });
});
