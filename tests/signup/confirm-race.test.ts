import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, expect, onTestFinished, test } from 'vitest';

import { DAY, MINUTE, SECOND } from '../../shared/platform/clock.ts';
import type { Database } from '../../shared/platform/table.ts';
import { confirmSignup } from '../../shared/signup/confirm.ts';
import { pageNonce } from '../../shared/signup/links.ts';
import { rejectSignup } from '../../shared/signup/reject.ts';
import { testEndpoint } from '../support/engine.ts';
import { CLICK, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
afterAll(resetClock);

/** The same tables, where `meddle` runs once between what a use case read and its first write. */
async function withMeddler(meddle: () => Promise<void>): Promise<Database> {
  const client = new DynamoDBClient({
    endpoint: await testEndpoint(),
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  let done = false;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        if (!done && /^(Update|Put|TransactWrite)/.test(String(commandName))) {
          done = true;
          await meddle();
        }
        return next(call);
      },
    { step: 'initialize', name: 'meddler' },
  );
  onTestFinished(() => client.destroy());
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return { client: documents, name: system.deps.db.name };
}

test.each(['confirm', 'reject'] as const)(
  'a request that comes in and is looked at during a %s is not forgotten: its mail goes out, its data goes in time',
  async (act) => {
    const email = `${act}-race@example.com`;
    await system.signUp(email, { topics: ['drives'] });
    await system.work();
    const token = linkIn(system.mailsTo(email)[0], 'confirm');
    const db = await withMeddler(async () => {
      await system.signUp(email, { topics: ['service'] });
      await system.look(email);
    });
    const input = { token, pageNonce: pageNonce(await system.deps.secrets.linkKeys(), token), ...CLICK };
    const outcome = await (act === 'confirm' ? confirmSignup : rejectSignup)({ ...system.deps, db }, input);
    expect(outcome.kind).toBe(act === 'confirm' ? 'confirmed' : 'rejected');
    await system.pass(15 * MINUTE + SECOND);
    expect(system.mailsTo(email)).toHaveLength(2);
    await system.pass(4 * DAY);
    await system.pass(10 * DAY);
    expect((await system.pendingOf(email))?.requests.size).toBe(0);
  },
);
