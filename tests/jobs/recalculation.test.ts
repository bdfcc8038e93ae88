import { beforeAll, beforeEach, expect, test } from 'vitest';

import { readContact } from '../../shared/contacts/store.ts';
import { readJob } from '../../shared/jobs/job-store.ts';
import { runJobs } from '../../shared/jobs/run-jobs.ts';
import { now } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { eventKey } from '../../shared/engagement/event.ts';
import { explainScore } from '../../shared/scoring/explain.ts';
import { recalculate } from '../../shared/scoring/recalculate.ts';
import { readScore } from '../../shared/scoring/store.ts';
import { faultyDatabase } from '../platform/faulty-database.ts';
import { event } from '../support/engagement.ts';
import { captureLog, openTestSystem } from '../support/system.ts';
import { otherRules, rulesOf } from './activated-rules.ts';
import { makeCrowd } from './scored-crowd.ts';

const MANY = 20;
const FEW = { page: 4 };
const { deps } = await openTestSystem();
const { inForce, preview, activate } = rulesOf(deps);
let [anna = '', ...others]: string[] = [];

beforeAll(async () => {
  [anna = '', ...others] = await makeCrowd(deps, MANY, 1);
});
beforeEach(() => void captureLog());

const everybody = () => others.length + 1;

test('a contact that changes amid a recalculation is simply right', async () => {
  const { version, ...rules } = await inForce();
  const id = await activate(otherRules(rules), version);
  let pages = 0;
  const db = await faultyDatabase(deps.db, (operation) => {
    pages += operation === 'Scan' ? 1 : 0;
    return undefined;
  });
  const run = runJobs({ ...deps, db }, FEW);
  while (pages < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  const item = { ...event('fair-visit', now()), contactId: anna };
  await write(deps.db, { put: 'engagement', item: { ...eventKey(item), ...item } });
  await Promise.all([run, recalculate(deps, anna)]);
  expect(await readJob(deps.db, id)).toMatchObject({ state: 'done', contacts: everybody() });
  const contact = await readContact(deps.db, anna);
  const answer = contact && (await explainScore(deps, contact, { at: now(), now: now() }));
  const score = await readScore(deps.db, anna);
  expect(score).toMatchObject({ rules: version + 1, total: 30 });
  expect(answer).toMatchObject({ scored: true, score: { interest: { total: 30 } } });
});

test('a recalculation for older rules leaves everybody to the one for the newest', async () => {
  const { version, ...rules } = await inForce();
  const older = await activate(rules, version);
  const newest = await activate(otherRules(rules), version + 1);
  await runJobs(deps, FEW);
  expect(await readJob(deps.db, older)).toMatchObject({ state: 'done', superseded: true, contacts: 0 });
  const job = await readJob(deps.db, newest);
  expect(job).toMatchObject({ state: 'done', contacts: everybody() });
  expect(job).not.toHaveProperty('superseded');
  expect(await readScore(deps.db, anna)).toMatchObject({ rules: version + 2 });
});

test('a recalculation is never given up, however often it comes to nothing', async () => {
  const { version, ...rules } = await inForce();
  const id = await activate(rules, version);
  const failing = { ...deps.settings, policy: () => Promise.reject(new Error('down')) };
  for (let run = 1; run <= 7; run += 1) {
    await runJobs({ ...deps, settings: failing }, FEW);
    expect(await readJob(deps.db, id)).toMatchObject({ state: 'running', attempts: run });
  }
  await runJobs(deps, FEW);
  expect(await readJob(deps.db, id)).toMatchObject({ state: 'done', contacts: everybody() });
});

test('whose history is damaged is counted as failed, and takes nobody along', async () => {
  const key = keys.event(anna, now(), 'shop', 'damaged');
  await write(deps.db, { put: 'engagement', item: { ...key, schema: 9 } });
  const failures = { count: 1, samples: [anna] };
  const { version, ...rules } = await inForce();
  expect((await preview(otherRules(rules))).job).toMatchObject({ contacts: everybody(), failures });
  const id = await activate(rules, version);
  await runJobs(deps, FEW);
  expect(await readJob(deps.db, id)).toMatchObject({ state: 'done', contacts: everybody(), failures });
});
