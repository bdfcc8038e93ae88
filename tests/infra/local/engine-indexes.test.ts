import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { startEngine } from '../../../infra/local/engine.ts';
import { indexDatabase } from '../../../infra/local/engine-indexes.ts';
import { TABLE_PREFIX } from '../../../infra/local/environment.ts';
import { createTables, prefixedName } from '../../../infra/local/tables.ts';

const OUTBOX = prefixedName(TABLE_PREFIX, 'outbox');
const CONTACTS = prefixedName(TABLE_PREFIX, 'contacts');
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assent-indexes-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the indexes that the engine lacks', () => {
  test('are made beside a running engine, once, and the ways it numbers records and scans use them', async () => {
    const file = join(dir, 'assent.db');
    const engine = await startEngine({ file });
    const client = new DynamoDBClient({
      endpoint: engine.endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await createTables(client, TABLE_PREFIX);
    const Item = { pk: { S: 'a' }, sk: { S: 'b' } };
    await client.send(new PutItemCommand({ TableName: OUTBOX, Item }));
    await indexDatabase(file);
    await indexDatabase(file);
    await client.send(new PutItemCommand({ TableName: OUTBOX, Item: { ...Item, n: { N: '1' } } }));
    client.destroy();
    await engine.stop();

    const database = new DatabaseSync(file);
    const plan = database
      .prepare(
        'EXPLAIN QUERY PLAN SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ?',
      )
      .all(OUTBOX);
    const scan = database
      .prepare(
        `EXPLAIN QUERY PLAN SELECT pk, sk, item_json FROM "${CONTACTS}" WHERE (hash_prefix, pk, sk) > (?, ?, ?)
         ORDER BY hash_prefix ASC, pk ASC, sk ASC LIMIT 500`,
      )
      .all('0', 'a', 'b');
    const records = database.prepare('SELECT sequence_number FROM _stream_records').all();
    database.close();
    expect(plan[0]?.['detail']).toContain('assent_stream_order');
    expect(scan).toMatchObject([{ detail: expect.stringContaining('assent_scan_order') }]);
    expect(new Set(records.map((record) => record['sequence_number'])).size).toBe(2);
  });

  test('are not missed where there is no database file', async () => {
    await expect(indexDatabase(join(dir, 'none.db'))).resolves.toBeUndefined();
  });
});
