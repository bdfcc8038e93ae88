import { afterAll, expect, test } from 'vitest';

import { openLambda, streamEvent } from './lambda.ts';
import { resetClock } from '../support/system.ts';

const system = await openLambda();
const { handler } = await import('../../functions/mail.ts');
afterAll(resetClock);

const itemOf = async (email: string) => {
  const key = await system.keyOf(email);
  const item = (await system.dump('outbox')).find((found) => found['addressKey'] === key);
  if (!item) throw new Error(`nothing in the outbox for ${email}`);
  return item;
};

test('a batch of changed outbox items: each is answered by its mail', async () => {
  const emails = ['a@example.com', 'b@example.com', 'c@example.com'];
  for (const email of emails) await system.signUp(email);
  const event = await streamEvent('ddb-outbox-modify', await Promise.all(emails.map(itemOf)));
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [] });
  expect(system.taken.sort()).toEqual(emails);
});

test('N4 the same batch again sends nothing', async () => {
  const before = system.taken.length;
  const event = await streamEvent('ddb-outbox-modify', [await itemOf('a@example.com')]);
  await handler({ Records: [...event.Records, ...event.Records] });
  expect(system.taken).toHaveLength(before);
});

test('N6 a poison record is named, and what stands before and after it is done', async () => {
  await system.signUp('before@example.com');
  await system.signUp('after@example.com');
  const poison = { pk: 'P#nordlicht#broken', sk: 'SIGNUP', todo: 'mail' };
  const event = await streamEvent('ddb-outbox-modify', [
    await itemOf('before@example.com'),
    poison,
    await itemOf('after@example.com'),
  ]);
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
  expect(system.taken).toEqual(expect.arrayContaining(['before@example.com', 'after@example.com']));
});

test('N6 the earliest of several poison records is named', async () => {
  const poison = (name: string) => ({ pk: `P#nordlicht#${name}`, sk: 'SIGNUP' });
  const event = await streamEvent('ddb-outbox-modify', [
    { pk: 'M#nobody', sk: 'MAIL', id: 'nobody' },
    poison('one'),
    poison('two'),
  ]);
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
});

test('an item that is gone meanwhile is nothing to worry about', async () => {
  const gone = {
    pk: `P#nordlicht#${'0'.repeat(32)}`,
    sk: 'SIGNUP',
    brand: 'nordlicht',
    addressKey: '0'.repeat(32),
  };
  const event = await streamEvent('ddb-outbox-modify', [gone]);
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [] });
});
