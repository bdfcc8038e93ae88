import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';

import type { TableName } from '../../shared/platform/keys.ts';
import type { Database, Item } from '../../shared/platform/table.ts';

/** Items of one call. */
const CALL = 25;
const AT_ONCE = 8;

/** Puts many items with as few calls as can be: for seeding, where nothing is there to be overwritten. */
export async function putMany(db: Database, table: TableName, items: readonly Item[]): Promise<void> {
  const calls = Array.from({ length: Math.ceil(items.length / CALL) }, (_, n) =>
    items.slice(n * CALL, n * CALL + CALL),
  );
  const work = async () => {
    for (let call = calls.pop(); call; call = calls.pop()) await putCall(db, table, call);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function putCall(db: Database, table: TableName, items: readonly Item[]): Promise<void> {
  const name = db.name(table);
  let rest = items.map((Item) => ({ PutRequest: { Item: { ...Item } } }));
  while (rest.length > 0) {
    const output = await db.client.send(new BatchWriteCommand({ RequestItems: { [name]: rest } }));
    rest = (output.UnprocessedItems?.[name] ?? []).flatMap(({ PutRequest }) =>
      PutRequest?.Item ? [{ PutRequest: { Item: PutRequest.Item } }] : [],
    );
  }
}
