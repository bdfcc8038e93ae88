import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { onTestFinished } from 'vitest';

import type { Database } from '../../shared/platform/table.ts';
import { testEndpoint } from '../support/engine.ts';

/** What happens to a call: it never arrives, or it is done and its answer is lost. */
export type Fault = { error: Error; arrives: boolean };

/** The same tables through a client of its own, in which `fault` decides about each call by its operation. */
export async function faultyDatabase(
  db: Database,
  fault: (operation: string) => Fault | undefined,
): Promise<Database> {
  const client = new DynamoDBClient({
    endpoint: await testEndpoint(),
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        const found = fault(String(commandName).replace(/(Item|Items)?Command$/, ''));
        if (found && !found.arrives) throw found.error;
        const answer = await next(call);
        if (found) throw found.error;
        return answer;
      },
    { step: 'initialize', name: 'fault' },
  );
  onTestFinished(() => client.destroy());
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return { client: documents, name: db.name };
}

/** An error as the SDK throws it. */
export function serviceError(name: string, more: object = {}): Error {
  return Object.assign(new Error(name), { name, ...more });
}
