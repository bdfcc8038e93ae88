import type { DynamoDBRecord } from 'aws-lambda';

import type { StreamPosition } from './stream-reader.ts';

/** The settings of an event source mapping that the local system keeps. */
export type Mapping = {
  function: string;
  table: string;
  filters: readonly object[];
  batchSize: number;
  parallelizationFactor: number;
  maximumRetryAttempts: number;
  maximumRecordAgeSeconds: number;
};
/** A record that was given up. */
export type Discarded = { record: DynamoDBRecord; position: StreamPosition; cause: string; calls: number };
