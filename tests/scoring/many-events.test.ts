import { afterAll, expect, test } from 'vitest';

import { putMany } from '../../infra/bench/put-many.ts';
import { eventKey } from '../../shared/engagement/event.ts';
import { DAY, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { finalDay } from '../../shared/scoring/interest.ts';
import { recalculate } from '../../shared/scoring/recalculate.ts';
import { readScore } from '../../shared/scoring/store.ts';
import { agreed, makePerson } from '../decision/people.ts';
import { event } from '../support/engagement.ts';
import { openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
const { deps } = system;
afterAll(resetClock);

/** Somebody with so many events of 40 to 300 days ago, scored. */
async function scored(many: number): Promise<string> {
  const { id } = await makePerson(deps, `many-${many}@kunde.example`, [agreed('profiling')]);
  await add(id, many, (n) => plus(now(), -(40 + (n % 260)) * DAY - n * SECOND));
  await recalculate(deps, id);
  return id;
}

async function add(contactId: string, many: number, when: (n: number) => string): Promise<void> {
  const events = Array.from({ length: many }, (_, n) => {
    const item = { ...event('download', when(n), { id: `${many}-${n}` }), contactId };
    return { ...eventKey(item), ...item };
  });
  await putMany(deps.db, 'engagement', events);
}

test(
  'old events cost nothing: one more is as dear after 10,000 as after 100',
  { timeout: 240_000 },
  async () => {
    const costs: { read: number; write: number }[] = [];
    for (const many of [100, 10_000]) {
      const id = await scored(many);
      await add(id, 1, now);
      system.deps.db.reset();
      await recalculate(deps, id);
      costs.push(deps.db.units());
      expect(await readScore(deps.db, id)).toMatchObject({ carry: { through: finalDay(now()) } });
    }
    const [few, lots] = costs;
    expect(lots?.read).toBeLessThanOrEqual((few?.read ?? 0) + 1);
    expect(lots?.write).toBeLessThanOrEqual((few?.write ?? 0) + 1);
    expect(few?.read).toBeLessThanOrEqual(4);
  },
);
