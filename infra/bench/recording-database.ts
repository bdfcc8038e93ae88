import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

import type { Database } from '../../shared/platform/table.ts';
import { CREDENTIALS, REGION, TABLE_PREFIX } from '../local/environment.ts';
import { prefixedName } from '../local/tables.ts';

const item = z.record(z.string(), z.unknown());
const recorded = z.object({
  TransactItems: z
    .array(
      z.object({
        Put: z.object({ TableName: z.string(), Item: item }).optional(),
        Update: z
          .object({ TableName: z.string(), Key: item, ExpressionAttributeValues: item.optional() })
          .optional(),
      }),
    )
    .optional(),
});
export type RecordedWrites = NonNullable<z.infer<typeof recorded>['TransactItems']>;

/** An empty database that keeps nothing and tells `onTransaction` what it was asked to write. */
export function recordingDatabase(onTransaction: (writes: RecordedWrites) => void): Database {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ region: REGION, credentials: CREDENTIALS }),
  );
  client.middlewareStack.add(
    () => (args) => {
      const writes = recorded.parse(args.input).TransactItems;
      if (writes) onTransaction(writes);
      return Promise.resolve({ response: {}, output: { $metadata: {} } });
    },
    { step: 'initialize', priority: 'high', name: 'recordOnly' },
  );
  return { client, name: (table) => prefixedName(TABLE_PREFIX, table) };
}
