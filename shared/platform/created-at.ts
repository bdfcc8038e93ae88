import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

import { toInstant } from './clock.ts';
import type { Instant } from './clock.ts';
import type { TableName } from './keys.ts';
import type { Database } from './table.ts';

const described = z.object({ Table: z.object({ CreationDateTime: z.date() }) });

/**
 * When a table was created, to the second, by the clock of DynamoDB: nothing in it came in earlier, unless it was
 * copied there. Needs `DescribeTable`.
 */
export async function createdAt(db: Database, table: TableName): Promise<Instant> {
  const output = await db.client.send(new DescribeTableCommand({ TableName: db.name(table) }));
  return toInstant(described.parse(output).Table.CreationDateTime.getTime());
}
