import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { putAccount } from '../../shared/contacts/account-store.ts';
import type { Account } from '../../shared/contacts/account.ts';
import { readJob, readJobPage, removeJob } from '../../shared/jobs/job-store.ts';
import { progressOf } from '../../shared/jobs/job.ts';
import type { DecidedTask } from '../../shared/jobs/judge.ts';
import { requestJob } from '../../shared/jobs/request-job.ts';
import { runJobs } from '../../shared/jobs/run-jobs.ts';
import { MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { remove, write } from '../../shared/platform/table.ts';
import { agreed, makePerson } from '../decision/people.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import {
  BRAND,
  CONTROLLER,
  advanceClock,
  captureLog,
  openTestSystem,
  resetClock,
} from '../support/system.ts';

const AUDIENCE: DecidedTask = { kind: 'audience', filter: { brand: BRAND, use: 'newsletter' } };
const FEW = { page: 4 };
const ACCOUNT: Account = {
  schema: 1,
  id: 'acc_1',
  controller: CONTROLLER,
  externalIds: {},
  name: 'Firma',
  class: 'prospect',
  domains: [],
  createdAt: now(),
  updatedAt: now(),
  rev: 1,
};

const { deps, dump } = await openTestSystem();
let ids: string[] = [];
beforeAll(async () => {
  for (let number = 0; number < 25; number += 1) {
    const more = number < 3 ? { accountId: ACCOUNT.id } : {};
    ids.push((await makePerson(deps, `p${number}@firma.example`, [agreed('newsletter')], more)).id);
  }
  ids = ids.toSorted();
  await write(deps.db, putAccount(undefined, ACCOUNT));
});
beforeEach(() => void captureLog());
afterAll(resetClock);

const begin = async (task: DecidedTask = AUDIENCE) =>
  (await requestJob(deps, { controller: CONTROLLER, keyId: 'ak_1', at: now() }, task)).id;
async function look(id: string) {
  const found = await readJob(deps.db, id);
  if (!found) throw new Error(`no job ${id}`);
  return found;
}
/** The ids in all pages, with how often each occurs. */
async function results(id: string): Promise<string[]> {
  const { pages } = await look(id);
  const all = await Promise.all(Array.from({ length: pages }, (_, at) => readJobPage(deps.db, id, at)));
  return all.flat().toSorted();
}
/** All that came out of a job. */
async function outcome(id: string) {
  const { state, contacts, listed, tallies } = await look(id);
  return { state, contacts, listed, counts: tallies.map(({ count }) => count), ids: await results(id) };
}
/** Everybody once. */
const whole = () => ({ state: 'done', contacts: 25, listed: 25, counts: [25], ids });

describe('a job goes on', () => {
  test('from page to page and from run to run, and tells how far it is', async () => {
    const id = await begin();
    await runJobs(deps, { budget: 0 });
    expect(await look(id)).toMatchObject({ state: 'running', contacts: 0, pages: 0 });
    expect((await look(id)).leaseUntil).toBeUndefined();
    await runJobs(deps, FEW);
    expect(await outcome(id)).toEqual(whole());
    expect((await look(id)).pages).toBeGreaterThan(8);
    expect(progressOf(await look(id))).toEqual({ done: 25, total: 25 });
    const done = await look(id);
    expect(progressOf({ ...done, state: 'running', segment: 2, contacts: 7 })).toEqual({
      done: 7,
      total: 28,
    });
  });

  test.each([
    ['never arrives', false],
    ['is done and its answer lost', true],
  ])('wherever a call %s, with nobody lost and nobody twice', async (_, arrives) => {
    for (let nth = 1; ; nth += 4) {
      const id = await begin();
      let calls = 0;
      const db = await faultyDatabase(deps.db, (operation) => {
        calls += operation === 'Get' ? 0 : 1;
        return operation !== 'Get' && calls === nth
          ? { error: serviceError('InternalServerError'), arrives }
          : undefined;
      });
      await runJobs({ ...deps, db }, FEW).catch(() => undefined);
      advanceClock(3 * MINUTE);
      await runJobs(deps, FEW);
      expect(await outcome(id), `call ${nth}`).toEqual(whole());
      await removeJob(deps.db, id);
      if (calls < nth) break;
    }
  });

  test('after a run that died with its lease, once that is over', async () => {
    const id = await begin();
    let pages = 0;
    // A process that is killed makes no more calls at all.
    const dead = await faultyDatabase(deps.db, (operation) => {
      pages += operation === 'TransactWrite' ? 1 : 0;
      return pages > 3 ? { error: serviceError('InternalServerError'), arrives: false } : undefined;
    });
    await runJobs({ ...deps, db: dead }, FEW);
    const left = await look(id);
    expect(left.contacts).toBeGreaterThan(0);
    expect(left.contacts).toBeLessThan(25);
    await runJobs(deps, FEW);
    expect(await look(id)).toEqual(left);
    advanceClock(3 * MINUTE);
    await runJobs(deps, FEW);
    expect(await outcome(id)).toEqual(whole());
  });
});

