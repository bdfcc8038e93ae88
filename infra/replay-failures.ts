import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';

import { failure, readFailed } from './failed-records.ts';
import type { Failure } from './failed-records.ts';
import type { ReplayWish, Replayed, StreamConsumer } from './replay-shapes.ts';
import { STREAMS } from './triggers.ts';

/** What waits in a failure queue, as it stands there. */
export type Waiting = { body: string; drop(): Promise<void> };

export type ReplayDeps = {
  waiting: AsyncIterable<Waiting>;
  streams: Pick<DynamoDBStreamsClient, 'send'>;
  /** Calls the function with one record; false where it fails. Rejects where it cannot be called at all. */
  feed(record: DynamoDBRecord): Promise<boolean>;
};
/**
 * Gives a function again what it failed on, record by record in their order, and takes from its failure queue what
 * it did now (N5). Consumers look at the present state, so a record may come late, twice, or after newer ones.
 */
export async function* replayFailures(deps: ReplayDeps, wish: ReplayWish): AsyncGenerator<Replayed> {
  for await (const { body, drop } of deps.waiting) {
    const read = failure.safeParse(parseJson(body));
    const mapping = read.success ? mappingOf(wish.function, read.data) : undefined;
    if (!read.success || !mapping) {
      yield { outcome: 'unreadable', shard: '', sequence: '', at: '' };
      continue;
    }
    const { DDBStreamBatchInfo: place, timestamp: at } = read.data;
    const line = { shard: place.shardId, sequence: place.startSequenceNumber, at };
    const records = await readFailed(deps.streams, read.data, mapping.filters);
    if (!records) {
      const isDropped = wish.dropForgotten && !wish.dryRun;
      if (isDropped) await drop();
      yield { ...line, outcome: isDropped ? 'dropped' : 'forgotten' };
      continue;
    }
    let left = 0;
    for (const record of records) {
      const outcome = wish.dryRun ? 'waits' : (await deps.feed(record)) ? 'done' : 'failed';
      if (outcome !== 'done') left += 1;
      yield { ...line, outcome, sequence: record.dynamodb?.SequenceNumber ?? line.sequence };
    }
    if (left === 0 && !wish.dryRun) await drop();
  }
}

function mappingOf(name: StreamConsumer, { DDBStreamBatchInfo: { streamArn } }: Failure) {
  const table = streamArn.split('/')[1] ?? '';
  return STREAMS.find((stream) => stream.function === name && table.endsWith(`-${stream.table}`));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
