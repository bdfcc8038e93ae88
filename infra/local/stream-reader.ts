import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBStreamsClient, _Record as StreamedRecord } from '@aws-sdk/client-dynamodb-streams';

/** How far a stream was read: up to and with this record. */
export type StreamPosition = { stream: string; shard: string; sequence: string };
export type StreamReader = {
  stream: string;
  /** The next records with their positions, oldest first; none where there is nothing new. */
  next(limit: number): Promise<{ position: StreamPosition; record: StreamedRecord }[]>;
};

/**
 * Reads the stream of a table shard by shard in their order, from behind `after`, else from its beginning.
 * A position in another stream counts for nothing: the table was made anew.
 */
export async function openStream(
  clients: { tables: DynamoDBClient; streams: DynamoDBStreamsClient },
  table: string,
  after: StreamPosition | undefined,
): Promise<StreamReader> {
  const { Table } = await clients.tables.send(new DescribeTableCommand({ TableName: table }));
  const stream = Table?.LatestStreamArn;
  if (!stream) throw new Error(`the table ${table} has no stream`);
  let last = after?.stream === stream ? after : undefined;
  let shard = last?.shard;
  let iterator: string | undefined;

  const iterate = async (of: string) => {
    const from =
      last?.shard === of
        ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: last.sequence }
        : { ShardIteratorType: 'TRIM_HORIZON' as const };
    const output = await clients.streams.send(
      new GetShardIteratorCommand({ StreamArn: stream, ShardId: of, ...from }),
    );
    return output.ShardIterator;
  };
  /** The shard behind the present one, once there is one. */
  const follow = async () => {
    const output = await clients.streams.send(new DescribeStreamCommand({ StreamArn: stream }));
    const ids = (output.StreamDescription?.Shards ?? []).flatMap(({ ShardId }) => ShardId ?? []);
    return ids[shard === undefined ? 0 : ids.indexOf(shard) + 1];
  };
  if (shard !== undefined) iterator = await iterate(shard);

  return {
    stream,
    next: async (limit) => {
      if (iterator === undefined) {
        const following = await follow();
        if (following === undefined) return [];
        shard = following;
        iterator = await iterate(following);
      }
      try {
        const output = await clients.streams.send(
          new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }),
        );
        iterator = output.NextShardIterator;
        const records = (output.Records ?? []).map((record) => ({
          position: positionOf(stream, shard, record),
          record,
        }));
        last = records.at(-1)?.position ?? last;
        return records;
      } catch (error) {
        // An iterator lives for 15 minutes: a machine that slept longer needs a new one.
        if (!(error instanceof Error && error.name === 'ExpiredIteratorException') || shard === undefined)
          throw error;
        iterator = await iterate(shard);
        return [];
      }
    },
  };
}

function positionOf(stream: string, shard: string | undefined, { dynamodb }: StreamedRecord): StreamPosition {
  return { stream, shard: shard ?? '', sequence: dynamodb?.SequenceNumber ?? '' };
}
