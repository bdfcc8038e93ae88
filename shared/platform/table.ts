import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { GetCommandOutput, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';

import { tableName } from './config.ts';
import { jitter } from './ids.ts';
import type { Key, TableName } from './keys.ts';

/** Request units of one call, by table; index writes are included. */
export type Consumed = { table: string; units: number };
export type Database = {
  client: DynamoDBDocumentClient;
  name: (table: TableName) => string;
  /** Called with the capacity of every call, where somebody measures it. */
  meter?: (operation: 'read' | 'write', consumed: Consumed) => void;
};

export type Item = Record<string, unknown>;
type Values = Record<string, unknown>;
export type Put = {
  put: TableName;
  item: Item;
  condition?: string;
  names?: Record<string, string>;
  values?: Values;
};
export type Update = {
  update: TableName;
  key: Key;
  set: string;
  condition?: string;
  names?: Record<string, string>;
  values?: Values;
};
export type Remove = {
  remove: TableName;
  key: Key;
  condition?: string;
  names?: Record<string, string>;
  values?: Values;
};
/** A condition on an item that is not written, for example that it has not changed since it was read. */
export type Check = {
  check: TableName;
  key: Key;
  condition: string;
  names?: Record<string, string>;
  values?: Values;
};
export type Action = Put | Update | Remove | Check;
/** `done`, or the positions of the actions whose condition did not hold. */
export type Transacted = { done: true } | { done: false; failed: number[] };

/** One client per container; keep-alive and the SDK's own retries are its defaults. */
export function openDatabase(): Database {
  const client = new DynamoDBClient({});
  // It copies every item for a log that nobody keeps: a tenth of the CPU of a thousand decisions.
  client.middlewareStack.remove('loggerMiddleware');
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return { client: documents, name: tableName };
}

/**
 * Reads and parses one item.
 * @returns undefined where there is none. Strongly consistent unless told (N10).
 */
export async function get<S extends z.ZodType>(
  db: Database,
  table: TableName,
  key: Key,
  schema: S,
  options: { consistent?: boolean } = {},
): Promise<z.infer<S> | undefined> {
  const output: GetCommandOutput = await db.client.send(
    new GetCommand({
      TableName: db.name(table),
      Key: key,
      ConsistentRead: options.consistent ?? true,
      ...measured(db),
    }),
  );
  meter(db, 'read', output.ConsumedCapacity);
  return output.Item === undefined ? undefined : schema.parse(output.Item);
}

/** Writes one item or updates one; `false` where its condition did not hold. */
export async function write(db: Database, action: Put | Update): Promise<boolean> {
  return (await writeReturning(db, action)) !== undefined;
}

/** As `write`, and answers the whole item after an update; undefined where the condition did not hold. */
export async function writeReturning(db: Database, action: Put | Update): Promise<Item | undefined> {
  return unlessRefused(async () => {
    if ('put' in action) {
      const output = await db.client.send(new PutCommand({ ...toPut(db, action), ...measured(db) }));
      meter(db, 'write', output.ConsumedCapacity);
      return action.item;
    }
    const output = await db.client.send(
      new UpdateCommand({ ...toUpdate(db, action), ReturnValues: 'ALL_NEW', ...measured(db) }),
    );
    meter(db, 'write', output.ConsumedCapacity);
    return output.Attributes ?? {};
  });
}

/** Deletes one item; `false` where its condition did not hold. */
export async function remove(db: Database, { remove: from, key, ...conditions }: Remove): Promise<boolean> {
  const removed = await unlessRefused(async () => {
    const input = { TableName: db.name(from), Key: key, ...expression(conditions), ...measured(db) };
    const output = await db.client.send(new DeleteCommand(input));
    meter(db, 'write', output.ConsumedCapacity);
    return true;
  });
  return removed ?? false;
}

/** A single write; undefined where its condition did not hold. */
function unlessRefused<T>(attempt: () => Promise<T>): Promise<T | undefined> {
  return againAfterCollision(async () => {
    try {
      return await attempt();
    } catch (error) {
      if (named(error, 'ConditionalCheckFailedException')) return undefined;
      throw error;
    }
  });
}

/** Writes all actions or none (N1); a condition that does not hold is answered, never thrown. */
export async function transact(db: Database, actions: Action[]): Promise<Transacted> {
  const input: TransactWriteCommandInput = {
    TransactItems: actions.map((action) => toTransactItem(db, action)),
    ...measured(db),
  };
  return againAfterCollision(async () => {
    try {
      const output = await db.client.send(new TransactWriteCommand(input));
      for (const consumed of output.ConsumedCapacity ?? []) meter(db, 'write', consumed);
      return { done: true };
    } catch (error) {
      const failed = cancellationCodes(error).flatMap((code, at) =>
        code === 'ConditionalCheckFailed' ? [at] : [],
      );
      if (failed.length > 0) return { done: false, failed };
      throw error;
    }
  });
}

/**
 * Tries again what only collided with a transaction on the same item (N1): the SDK repeats neither kind, and a single
 * write collides as a transaction does. At most eight times, about three seconds.
 */
async function againAfterCollision<T>(attempt: () => Promise<T>): Promise<T> {
  for (let round = 0; ; round += 1) {
    try {
      return await attempt();
    } catch (error) {
      const collided =
        named(error, 'TransactionConflictException') ||
        cancellationCodes(error).includes('TransactionConflict');
      if (round === 7 || !collided) throw error;
      await new Promise((resolve) => setTimeout(resolve, jitter(20 * 2 ** round)));
    }
  }
}

function toTransactItem(db: Database, action: Action) {
  if ('put' in action) return { Put: toPut(db, action) };
  if ('update' in action) return { Update: toUpdate(db, action) };
  if ('remove' in action) {
    const { remove: from, key, ...conditions } = action;
    return { Delete: { TableName: db.name(from), Key: key, ...expression(conditions) } };
  }
  const { check, key, condition, names, values } = action;
  const rest = expression({ names, values });
  return { ConditionCheck: { TableName: db.name(check), Key: key, ConditionExpression: condition, ...rest } };
}

function toPut(db: Database, { put, item, condition, names, values }: Put) {
  return { TableName: db.name(put), Item: item, ...expression({ condition, names, values }) };
}

function toUpdate(db: Database, { update, key, set, condition, names, values }: Update) {
  return {
    TableName: db.name(update),
    Key: key,
    UpdateExpression: set,
    ...expression({ condition, names, values }),
  };
}

function expression(parts: {
  condition?: string | undefined;
  names?: Record<string, string> | undefined;
  values?: Values | undefined;
}) {
  return {
    ...(parts.condition ? { ConditionExpression: parts.condition } : {}),
    ...(parts.names ? { ExpressionAttributeNames: parts.names } : {}),
    ...(parts.values ? { ExpressionAttributeValues: parts.values } : {}),
  };
}

/** Asks for the units of a call where somebody measures them. */
export function measured(db: Database) {
  return db.meter ? { ReturnConsumedCapacity: 'INDEXES' as const } : {};
}

export function meter(
  db: Database,
  operation: 'read' | 'write',
  consumed: { TableName?: string | undefined; CapacityUnits?: number | undefined } | undefined,
): void {
  if (consumed)
    db.meter?.(operation, { table: consumed.TableName ?? '', units: consumed.CapacityUnits ?? 0 });
}

function named(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}

/** Why a transaction was cancelled, by position of the action (N1); empty for any other error. */
function cancellationCodes(error: unknown): string[] {
  if (!named(error, 'TransactionCanceledException')) return [];
  const reasons = (error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons ?? [];
  return reasons.map((reason) => reason.Code ?? 'None');
}
