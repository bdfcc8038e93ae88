import { afterAll, beforeEach, expect, test } from 'vitest';

import { readJob, readJobPage } from '../../shared/jobs/job-store.ts';
import { cancelJob, requestJob } from '../../shared/jobs/request-job.ts';
import { runJobs } from '../../shared/jobs/run-jobs.ts';
import { MINUTE, now } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import type { Database } from '../../shared/platform/table.ts';
import { agreed, makePerson } from '../decision/people.ts';
import { grant } from '../permission/person.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import {
  BRAND,
  CONTROLLER,
  advanceClock,
  captureLog,
  openTestSystem,
  resetClock,
} from '../support/system.ts';

const MANY = 3_000;
const PAGE = { page: 200 };
const { deps, dump } = await openTestSystem();
beforeEach(() => void captureLog());
afterAll(resetClock);

const anna = await makePerson(deps, 'anna@firma.example', [agreed('newsletter')]);
const { form: _form, ...held } = grant(1);
const known = { ...anna, permissions: {} };
const crowd = Array.from({ length: MANY - 1 }, (_, at) => {
  const id = `con_crowd${at}`;
  const permissions = at % 3 === 0 ? {} : { [`${BRAND}#newsletter`]: { ...held, addressKey: id } };
  return { ...known, ...keys.contact(id), id, addressKey: id, permissions };
});
for (let from = 0; from < crowd.length; from += 500) {
  const batch = crowd.slice(from, from + 500);
  await Promise.all(batch.map((item) => write(deps.db, { put: 'contacts', item })));
}
const agreeing = [anna.id, ...crowd.flatMap(({ id }, at) => (at % 3 === 0 ? [] : [id]))].toSorted();

const asker = { controller: CONTROLLER, keyId: 'ak_1' };
async function begin(): Promise<string> {
  const filter = { brand: BRAND, use: 'newsletter' };
  return (await requestJob(deps, { ...asker, at: now() }, { kind: 'audience', filter })).id;
}
async function found(jobId: string) {
  const job = await readJob(deps.db, jobId);
  if (!job) throw new Error('the job is gone');
  const pages = await Promise.all(
    Array.from({ length: job.pages }, (_, at) => readJobPage(deps.db, jobId, at)),
  );
  return { job, ids: pages.flat().toSorted() };
}
/** A process that ends in the midst of its `last` call: this one may be done or not, and there are no more. */
async function dying(last: number, arrives: boolean): Promise<Database> {
  let calls = 0;
  return faultyDatabase(deps.db, () => {
    calls += 1;
    if (calls < last) return undefined;
    return { error: serviceError('InternalServerError'), arrives: arrives && calls === last };
  });
}

test('a job over thousands of contacts that is killed again and again counts everybody once', async () => {
  const id = await begin();
  const progress: number[] = [];
  for (let run = 0; (await found(id)).job.state !== 'done'; run += 1) {
    await runJobs({ ...deps, db: await dying(9 + 4 * run, run % 2 === 0) }, PAGE).catch(() => undefined);
    progress.push((await found(id)).job.contacts);
    advanceClock(3 * MINUTE);
  }
  const { job, ids } = await found(id);
  expect(progress.length).toBeGreaterThan(4);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(ids).toEqual(agreeing);
  expect(job).toMatchObject({ contacts: MANY, listed: agreeing.length, failures: { count: 0 } });
  expect(Object.fromEntries(job.tallies.map(({ outcome, count }) => [outcome, count]))).toEqual({
    allowed: agreeing.length,
    refused: MANY - agreeing.length,
  });
}, 60_000);

test('of a job that is cancelled amid a page nothing more is written, and nothing is left', async () => {
  const id = await begin();
  let pages = 0;
  const db = await faultyDatabase(deps.db, (operation) => {
    pages += operation === 'Scan' ? 1 : 0;
    return undefined;
  });
  const run = runJobs({ ...deps, db }, PAGE);
  while (pages < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  await cancelJob(deps.db, { ...asker, at: now() }, id);
  const before = (await found(id)).job;
  expect(before).toMatchObject({ state: 'running' });
  expect(before.contacts).toBeLessThan(MANY);
  await run;
  expect((await found(id)).job).toEqual(before);
  await runJobs(deps, PAGE);
  expect((await dump('config')).filter(({ pk, sk }) => pk === keys.job(id).pk || sk === id)).toEqual([]);
}, 60_000);
