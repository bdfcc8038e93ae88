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
  const created = await Promise.all(TABLE_NAMES.map((table) => createTable(client, prefix, table)));
  return TABLE_NAMES.filter((_, at) => created[at]);
}

async function createTable(client: DynamoDBClient, prefix: string, table: TableName): Promise<boolean> {
  const input = tableInput(prefix, table);
  try {
    await client.send(new CreateTableCommand(input));
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceInUseException') return false;
    throw error;
  }
  if (TABLES[table].ttl) {
    const ttl = { AttributeName: 'expiresAt', Enabled: true };
    await client.send(
      new UpdateTimeToLiveCommand({ TableName: input.TableName, TimeToLiveSpecification: ttl }),
    );
  }
  return true;
}

/** How a table is created, and how the engine wants it described. */
export function tableInput(
  prefix: string,
  table: TableName,
): CreateTableCommandInput & { TableName: string } {
  const { stream, indexes }: TableShape = TABLES[table];
  const keyPairs = [{ pk: 'pk', sk: 'sk' }, ...Object.values(indexes)];
  const attributes = new Set(keyPairs.flatMap(({ pk, sk }) => [pk, sk]));
  const globals = Object.entries(indexes).map(([index, pair]) => ({
    IndexName: index,
    KeySchema: keySchema(pair),
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  }));
  return {
    TableName: prefixedName(prefix, table),
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
