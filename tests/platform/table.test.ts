import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { queryIndex, queryPartition } from '../../shared/platform/read-many.ts';
import { get, openDatabase, transact, write, writeReturning } from '../../shared/platform/table.ts';
import type { Put, Update } from '../../shared/platform/table.ts';
import { openTestDatabase } from '../support/engine.ts';
import type { TestDatabase } from '../support/engine.ts';
import { faultyDatabase, serviceError } from './faulty-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});

const numbered = z.object({ n: z.number() });
const put = (pk: string, n: number, more: Partial<Put> = {}): Put => ({
  put: 'outbox',
  item: { pk, sk: 'S', n },
  ...more,
});
const isNew = { condition: 'attribute_not_exists(pk)' };
const read = async (pk: string) => (await get(db, 'outbox', { pk, sk: 'S' }, numbered))?.n;
const increment = (pk: string): Update => ({
  update: 'outbox',
  key: { pk, sk: 'S' },
  set: 'ADD n :one',
  values: { ':one': 1 },
});

describe('one item', () => {
  test('is parsed when read; without one there is nothing', async () => {
    await write(db, put('one', 1));
    expect(await read('one')).toBe(1);
    expect(await read('none')).toBeUndefined();
    const wrong = get(db, 'outbox', { pk: 'one', sk: 'S' }, z.object({ n: z.string() }));
    await expect(wrong).rejects.toThrow(z.ZodError);
  });

  test('a condition that does not hold is answered, not thrown, and writes nothing', async () => {
    expect(await write(db, put('cond', 1, isNew))).toBe(true);
    expect(await write(db, put('cond', 2, isNew))).toBe(false);
    expect(await read('cond')).toBe(1);
  });

  test('an update answers the whole item after it', async () => {
    await write(db, put('whole', 1));
    expect(await writeReturning(db, increment('whole'))).toEqual({ pk: 'whole', sk: 'S', n: 2 });
    const never: Update = {
      ...increment('whole'),
      condition: 'n > :many',
      values: { ':one': 1, ':many': 9 },
    };
    expect(await writeReturning(db, never)).toBeUndefined();
  });

  test('attributes without a value are not stored', async () => {
    await write(db, { put: 'outbox', item: { pk: 'gone', sk: 'S', n: 1, empty: undefined } });
    expect(await get(db, 'outbox', { pk: 'gone', sk: 'S' }, z.looseObject({}))).not.toHaveProperty('empty');
  });

  test.each(['ProvisionedThroughputExceededException', 'InternalServerError'])(
    '%s is thrown',
    async (name) => {
      const failing = await faultyDatabase(db, () => ({ error: serviceError(name), arrives: false }));
      await expect(write(failing, put('failed', 1))).rejects.toThrow(name);
      expect(await read('failed')).toBeUndefined();
    },
  );

  test('N1 a write that collides with a transaction on its item is tried again', async () => {
    await write(db, put('collided', 1));
    const error = serviceError('TransactionConflictException');
    const fewTimes = await failingFor(3, error);
    expect(await write(fewTimes, increment('collided'))).toBe(true);
    expect(await write(await failingFor(3, error), put('collided', 9, isNew))).toBe(false);
    expect(await read('collided')).toBe(2);
  });
});

describe('N1 a transaction', () => {
  test('writes all or nothing and names the positions whose condition did not hold', async () => {
    await write(db, put('b', 1));
    await write(db, put('d', 1));
    const actions = ['a', 'b', 'c', 'd'].map((pk) => put(pk, 7, isNew));
    expect(await transact(db, actions)).toEqual({ done: false, failed: [1, 3] });
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(read))).toEqual([undefined, 1, undefined, 1]);
    expect(await transact(db, [put('a', 7, isNew), increment('b')])).toEqual({ done: true });
    expect(await Promise.all(['a', 'b'].map(read))).toEqual([7, 2]);
  });

  test('that only collided with another one is tried again', async () => {
    const colliding = await failingFor(3, cancelled('None', 'TransactionConflict'));
    expect(await transact(colliding, [put('conflict', 1), put('conflict-2', 1)])).toEqual({ done: true });
    expect(await read('conflict')).toBe(1);
  });

  test('that collided and whose condition does not hold is answered at once', async () => {
    const error = cancelled('TransactionConflict', 'None', 'ConditionalCheckFailed');
    const failing = await failingFor(1, error);
    const actions = ['x', 'y', 'z'].map((pk) => put(pk, 1));
    expect(await transact(failing, actions)).toEqual({ done: false, failed: [2] });
  });

  test.each([
    ['cancelled for another reason', cancelled('ThrottlingError')],
    ['cancelled without a reason', serviceError('TransactionCanceledException')],
    ['refused', serviceError('ValidationException')],
  ])('that is %s is thrown', async (_, error) => {
    await expect(transact(await failingFor(1, error), [put('thrown', 1)])).rejects.toBe(error);
    expect(await read('thrown')).toBeUndefined();
  });

  test('50 at once on one item all count', async () => {
    await write(db, put('hot', 0));
    const all = Array.from({ length: 50 }, (_, index) =>
      transact(db, [increment('hot'), put(`hot-${index}`, 1)]),
    );
    expect(await Promise.all(all)).toEqual(Array.from({ length: 50 }, () => ({ done: true })));
    expect(await read('hot')).toBe(50);
  });
});

