import { join } from 'node:path';

import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { openCheckpoints } from '../../../infra/local/checkpoints.ts';
import { startPoller } from '../../../infra/local/stream-poller.ts';
import type { Discarded } from '../../../infra/local/stream-mapping.ts';
import { openStream } from '../../../infra/local/stream-reader.ts';
import { write } from '../../../shared/platform/table.ts';
import type { Database } from '../../../shared/platform/table.ts';
import { openTestDatabase, testClient, testEndpoint } from '../../support/engine.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MAPPING = {
  function: 'mail',
  table: 'outbox',
  filters: [{ eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { todo: { S: ['mail'] } } } }],
  batchSize: 10,
  parallelizationFactor: 4,
  maximumRetryAttempts: 0,
  maximumRecordAgeSeconds: 3_600,
};

/** A poller on the outbox of `db` that calls `consume` with the records it gets. */
async function poll(
  db: Database,
  checkpointFile: string,
  consume: (records: DynamoDBRecord[]) => Promise<unknown>,
  mapping = MAPPING,
) {
  const checkpoints = await openCheckpoints(checkpointFile);
  const streams = new DynamoDBStreamsClient({
    endpoint: await testEndpoint(),
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const discarded: Discarded[] = [];
  const poller = startPoller(mapping, {
    reader: await openStream(
      { tables: await testClient(), streams },
      db.name('outbox'),
      checkpoints.get('mail'),
    ),
    call: ({ Records }) => consume(Records),
    checkpoint: (position) => checkpoints.set('mail', position),
    discard: (entry) => discarded.push(entry),
  });
  const stop = async () => {
    await poller.stop();
    await checkpoints.flush();
  };
  onTestFinished(async () => {
    await stop();
    streams.destroy();
  });
  return { discarded, stop, nudge: poller.nudge };
}

const put = (db: Database, pk: string, rest: object = {}) =>
  write(db, { put: 'outbox', item: { pk, sk: 'MAIL', todo: 'mail', ...rest } });
const pkOf = ({ dynamodb }: DynamoDBRecord) => dynamodb?.Keys?.['pk']?.S;

describe('the stream poller', () => {
  test('hands over records as Lambda does', async () => {
    const db = await openTestDatabase();
    await put(db, 'a', {
      bytes: new Uint8Array([1, 2]),
      list: ['x', 1, null, { deep: true }],
      set: new Set(['s']),
    });
    const seen: DynamoDBRecord[] = [];
    await poll(db, join(temporaryFolder(), 'c'), async (records) => seen.push(...records) && undefined);
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    expect(seen[0]).toEqual({
      eventID: expect.any(String),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-central-1',
      eventSourceARN: expect.stringContaining(`table/${db.name('outbox')}/stream/`),
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { pk: { S: 'a' }, sk: { S: 'MAIL' } },
        NewImage: {
          pk: { S: 'a' },
          sk: { S: 'MAIL' },
          todo: { S: 'mail' },
          bytes: { B: 'AQI=' },
          list: { L: [{ S: 'x' }, { N: '1' }, { NULL: true }, { M: { deep: { BOOL: true } } }] },
          set: { SS: ['s'] },
        },
        SequenceNumber: expect.stringMatching(/^\d+$/),
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
  });

  test('N4 drops writes that change nothing, and what the filter does not want', async () => {
    const db = await openTestDatabase();
    await put(db, 'a');
    await put(db, 'a');
    await put(db, 'b', { todo: 'other' });
    await put(db, 'a', { n: 1 });
    await put(db, 'end');
    const seen: (string | undefined)[] = [];
    await poll(db, join(temporaryFolder(), 'c'), async (records) => {
      for (const record of records) seen.push(`${pkOf(record)} ${record.eventName}`);
    });
    await vi.waitFor(() => expect(seen).toContain('end INSERT'));
    expect(seen.sort((a = '', b = '') => a.localeCompare(b))).toEqual(['a INSERT', 'a MODIFY', 'end INSERT']);
  });

  test('goes on behind its checkpoint after a restart, and delivers again what was not done', async () => {
    const db = await openTestDatabase();
    const file = join(temporaryFolder(), 'c');
    await put(db, 'a');
    const first: (string | undefined)[] = [];
    const one = await poll(
      db,
      file,
      async (records) => {
        first.push(...records.map(pkOf));
        if (first.includes('b')) throw new Error('killed');
      },
      { ...MAPPING, maximumRetryAttempts: 9 },
    );
    await vi.waitFor(() => expect(first).toContain('a'));
    await put(db, 'b');
    one.nudge();
    await vi.waitFor(() => expect(first).toContain('b'));
    await one.stop();

    const second: (string | undefined)[] = [];
    await poll(db, file, async (records) => second.push(...records.map(pkOf)) && undefined);
    await vi.waitFor(() => expect(second).toEqual(['b']));
    expect(one.discarded).toEqual([]);
  });

  test('keeps the order of one partition key, and lets no slow one hold up the others', async () => {
    const db = await openTestDatabase();
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    for (let n = 0; n < 3; n += 1) await put(db, 'slow', { n });
    for (const pk of ['a', 'b', 'c', 'd']) await put(db, pk);
    const seen: string[] = [];
    await poll(
      db,
      join(temporaryFolder(), 'c'),
      async (records) => {
        if (records.some((record) => pkOf(record) === 'slow')) await gate;
        for (const record of records)
          seen.push(`${pkOf(record)}${record.dynamodb?.NewImage?.['n']?.N ?? ''}`);
      },
      { ...MAPPING, batchSize: 1 },
    );
    await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(3));
    expect(seen.filter((entry) => entry.startsWith('slow'))).toEqual([]);
    release();
    await vi.waitFor(() => expect(seen).toHaveLength(7));
    expect(seen.filter((entry) => entry.startsWith('slow'))).toEqual(['slow0', 'slow1', 'slow2']);
  });

  test('N5 gives up a poison record with its place in the stream, and goes on', async () => {
    const db = await openTestDatabase();
    await put(db, 'poison');
    await put(db, 'good');
    const seen: (string | undefined)[] = [];
    const { discarded } = await poll(db, join(temporaryFolder(), 'c'), async (records) => {
      if (records.some((record) => pkOf(record) === 'poison')) throw new Error('poison');
      seen.push(...records.map(pkOf));
    });
    await vi.waitFor(() => expect(discarded).toHaveLength(1));
    await vi.waitFor(() => expect(seen).toEqual(['good']));
    const [entry] = discarded;
    expect(entry?.cause).toBe('RetryAttemptsExhausted');
    expect(entry?.position.sequence).toBe(entry?.record.dynamodb?.SequenceNumber);
  });
});
