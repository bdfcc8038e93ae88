import { existsSync, readFileSync } from 'node:fs';

import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterAll, describe, expect, test, vi } from 'vitest';

import { failure } from '../../../infra/failed-records.ts';
import { openDataFolder } from '../../../infra/local/data-folder.ts';
import { discardToFile } from '../../../infra/local/failures.ts';
import { startLanes } from '../../../infra/local/stream-lanes.ts';
import { startPoller } from '../../../infra/local/stream-poller.ts';
import { openStream } from '../../../infra/local/stream-reader.ts';
import { STREAMS } from '../../../infra/triggers.ts';
import { eventKey } from '../../../shared/engagement/event.ts';
import { MINUTE, now, plus } from '../../../shared/platform/clock.ts';
import { keys } from '../../../shared/platform/keys.ts';
import { write } from '../../../shared/platform/table.ts';
import { readScore } from '../../../shared/scoring/store.ts';
import { agreed, makePerson } from '../../decision/people.ts';
import { openLambda } from '../../functions/lambda.ts';
import { event } from '../../support/engagement.ts';
import { testClient, testEndpoint } from '../../support/engine.ts';
import { captureLog } from '../../support/system.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { deps } = await openLambda();
const { db } = deps;
const { handler } = await import('../../../functions/score.ts');
const logged = captureLog();

const endpoint = await testEndpoint();
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const streams = new DynamoDBStreamsClient({ endpoint, region: 'eu-central-1', credentials });
afterAll(() => streams.destroy());

/** The `score` mapping of a table with every value as deployed, only that retries follow sooner; for what comes now. */
async function openScore(table: 'contacts' | 'engagement') {
  const mapping = STREAMS.find((stream) => stream.function === 'score' && stream.table === table);
  if (!mapping) throw new Error(`score does not read ${table}`);
  const folder = await openDataFolder(temporaryFolder());
  const reader = await openStream({ tables: await testClient(), streams }, db.name(table), undefined);
  while ((await reader.next(1_000)).length > 0);
  const start = () =>
    startPoller(mapping, {
      reader,
      call: handler,
      checkpoint: () => {},
      discard: discardToFile(folder, 'score'),
      firstRetryMs: 4,
    });
  return { start, file: folder.failures('score') };
}

const crowd = (name: string) =>
  Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      makePerson(deps, `${name}-${at}@maschinenbau.example`, [agreed('profiling')]),
    ),
  );
const putEvent = async (contactId: string, id: string, damage: object = {}) => {
  const about = { contactId, id, topics: ['drives'] };
  const item = event('download', plus(now(), -MINUTE), about);
  await write(db, { put: 'engagement', item: { ...eventKey(item), ...item, ...damage } });
};
const scored = async (ids: readonly string[]) => {
  const scores = await Promise.all(ids.map((id) => readScore(db, id)));
  return scores.filter((score) => score?.total === 40).length;
};

describe('a poison record', () => {
  test.each([
    { what: 'its event', damage: { occurredAt: 'yesterday' }, contact: false },
    { what: 'its contact', damage: {}, contact: true },
  ])(
    'N5 N6 of one contact in twenty ($what is damaged) holds up no other, and goes to the failure queue',
    async ({ what, damage, contact: isContactDamaged }) => {
      const people = await crowd(what.replace(' ', '-'));
      const [poison, ...others] = people.map(({ id }) => id);
      if (poison === undefined) throw new Error('nobody');
      if (isContactDamaged) {
        await write(db, { put: 'contacts', item: { ...keys.contact(poison), id: poison, head: 'damaged' } });
      }
      const { start, file } = await openScore('engagement');
      // Between the events of the others, so that they travel together.
      for (const id of others.slice(0, 10)) await putEvent(id, 'one');
      await putEvent(poison, 'one', damage);
      for (const id of others.slice(10)) await putEvent(id, 'one');
      for (const id of others) await putEvent(id, 'two');

      const poller = start();
      await vi.waitFor(async () => expect(await scored(others)).toBe(19), { timeout: 20_000, interval: 100 });
      expect(existsSync(file)).toBe(false);
      await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 20_000, interval: 100 });
      await poller.stop();

      const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
      const [line] = lines.map((each) => failure.parse(JSON.parse(each)));
      expect(lines).toHaveLength(1);
      expect(line).toMatchObject({
        requestContext: { condition: 'RetryAttemptsExhausted' },
        DDBStreamBatchInfo: {
          shardId: expect.stringMatching(/./),
          streamArn: expect.stringContaining(db.name('engagement')),
        },
      });
      expect(line?.DDBStreamBatchInfo.startSequenceNumber).toBe(line?.DDBStreamBatchInfo.endSequenceNumber);
      // Where it lies, and nothing of what it holds.
      const [text = ''] = lines;
      for (const word of [poison, 'maschinenbau', 'download', 'drives', 'NewImage', 'Keys'])
        expect(text).not.toContain(word);
      expect(JSON.stringify(logged)).not.toContain(poison);
      expect(await readScore(db, poison)).toBeUndefined();
    },
  );

  test('N5 N6 in the stream of contacts is no different', async () => {
    const { start, file } = await openScore('contacts');
    const people = await crowd('contacts');
    await Promise.all(people.map(({ id }) => putEvent(id, 'one').then(() => putEvent(id, 'two'))));
    const [poison, ...others] = people.map(({ id }) => id);
    await write(db, { put: 'contacts', item: { ...keys.contact(poison ?? ''), head: 'damaged' } });
    const poller = start();
    await vi.waitFor(async () => expect(await scored(others)).toBe(19), { timeout: 20_000, interval: 100 });
    await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 20_000, interval: 100 });
    await poller.stop();
    expect(await readScore(db, poison ?? '')).toBeUndefined();
  });
});

describe.each(STREAMS)('the mapping of $table to $function', (mapping) => {
  test('N5 works many contacts at once and the records of one in their order', async () => {
    const contacts = 40;
    const each = 6;
    const seen = new Map<string, number[]>();
    const running = new Set<string>();
    let [most, atOnce] = [0, 0];
    const place = ({ dynamodb }: DynamoDBRecord) => dynamodb?.Keys?.['pk']?.S ?? '';
    const lanes = startLanes(mapping, {
      discard: () => {},
      call: async ({ Records }) => {
        expect(Records.length).toBeLessThanOrEqual(mapping.batchSize);
        const own = new Set(Records.map(place));
        for (const pk of own) expect(running.has(pk)).toBe(false);
        for (const pk of own) running.add(pk);
        most = Math.max(most, (atOnce += 1));
        await new Promise((resolve) => setTimeout(resolve, 5 * (Records.length % 3)));
        for (const record of Records) {
          const numbers = seen.get(place(record)) ?? [];
          seen.set(place(record), [...numbers, Number(record.dynamodb?.SequenceNumber)]);
        }
        atOnce -= 1;
        for (const pk of own) running.delete(pk);
      },
    });
    const total = contacts * each;
    let done = 0;
    for (let n = 0; n < total; n += 1) {
      const record = {
        dynamodb: { Keys: { pk: { S: `C#${n % contacts}` } }, SequenceNumber: String(n + 1) },
      };
      const position = { stream: 's', shard: 'x', sequence: String(n + 1) };
      lanes.push({ record, position, done: () => (done += 1) });
      if (n % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await vi.waitFor(() => expect(done).toBe(total));
    await lanes.stop();
    expect(seen.size).toBe(contacts);
    for (const numbers of seen.values()) {
      expect(numbers).toHaveLength(each);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(mapping.parallelizationFactor);
  });
});
