import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBStreamsClient, _Record as StreamedRecord } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';

import { compileFilters } from './local/stream-filter.ts';
import { changedNothing, toLambdaRecord } from './local/stream-record.ts';

const sequence = z.string().regex(/^\d+$/);

/** What a stream consumer's failure queue says of a batch that was given up: where it lies, nothing of what it holds. */
export const failure = z.object({
  requestContext: z.object({ condition: z.string() }),
  timestamp: z.string(),
  DDBStreamBatchInfo: z.object({
    streamArn: z.string(),
    shardId: z.string(),
    startSequenceNumber: sequence,
    endSequenceNumber: sequence,
  }),
});
export type Failure = z.infer<typeof failure>;

/** DynamoDB answers empty pages where nothing of a shard lies near; so many in a row, and nothing will come. */
const MOST_PAGES = 50;
/** The record has left the stream, its shard has, or its table was made anew. */
const FORGOTTEN = ['TrimmedDataAccessException', 'ResourceNotFoundException'];

/**
 * Reads the records of a failure again, as the consumer would get them: without those that its filters do not want.
 * @returns undefined where the stream has forgotten them: it remembers 24 hours
 */
export async function readFailed(
  streams: Pick<DynamoDBStreamsClient, 'send'>,
  { DDBStreamBatchInfo: place }: Failure,
  filters: readonly object[],
): Promise<DynamoDBRecord[] | undefined> {
  try {
    const found = await readRange(streams, place);
    if (found.length === 0) return undefined;
    return found
      .filter((record) => !changedNothing(record))
      .map((record) => toLambdaRecord(record, place.streamArn))
      .filter(compileFilters(filters));
  } catch (error) {
    if (error instanceof Error && FORGOTTEN.includes(error.name)) return undefined;
    throw error;
  }
}

async function readRange(
  streams: Pick<DynamoDBStreamsClient, 'send'>,
  place: Failure['DDBStreamBatchInfo'],
): Promise<StreamedRecord[]> {
  const [start, end] = [BigInt(place.startSequenceNumber), BigInt(place.endSequenceNumber)];
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: place.streamArn,
      ShardId: place.shardId,
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      SequenceNumber: place.startSequenceNumber,
    }),
  );
  const found: StreamedRecord[] = [];
  let iterator = ShardIterator;
  for (let pages = 0; iterator !== undefined && pages < MOST_PAGES; pages += 1) {
    const output = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
    for (const record of output.Records ?? []) {
      const at = BigInt(record.dynamodb?.SequenceNumber ?? 0);
      if (at >= start && at <= end) found.push(record);
      if (at >= end) return found;
    }
    iterator = output.NextShardIterator;
  }
  return found;
}
