import { afterAll, expect, test } from 'vitest';

import { openLambda, streamEvent } from './lambda.ts';
import { linkIn, resetClock } from '../support/system.ts';

const system = await openLambda();
const { handler } = await import('../../functions/publish.ts');
afterAll(resetClock);

for (const email of ['a@example.com', 'b@example.com']) {
  await system.signUp(email);
  await system.work();
  await system.confirm(linkIn(system.mailsTo(email)[0], 'confirm'));
}
const entries = await system.dump('ledger');
const mails = async () => (await system.dump('outbox')).filter(({ sk }) => sk === 'MAIL');

test('each new entry puts its welcome mail in the outbox, once, though the batch comes again', async () => {
  const event = await streamEvent('ddb-ledger-insert', entries);
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [] });
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [] });
  const welcomed = new Set((await mails()).map((mail) => mail['contactId']));
  expect(welcomed).toEqual(new Set(entries.map((entry) => entry['contactId'])));
  expect(await mails()).toHaveLength(2);
});

test('N6 a poison record is named, and what comes after it is done', async () => {
  for (const mail of await mails()) await system.forget('outbox', mail);
  const [first, second] = entries;
  if (!first || !second) throw new Error('no evidence');
  const event = await streamEvent('ddb-ledger-insert', [{ pk: 'C#con_x', sk: '0000000001' }, first, second]);
  await expect(handler(event)).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  expect(await mails()).toHaveLength(2);
});
