import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';

import { readJob } from '../../shared/jobs/job-store.ts';
import { runJobs } from '../../shared/jobs/run-jobs.ts';
import { NO_SCORES, addMoves } from '../../shared/jobs/score-tally.ts';
import type { ScoreMove } from '../../shared/jobs/score-tally.ts';
import { DAY, MINUTE, now, toMs } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { recalculate } from '../../shared/scoring/recalculate.ts';
import { storedScore } from '../../shared/scoring/stored-score.ts';
import { readSettingVersion } from '../../shared/settings/store.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { CONTROLLER, advanceClock, captureLog, openTestSystem, resetClock } from '../support/system.ts';
import { PAGE, otherRules, rulesOf } from './activated-rules.ts';
import { makeCrowd } from './scored-crowd.ts';

const NOON = '2026-12-09T12:00:00.000Z';
const MANY = 300;
// Time stands still unless it is moved: what is previewed and what is activated is then the same to the last digit.
vi.useFakeTimers({ toFake: ['Date'], now: toMs(NOON) - 20 * DAY });
const { deps, dump } = await openTestSystem();
const { inForce, preview, activate } = rulesOf(deps);
const seed = Number(process.hrtime.bigint() % 1_000_000n);
let ids: string[] = [];

beforeAll(async () => {
  vi.setSystemTime(toMs(NOON));
  ids = await makeCrowd(deps, MANY, seed);
  // A third was last scored weeks ago, a third is scored, a third never was.
  vi.setSystemTime(toMs(NOON) - 20 * DAY);
  for (const id of ids.slice(0, MANY / 3)) await recalculate(deps, id);
  vi.setSystemTime(toMs(NOON));
  for (const id of ids.slice(MANY / 3, (2 * MANY) / 3)) await recalculate(deps, id);
}, 180_000);
beforeEach(() => void captureLog());
afterAll(() => {
  resetClock();
  vi.useRealTimers();
});

type Stored = ReadonlyMap<string, { says: ScoreMove['after']; rules: number }>;
/** What the stored scores say, by contact. */
async function stored(): Promise<Stored> {
  const items = (await dump('engagement')).filter(({ sk }) => sk === keys.score('').sk);
  return new Map(
    z
      .array(storedScore)
      .parse(items)
      .map(({ contactId, total, band, grade, action, mql, rules }) => [
        contactId,
        { rules, says: { total, band, grade, action, isMql: mql !== undefined } },
      ]),
  );
}
const versionsOf = (scores: Stored) => [...new Set([...scores.values()].map(({ rules }) => rules))];
/** A process that ends amid its `last` call: no more calls are made. */
async function dying(last: number, arrives: boolean) {
  let calls = 0;
  return faultyDatabase(deps.db, (operation) => {
    calls += operation === 'Put' || operation === 'Update' || operation === 'TransactWrite' ? 1 : 0;
    if (calls < last) return undefined;
    return { error: serviceError('InternalServerError'), arrives: arrives && calls === last };
  });
}

test('what is previewed is what activating comes to, killed again and again, and going back undoes it', async () => {
  const document = otherRules(await inForce());
  const at = now();
  const atRest = await dump('engagement');
  deps.db.reset();
  const { job, listed } = await preview(document);
  const { read, write } = deps.db.units();
  expect(read / job.contacts).toBeLessThanOrEqual(4);
  // The checkpoints, with pages that are a tenth of what they are otherwise.
  expect(write / job.contacts).toBeLessThanOrEqual(1);
  expect(await dump('engagement')).toEqual(atRest);
  expect(job).toMatchObject({ contacts: ids.length, createdAt: at, failures: { count: 0 }, tallies: [] });

  const id = await activate(document, 1);
  let kills = 0;
  while ((await readJob(deps.db, id))?.state !== 'done') {
    await runJobs({ ...deps, db: await dying(20 + ((seed + 37 * kills) % 60), kills % 2 === 0) }, PAGE).catch(
      () => undefined,
    );
    kills += 1;
    advanceClock(3 * MINUTE);
  }
  expect(kills).toBeGreaterThan(4);
  expect(await readJob(deps.db, id)).toMatchObject({ contacts: ids.length, failures: { count: 0 } });

  const after = await stored();
  const former = await readSettingVersion(deps.db, 'scoring', CONTROLLER, 1);
  if (!former) throw new Error('the former rules are gone');
  await activate(former.document, 2);
  await runJobs(deps, PAGE);
  const before = await stored();
  expect(versionsOf(after)).toEqual([2]);
  expect(versionsOf(before)).toEqual([3]);
  expect([...after.keys()].toSorted(), `seed ${seed}`).toEqual([...before.keys()].toSorted());

  const moves = [...before].flatMap(([contactId, { says: was }]) => {
    const is = after.get(contactId)?.says;
    return is ? [{ id: contactId, moved: { before: was, after: is } }] : [];
  });
  const crossed = (isMql: boolean) =>
    moves.flatMap(({ id: contactId, moved }) =>
      moved.before.isMql !== isMql && moved.after.isMql === isMql ? [contactId] : [],
    );
  const { mql, ...told } = addMoves(NO_SCORES, moves);
  expect(job.scores, `seed ${seed}`).toMatchObject({ ...told, mql: { stays: mql.stays, none: mql.none } });
  expect(listed.toSorted(), `seed ${seed}`).toEqual([...crossed(true), ...crossed(false)].toSorted());
  for (const [way, isMql] of [
    ['becomes', true],
    ['stops', false],
  ] as const) {
    const { count, samples = [] } = job.scores?.mql[way] ?? {};
    expect([way, count]).toEqual([way, crossed(isMql).length]);
    expect(crossed(isMql)).toEqual(expect.arrayContaining(samples));
  }
  // Otherwise it would have shown nothing.
  expect(Math.min(crossed(true).length, crossed(false).length), `seed ${seed}`).toBeGreaterThan(0);
}, 240_000);
