import { afterAll, expect, test } from 'vitest';

import { MINUTE, SECOND } from '../../shared/platform/clock.ts';
import { advanceClock, resetClock } from '../support/system.ts';
import { openLambda, streamEvent } from './lambda.ts';

const system = await openLambda();
const { handler: clock } = await import('../../functions/clock.ts');
const { handler: mail } = await import('../../functions/mail.ts');
afterAll(resetClock);

test('a sign-up whose stream record was lost is found by the clock and gets its mail', async () => {
  await system.signUp('lost@example.com');
  await clock();
  expect((await system.dump('outbox')).some((item) => 'wokenAt' in item)).toBe(false);
  advanceClock(5 * MINUTE + SECOND);
  await clock();
  const woken = (await system.dump('outbox')).filter((item) => 'wokenAt' in item && item['todo'] === 'mail');
  expect(woken).toHaveLength(1);
  await mail(await streamEvent('ddb-outbox-modify', woken));
  expect(system.taken).toEqual(['lost@example.com']);
});
