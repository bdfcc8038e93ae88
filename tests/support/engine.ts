import { randomUUID } from 'node:crypto';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll } from 'vitest';

import { startEngine } from '../../infra/local/engine.ts';
import type { Engine } from '../../infra/local/engine.ts';
import { createTables, prefixedName } from '../../infra/local/tables.ts';
import type { Database } from '../../shared/platform/table.ts';

/** A database of its own in the engine of this test file, which counts the request units used. */
export type TestDatabase = Database & { units(): { read: number; write: number }; reset(): void };

let engine: Promise<Engine> | undefined;
let client: DynamoDBClient | undefined;

afterAll(async () => {
  client?.destroy();
  await (await engine)?.stop();
  client = undefined;
  engine = undefined;
});

/** Where DynamoDB answers: the engine of this test file, started on first use, or `DYNAMODB_ENDPOINT`. */
export async function testEndpoint(): Promise<string> {
  const foreign = process.env['DYNAMODB_ENDPOINT'];
  if (foreign) return foreign;
  engine ??= startEngine();
  return (await engine).endpoint;
}

/** The client that all test databases of a file share. */
export async function testClient(): Promise<DynamoDBClient> {
  const endpoint = await testEndpoint();
  return (client ??= new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }));
}

/** Creates all tables under a prefix of their own, so that tests of a file do not see each other. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const shared = await testClient();
  const prefix = `t-${randomUUID().slice(0, 8)}-`;
  await createTables(shared, prefix);
  const sum = { read: 0, write: 0 };
  return {
    client: DynamoDBDocumentClient.from(shared, { marshallOptions: { removeUndefinedValues: true } }),
    name: (table) => prefixedName(prefix, table),
    meter: (operation, { units }) => {
      sum[operation] += units;
    },
    units: () => ({ ...sum }),
    reset: () => {
      sum.read = 0;
      sum.write = 0;
    },
  };
}
