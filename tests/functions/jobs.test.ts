import { expect, test } from 'vitest';

import { readJob } from '../../shared/jobs/job-store.ts';
import { requestJob } from '../../shared/jobs/request-job.ts';
import { now } from '../../shared/platform/clock.ts';
import { BRAND, CONTROLLER } from '../support/system.ts';
import { openLambda } from './lambda.ts';

const { deps } = await openLambda();
const { handler } = await import('../../functions/jobs.ts');

test('a job that was asked for is done by the next run', async () => {
  const filter = { brand: BRAND, use: 'newsletter' };
  const asker = { controller: CONTROLLER, keyId: 'ak_1', at: now() };
  const { id } = await requestJob(deps, asker, { kind: 'audience', filter });
  await handler();
  expect(await readJob(deps.db, id)).toMatchObject({ state: 'done', contacts: 0, listed: 0 });
});
