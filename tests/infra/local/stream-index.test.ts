import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { startEngine } from '../../../infra/local/engine.ts';
import { indexStreamRecords } from '../../../infra/local/stream-index.ts';
import { createTables } from '../../../infra/local/tables.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assent-index-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the index on stream records', () => {
  test('is made beside a running engine, once, and the way the engine numbers records uses it', async () => {
    const file = join(dir, 'assent.db');
    const engine = await startEngine({ file });
    const client = new DynamoDBClient({
      endpoint: engine.endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await createTables(client, 't-');
    const Item = { pk: { S: 'a' }, sk: { S: 'b' } };
    await client.send(new PutItemCommand({ TableName: 't-outbox', Item }));
    await indexStreamRecords(file);
    await indexStreamRecords(file);
    await client.send(new PutItemCommand({ TableName: 't-outbox', Item: { ...Item, n: { N: '1' } } }));
    client.destroy();
    await engine.stop();

    const database = new DatabaseSync(file);
    const plan = database
      .prepare(
        'EXPLAIN QUERY PLAN SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ?',
      )
      .all('t-outbox');
    const records = database.prepare('SELECT sequence_number FROM _stream_records').all();
    database.close();
    expect(plan[0]?.['detail']).toContain('assent_stream_order');
    expect(new Set(records.map((record) => record['sequence_number'])).size).toBe(2);
  });

  test('is not missed where there is no database file', async () => {
    await expect(indexStreamRecords(join(dir, 'none.db'))).resolves.toBeUndefined();
  });
});
