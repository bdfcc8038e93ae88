import { afterAll, expect, test } from 'vitest';

import { MINUTE, SECOND, now, plusMonths, toMs } from '../../shared/platform/clock.ts';
import { advanceClock, linkIn, resetClock } from '../support/system.ts';
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

test('G8 a consent that nobody used lapses, and later its owner is forgotten', async () => {
  const email = 'quiet@example.com';
  await system.signUp(email);
  await system.work();
  await system.confirm(linkIn(system.mailsTo(email).at(-1), 'confirm'));
  expect(Object.keys((await system.contactOf(email))?.permissions ?? {})).toHaveLength(1);
  await pass(24);
  expect((await system.contactOf(email))?.permissions).toEqual({});
  await pass(24);
  expect(await system.contactOf(email)).toBeUndefined();
  expect((await system.pointerOf(email))?.erasedAt).toMatch(/Z$/);
});

async function pass(months: number): Promise<void> {
  advanceClock(toMs(plusMonths(now(), months)) - toMs(now()) + MINUTE);
  await clock();
}
