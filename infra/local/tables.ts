import { CreateTableCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import type { CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { TABLES } from '../../shared/platform/keys.ts';
import type { TableName } from '../../shared/platform/keys.ts';

type TableShape = { stream: boolean; ttl: boolean; indexes: Record<string, { pk: string; sk: string }> };

export const TABLE_NAMES: readonly TableName[] = ['contacts', 'ledger', 'engagement', 'outbox', 'config'];

/** The real name of a table of one local system or test. */
export function prefixedName(prefix: string, table: TableName): string {
  return `${prefix}${table}`;
}

/**
 * Creates every table of `TABLES` that is not there yet.
 * @returns the tables that were created
 */
export async function createTables(client: DynamoDBClient, prefix: string): Promise<TableName[]> {
  const created = await Promise.all(
    TABLE_NAMES.map((table) => createTable(client, prefixedName(prefix, table), table)),
  );
  return TABLE_NAMES.filter((_, at) => created[at]);
}

async function createTable(client: DynamoDBClient, name: string, table: TableName): Promise<boolean> {
  const shape: TableShape = TABLES[table];
  try {
    await client.send(new CreateTableCommand(toInput(name, shape)));
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceInUseException') return false;
    throw error;
  }
  if (shape.ttl) {
    const ttl = { AttributeName: 'expiresAt', Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: ttl }));
  }
  return true;
}

function toInput(name: string, { stream, indexes }: TableShape): CreateTableCommandInput {
  const keyPairs = [{ pk: 'pk', sk: 'sk' }, ...Object.values(indexes)];
  const attributes = new Set(keyPairs.flatMap(({ pk, sk }) => [pk, sk]));
  const globals = Object.entries(indexes).map(([index, pair]) => ({
    IndexName: index,
    KeySchema: keySchema(pair),
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  }));
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema({ pk: 'pk', sk: 'sk' }),
    AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    ...(globals.length > 0 ? { GlobalSecondaryIndexes: globals } : {}),
    ...(stream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } } : {}),
  };
}

function keySchema({ pk, sk }: { pk: string; sk: string }): CreateTableCommandInput['KeySchema'] {
  return [
    { AttributeName: pk, KeyType: 'HASH' },
    { AttributeName: sk, KeyType: 'RANGE' },
  ];
}