describe('a job is done', () => {
  test('by one of five runs at once', async () => {
    const id = await begin();
    await Promise.all(Array.from({ length: 5 }, () => runJobs(deps, FEW)));
    await runJobs(deps, FEW);
    expect(await outcome(id)).toEqual(whole());
  });

  test('without those who are damaged themselves, or whose company is', async () => {
    await write(deps.db, {
      update: 'contacts',
      key: keys.account(ACCOUNT.id),
      set: 'SET #class = :none',
      names: { '#class': 'class' },
      values: { ':none': 'nonsense' },
    });
    await write(deps.db, {
      put: 'contacts',
      item: { ...keys.contact('con_x'), id: 'con_x', controller: CONTROLLER },
    });
    const id = await begin();
    await runJobs(deps);
    const { state, listed, contacts, failures } = await look(id);
    expect({ state, listed, contacts, failed: failures.count }).toEqual({
      state: 'done',
      listed: 22,
      contacts: 26,
      failed: 4,
    });
    expect(failures.samples).toContain('con_x');
    await remove(deps.db, { remove: 'contacts', key: keys.contact('con_x') });
    await remove(deps.db, { remove: 'contacts', key: keys.account(ACCOUNT.id) });
    await write(deps.db, putAccount(undefined, ACCOUNT));
  });

  test('for the contacts of one account alone, where its class is in question', async () => {
    const before = await dump('contacts');
    const id = await begin({ kind: 'class-preview', account: ACCOUNT.id, class: 'competitor' });
    await runJobs(deps);
    const { tallies } = await look(id);
    expect(tallies).toContainEqual(
      expect.objectContaining({ use: 'newsletter', outcome: 'loses', reason: 'competitor', count: 3 }),
    );
    expect(await results(id)).toHaveLength(3);
    expect(await dump('contacts')).toEqual(before);
  });

  test('for those alone whom the filter asks about', async () => {
    const id = await begin({ kind: 'audience', filter: { ...AUDIENCE.filter, classes: ['prospect'] } });
    await runJobs(deps);
    expect(await look(id)).toMatchObject({ contacts: 25, listed: 3 });
  });
});

describe('a job is given up', () => {
  test('at once where what it asks about is gone', async () => {
    const id = await begin({ kind: 'class-preview', account: ACCOUNT.id, class: 'customer' });
    await remove(deps.db, { remove: 'contacts', key: keys.account(ACCOUNT.id) });
    await runJobs(deps);
    expect(await look(id)).toMatchObject({ state: 'failed', failure: 'there is no such account' });
    await write(deps.db, putAccount(undefined, ACCOUNT));
  });

  test('after five runs that came to nothing, and meanwhile stops no other', async () => {
    const broken = await begin();
    const other = await begin({
      kind: 'contacts-by-status',
      filter: { ...AUDIENCE.filter, status: 'granted' },
    });
    const failing = { ...deps.settings, policy: () => Promise.reject(new Error('down')) };
    for (let run = 1; run <= 5; run += 1) {
      expect((await look(broken)).state).not.toBe('failed');
      await runJobs({ ...deps, settings: failing });
    }
    expect(await look(broken)).toMatchObject({ state: 'failed', failure: 'the job could not be finished' });
    expect((await look(other)).state).toBe('failed');
  });

  test('when it is refused for a past instant before it begins', async () => {
    const past = { kind: 'audience', filter: { ...AUDIENCE.filter, at: plus(now(), -1) } } as const;
    await expect(begin(past)).rejects.toMatchObject({ code: 'invalid', errors: [{ pointer: '/at' }] });
  });
});
