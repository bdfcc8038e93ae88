import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';

import { writeEvent } from '../../shared/engagement/write-event.ts';
import { now, toTtl } from '../../shared/platform/clock.ts';
import { retainedUntil } from '../../shared/retention/schedule.ts';
import { writeDay } from '../../shared/scoring/store.ts';
import { policy } from '../../shared/settings/policy.ts';
import { event } from '../support/engagement.ts';
import { CONTROLLER, openTestSystem, resetClock } from '../support/system.ts';

afterAll(resetClock);

const expiring = z.object({ expiresAt: z.int() });

test('G14 events and the days that they were counted into expire as the schedule of raw events says', async () => {
  const { deps, dump } = await openTestSystem();
  const at = now();
  const day = at.slice(0, 10);
  const { schema: _, expiresAt: _told, ...told } = event('download', at);
  await writeEvent(deps.db, told);
  await writeDay(deps.db, told.contactId, day, [{ type: 'download', topics: [], count: 1 }]);
  const until = (from: string) => {
    const end = retainedUntil('raw-event', from, policy.parse({ id: CONTROLLER }));
    return end === undefined ? undefined : toTtl(end);
  };
  const stored = (await dump('engagement')).map((item) => expiring.parse(item).expiresAt);
  expect(stored.toSorted((a, b) => a - b)).toEqual([until(`${day}T00:00:00.000Z`), until(at)]);
});
