import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';

import { keys } from '../../shared/platform/keys.ts';
import { CREDENTIALS, REGION, TABLE_PREFIX } from '../local/environment.ts';
import { prefixedName } from '../local/tables.ts';

const SCORE = keys.score('').sk;
const CONTACT = keys.contact('').pk;

/** Scores as they are stored, by the stream of their table: it tells of each without asking for any. */
export type ScoreFeed = {
  /** Whose scores were written since the last call. */
  next(): Promise<string[]>;
  close(): void;
};

/** Follows the scores in an engine from now on. */
export async function openScoreFeed(endpoint: string): Promise<ScoreFeed> {
  const settings = { endpoint, region: REGION, credentials: CREDENTIALS };
  const [tables, streams] = [new DynamoDBClient(settings), new DynamoDBStreamsClient(settings)];
  const TableName = prefixedName(TABLE_PREFIX, 'engagement');
  const { Table } = await tables.send(new DescribeTableCommand({ TableName }));
  const StreamArn = Table?.LatestStreamArn;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.at(-1)?.ShardId;
  const started = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'LATEST' }),
  );
  let iterator = started.ShardIterator;
  return {
    next: async () => {
      const found: string[] = [];
      for (;;) {
        const output = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
        iterator = output.NextShardIterator;
        for (const { eventName, dynamodb } of output.Records ?? []) {
          if (eventName === 'REMOVE' || dynamodb?.Keys?.['sk']?.S !== SCORE) continue;
          found.push((dynamodb.Keys['pk']?.S ?? '').slice(CONTACT.length));
        }
        if (!output.Records?.length) return found;
      }
    },
    close: () => {
      tables.destroy();
      streams.destroy();
    },
  };
}
