import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import type { Intent } from '../../shared/decision/reserve.ts';
import { volumeItem } from '../../shared/decision/volume.ts';
import { DAY, now } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { queryPartition } from '../../shared/platform/read-many.ts';
import type { Database } from '../../shared/platform/table.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { BRAND, advanceClock, openTestSystem, resetClock } from '../support/system.ts';
import { agreed, decideAs, makePerson } from './people.ts';

const { deps } = await openTestSystem();
afterAll(resetClock);
let people = 0;
const somebody = async (uses = ['newsletter', 'call-centre']) => {
  const email = `volume-${(people += 1)}@example.com`;
  return (
    await makePerson(
      deps,
      email,
      uses.map((use) => agreed(use, { proof: 'double' })),
    )
  ).id;
};

let mailing = '';
beforeEach(() => {
  mailing = `mailing-${(people += 1)}`;
});
const sending = (topics: string[], more: Partial<Intent> = {}): Intent => ({
  kind: 'record',
  channel: 'email',
  mailing,
  topics,
  ...more,
});
const send = async (to: string[], intent: Intent, db: Database = deps.db) =>
  decideAs({ ...deps, db }, { candidates: to.map((id) => ({ ref: { id } })), intent });
/** What is told of the mailing of this test. */
async function told() {
  const { pk } = keys.volume(BRAND, '', '', '');
  const items = await Array.fromAsync(queryPartition(deps.db, 'engagement', pk, volumeItem));
  return items.filter((item) => item.mailing === mailing);
}

describe('how much is sent', () => {
  test('a mailing is told once per day and topic, however many batches it takes', async () => {
    const [anna, ben, cora] = await Promise.all([somebody(), somebody(), somebody()]);
    const day = now().slice(0, 10);
    await send([anna], sending(['drives', 'service']));
    deps.db.reset();
    await send([ben], sending(['drives']));
    const again = deps.db.units().write;
    const line = { day, use: 'newsletter', mailing };
    expect(await told()).toEqual([
      { ...line, topic: 'drives' },
      { ...line, topic: 'service' },
    ]);
    advanceClock(DAY);
    deps.db.reset();
    await send([cora], sending(['drives']));
    expect(deps.db.units().write).toBe(again + 1);
    expect(await told()).toHaveLength(3);
  });

  test('one without topics is told of its use', async () => {
    await send([await somebody()], sending([]));
    expect(await told()).toEqual([{ day: now().slice(0, 10), use: 'newsletter', mailing }]);
  });

  test('nothing is told where nobody may be written to, or only asked', async () => {
    await send([await somebody([]), 'con_nobody'], sending(['drives']));
    await send([await somebody()], { kind: 'reserve', channel: 'email' });
    expect(await told()).toEqual([]);
  });

  test('what cannot be told stops no message, and is told by the next batch', async () => {
    let broken = true;
    const db = await faultyDatabase(deps.db, (operation) =>
      broken && operation === 'Put'
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    expect(await send([await somebody()], sending(['drives']), db)).toMatchObject([
      { sendId: expect.stringMatching(/^p/) },
    ]);
    expect(await told()).toEqual([]);
    broken = false;
    await send([await somebody()], sending(['drives']), db);
    expect(await told()).toHaveLength(1);
  });
});