describe('several items', () => {
  test('a partition is read page by page in order, by prefix where asked for', async () => {
    const filler = 'x'.repeat(300_000);
    const sks = ['A#1', 'A#2', 'A#3', 'B#1', 'B#2'];
    await Promise.all(sks.map((sk, n) => write(db, { put: 'outbox', item: { pk: 'pages', sk, n, filler } })));
    const numbers = async (prefix?: string) =>
      (await Array.fromAsync(queryPartition(db, 'outbox', 'pages', numbered, prefix))).map(({ n }) => n);
    expect(await numbers()).toEqual([0, 1, 2, 3, 4]);
    expect(await numbers('A#')).toEqual([0, 1, 2]);
    expect(await numbers('C#')).toEqual([]);
  });

  test('what is due is found by shard and instant, oldest first, at most so many', async () => {
    const due = (pk: string, dueAt: string, dueShard = 'D1') =>
      write(db, { put: 'outbox', item: { pk, sk: 'S', n: 1, dueAt, dueShard } });
    await due('later', '2026-11-22T09:00:00.000Z');
    await due('first', '2026-11-22T07:00:00.000Z');
    await due('exactly', '2026-11-22T08:00:00.000Z');
    await due('elsewhere', '2026-11-22T07:00:00.000Z', 'D2');
    const index = { name: 'due', pk: 'dueShard', sk: 'dueAt' };
    const keys = (limit: number) => queryIndex(db, 'outbox', index, 'D1', '2026-11-22T08:00:00.000Z', limit);
    expect(await keys(10)).toEqual([
      { pk: 'first', sk: 'S' },
      { pk: 'exactly', sk: 'S' },
    ]);
    expect(await keys(1)).toEqual([{ pk: 'first', sk: 'S' }]);
  });
});

describe('the meter', () => {
  test('hears of every call with table and units, of transactions per table and twofold', async () => {
    const heard: string[] = [];
    const metered = {
      ...db,
      meter: (operation: string, { table, units }: { table: string; units: number }) => {
        heard.push(`${operation} ${table.replace(/^.*-/, '')} ${units}`);
      },
    };
    await write(metered, put('metered', 1));
    await write(metered, increment('metered'));
    await get(metered, 'outbox', { pk: 'metered', sk: 'S' }, numbered);
    await get(metered, 'outbox', { pk: 'metered', sk: 'S' }, numbered, { consistent: false });
    await Array.fromAsync(queryPartition(metered, 'outbox', 'metered', numbered));
    await transact(metered, [put('metered', 2), { put: 'config', item: { pk: 'metered', sk: 'S' } }]);
    expect(heard.slice(0, 5)).toEqual([
      'write outbox 1',
      'write outbox 1',
      'read outbox 1',
      'read outbox 0.5',
      'read outbox 1',
    ]);
    expect(heard.slice(5).sort()).toEqual(['write config 2', 'write outbox 2']);
  });

  test('nothing is asked of the database where nobody measures', async () => {
    const silent = { client: db.client, name: db.name };
    expect(await write(silent, put('silent', 1))).toBe(true);
  });
});

test('no call copies what it reads and writes for a log that nobody keeps', () => {
  const { client } = openDatabase();
  const steps = client.middlewareStack.identify().join();
  client.destroy();
  expect(steps).toContain('retryMiddleware');
  expect(steps).not.toContain('loggerMiddleware');
});

function cancelled(...codes: string[]): Error {
  return serviceError('TransactionCanceledException', {
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

/** The database, whose first calls fail. */
function failingFor(times: number, error: Error) {
  let left = times;
  return faultyDatabase(db, () => (left-- > 0 ? { error, arrives: false } : undefined));
}
