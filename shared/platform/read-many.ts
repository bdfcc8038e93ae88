import { BatchGetCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';

import { jitter } from './ids.ts';
import type { Key, TableName } from './keys.ts';
import { measured, meter } from './table.ts';
import type { Database, Item } from './table.ts';

/**
 * Reads and parses many items of one table, strongly consistent, a hundred a call, all calls side by side.
 * @returns in the order of `keys`; undefined where there is none. A key may occur twice.
 */
export async function getMany<S extends z.ZodType>(
  db: Database,
  table: TableName,
  keys: readonly Key[],
  schema: S,
): Promise<(z.infer<S> | undefined)[]> {
  const distinct = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  const chunks = Array.from({ length: Math.ceil(distinct.length / 100) }, (_, at) =>
    distinct.slice(at * 100, at * 100 + 100),
  );
  const pages = await Promise.all(chunks.map((chunk) => getChunk(db, table, chunk)));
  const found = new Map(
    pages.flat().map((item) => [nameOf({ pk: String(item.pk), sk: String(item.sk) }), item]),
  );
  return keys.map((key) => {
    const item = found.get(nameOf(key));
    return item === undefined ? undefined : schema.parse(item);
  });
}

/** What DynamoDB leaves over for being busy or too large an answer is asked for again, with back-off. */
async function getChunk(db: Database, table: TableName, chunk: Key[]): Promise<Item[]> {
  const items: Item[] = [];
  let rest: Item[] = chunk;
  for (let round = 0; rest.length > 0; round += 1) {
    if (round > 0) await new Promise((resolve) => setTimeout(resolve, jitter(20 * 2 ** Math.min(round, 6))));
    if (round > 10) throw new Error(`reading from ${table} does not come to an end`);
    const name = db.name(table);
    const output = await db.client.send(
      new BatchGetCommand({
        RequestItems: { [name]: { Keys: rest, ConsistentRead: true } },
        ...measured(db),
      }),
    );
    for (const consumed of output.ConsumedCapacity ?? []) meter(db, 'read', consumed);
    items.push(...(output.Responses?.[name] ?? []));
    rest = output.UnprocessedKeys?.[name]?.Keys ?? [];
  }
  return items;
}

function nameOf({ pk, sk }: Key): string {
  return `${pk}\n${sk}`;
}

/** All items of one partition whose sort key begins with `prefix`, page by page, parsed. */
export async function* queryPartition<S extends z.ZodType>(
  db: Database,
  table: TableName,
  pk: string,
  schema: S,
  prefix = '',
): AsyncGenerator<z.infer<S>> {
  let from: Item | undefined;
  do {
    const output = await db.client.send(
      new QueryCommand({
        TableName: db.name(table),
        KeyConditionExpression: prefix ? 'pk = :pk AND begins_with(sk, :prefix)' : 'pk = :pk',
        ExpressionAttributeValues: prefix ? { ':pk': pk, ':prefix': prefix } : { ':pk': pk },
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
        ...measured(db),
      }),
    );
    meter(db, 'read', output.ConsumedCapacity);
    for (const item of output.Items ?? []) yield schema.parse(item);
    from = output.LastEvaluatedKey;
  } while (from);
}

/**
 * One page of a segmented scan, for `jobs` alone.
 * @param from where the last page ended; absent for the first
 */
export async function scanPage(
  db: Database,
  table: TableName,
  {
    segment,
    segments,
    from,
    limit,
  }: { segment: number; segments: number; from?: Key | undefined; limit: number },
): Promise<{ items: Item[]; next: Key | undefined }> {
  const output = await db.client.send(
    new ScanCommand({
      TableName: db.name(table),
      Segment: segment,
      TotalSegments: segments,
      Limit: limit,
      ConsistentRead: true,
      ...(from ? { ExclusiveStartKey: from } : {}),
      ...measured(db),
    }),
  );
  meter(db, 'read', output.ConsumedCapacity);
  const last = output.LastEvaluatedKey;
  return {
    items: output.Items ?? [],
    next: last ? { pk: String(last.pk), sk: String(last.sk) } : undefined,
  };
}

/** Keys in one shard of a sparse index whose sort value is at most `until`, oldest first, at most `limit`. */
export async function queryIndex(
  db: Database,
  table: TableName,
  index: { name: string; pk: string; sk: string },
  shard: string,
  until: string,
  limit: number,
): Promise<Key[]> {
  const output = await db.client.send(
    new QueryCommand({
      TableName: db.name(table),
      IndexName: index.name,
      KeyConditionExpression: '#pk = :shard AND #sk <= :until',
      ExpressionAttributeNames: { '#pk': index.pk, '#sk': index.sk },
      ExpressionAttributeValues: { ':shard': shard, ':until': until },
      Limit: limit,
      ...measured(db),
    }),
  );
  meter(db, 'read', output.ConsumedCapacity);
  return (output.Items ?? []).map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }));
}

/** Where an index holds an item. */
export type IndexPlace = Key & { at: string };

/**
 * One page of one shard of an index, oldest first: from `since`, or after the place where the last page ended, until
 * `until`. A place stays good when its item has moved on or is gone.
 */
export async function queryIndexPage(
  db: Database,
  table: TableName,
  index: { name: string; pk: string; sk: string },
  {
    shard,
    since,
    until,
    after,
    limit,
  }: { shard: string; since: string; until: string; after?: IndexPlace | undefined; limit: number },
): Promise<IndexPlace[]> {
  const from = after?.at ?? since;
  if (from > until) return [];
  const output = await db.client.send(
    new QueryCommand({
      TableName: db.name(table),
      IndexName: index.name,
      KeyConditionExpression: '#pk = :shard AND #sk BETWEEN :from AND :until',
      ExpressionAttributeNames: { '#pk': index.pk, '#sk': index.sk },
      ExpressionAttributeValues: { ':shard': shard, ':from': from, ':until': until },
      Limit: limit,
      ...(after
        ? { ExclusiveStartKey: { pk: after.pk, sk: after.sk, [index.pk]: shard, [index.sk]: after.at } }
        : {}),
      ...measured(db),
    }),
  );
  meter(db, 'read', output.ConsumedCapacity);
  return (output.Items ?? []).map(({ pk, sk, [index.sk]: at }) => ({
    pk: String(pk),
    sk: String(sk),
    at: String(at),
  }));
}
