import { afterAll, describe, expect, test } from 'vitest';

import { tellAddress } from '../../shared/contacts/store.ts';
import type { SuppressionNews } from '../../shared/contacts/suppression.ts';
import { DAY, HOUR, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { CONTROLLER, advanceClock, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
afterAll(resetClock);
const { deps, signUp, work, mailsTo, pendingOf, confirm, contactOf } = system;

const tell = async (email: string, news: SuppressionNews) =>
  tellAddress(deps.db, CONTROLLER, await system.keyOf(email), news);
const hardBounce = () => ({ kind: 'hard-bounce', at: now(), reason: 'Permanent/NoEmail' }) as const;
const endingOf = async (email: string) =>
  [...((await pendingOf(email))?.progress.values() ?? [])].map((progress) =>
    progress.state === 'closed' ? progress.as : progress.state,
  );
/** Signs up with the same answer as everybody, and answers how many mails went out for it. */
async function mailsFor(email: string): Promise<number> {
  const before = mailsTo(email).length;
  await expect(signUp(email)).resolves.toEqual({ kind: 'accepted' });
  await work();
  return mailsTo(email).length - before;
}

describe('T7 an address that must not be mailed', () => {
  test('after a complaint: never again by the form, and what was posted is gone', async () => {
    const email = 'complained@example.com';
    await tell(email, { kind: 'complaint', at: now() });
    expect(await mailsFor(email)).toBe(0);
    expect(await endingOf(email)).toEqual(['suppressed']);
    expect((await pendingOf(email))?.requests.size).toBe(0);
    expect((await pendingOf(email))?.open).toBe(0);
    advanceClock(400 * DAY);
    expect(await mailsFor(email)).toBe(0);
  });

  test('after a hard bounce: nothing for 30 days, then one mail, then nothing for 30 days after the next bounce', async () => {
    const email = 'bounced@example.com';
    await tell(email, hardBounce());
    advanceClock(30 * DAY - MINUTE);
    expect(await mailsFor(email)).toBe(0);
    advanceClock(MINUTE);
    expect(await mailsFor(email)).toBe(1);
    expect((await system.pointerOf(email))?.suppression?.retriedAt).toBeDefined();
    advanceClock(HOUR);
    expect(await mailsFor(email)).toBe(0);
    await tell(email, hardBounce());
    advanceClock(29 * DAY);
    expect(await mailsFor(email)).toBe(0);
    advanceClock(DAY);
    expect(await mailsFor(email)).toBe(1);
  });

  test('the owner’s click in that one mail lifts the bounce', async () => {
    const email = 'mended@example.com';
    await tell(email, hardBounce());
    advanceClock(30 * DAY);
    expect(await mailsFor(email)).toBe(1);
    await expect(confirm(linkIn(mailsTo(email)[0], 'confirm'))).resolves.toMatchObject({ kind: 'confirmed' });
    expect((await system.pointerOf(email))?.suppression?.provenAt).toBeDefined();
    advanceClock(DAY);
    expect(await mailsFor(email)).toBe(1);
    expect(mailsTo(email)[1]?.tags['mailing']).toBe('already-registered-1');
  });

  test('V3 while five soft bounces block it', async () => {
    const email = 'full@example.com';
    for (let bounce = 0; bounce < 5; bounce += 1) {
      await tell(email, { kind: 'soft-bounce', at: plus(now(), bounce), id: `soft-${bounce}` });
    }
    expect(await mailsFor(email)).toBe(0);
    advanceClock(30 * DAY + MINUTE);
    expect(await mailsFor(email)).toBe(1);
  });

  test('a bounce that comes in while the mail waits keeps it back', async () => {
    const email = 'just-bounced@example.com';
    expect(await mailsFor(email)).toBe(1);
    await signUp(email, { topics: ['service'] });
    await work();
    await tell(email, hardBounce());
    await system.pass(16 * MINUTE);
    expect(mailsTo(email)).toHaveLength(1);
    expect(await endingOf(email)).toContain('suppressed');
  });
});

test('an erased address may sign up anew: its click makes a new contact and lifts the tombstone', async () => {
  const email = 'erased@example.com';
  await write(deps.db, {
    update: 'contacts',
    key: keys.address(CONTROLLER, await system.keyOf(email)),
    set: 'SET erasedAt = :at',
    values: { ':at': now() },
  });
  expect(await mailsFor(email)).toBe(1);
  expect(await contactOf(email)).toBeUndefined();
  await confirm(linkIn(mailsTo(email)[0], 'confirm'));
  expect((await contactOf(email))?.permissions['nordlicht#newsletter']?.status).toBe('granted');
  expect((await system.pointerOf(email))?.erasedAt).toBeUndefined();
});

test('a blocked use: the mail and its page are those of everybody, the click goes to the review list', async () => {
  const email = 'blocked@example.com';
  await mailsFor(email);
  await confirm(linkIn(mailsTo(email)[0], 'confirm'));
  const contact = await contactOf(email);
  await write(deps.db, {
    update: 'contacts',
    key: keys.contact(contact?.id ?? ''),
    set: 'SET #permissions.#use = :blocked',
    names: { '#permissions': 'permissions', '#use': 'nordlicht#newsletter' },
    values: { ':blocked': { status: 'blocked', since: now(), seq: 1 } },
  });
  advanceClock(DAY);
  expect(await mailsFor(email)).toBe(1);
  expect(mailsTo(email)[1]?.tags['mailing']).toBe('confirmation-1');
  const token = linkIn(mailsTo(email)[1], 'confirm');
  await expect(confirm(token)).resolves.toMatchObject({ kind: 'under-review' });
  const after = await contactOf(email);
  expect(after?.permissions['nordlicht#newsletter']?.status).toBe('blocked');
  expect(Object.keys(after?.reviews ?? {})).toEqual(['nordlicht#newsletter']);
  await expect(confirm(token)).resolves.toMatchObject({ kind: 'under-review' });
});
