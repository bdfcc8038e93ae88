import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import type { Database } from '../../shared/platform/table.ts';
import { testEndpoint } from '../support/engine.ts';

const READS = new Set(['GetItemCommand', 'QueryCommand']);

/** The same tables through a client that throws on every write; `attempts` names those that were tried. */
export async function readOnly(db: Database): Promise<{ db: Database; attempts: string[]; close(): void }> {
  const attempts: string[] = [];
  const raw = new DynamoDBClient({
    endpoint: await testEndpoint(),
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  raw.middlewareStack.add(
    (next, { commandName = 'unknown' }) =>
      (args) => {
        if (READS.has(commandName)) return next(args);
        attempts.push(commandName);
        throw new Error(`${commandName} on a database that is only read`);
      },
    { step: 'initialize' },
  );
  const client = DynamoDBDocumentClient.from(raw, { marshallOptions: { removeUndefinedValues: true } });
  return { db: { client, name: db.name }, attempts, close: () => raw.destroy() };
}
