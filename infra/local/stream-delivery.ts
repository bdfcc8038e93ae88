import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';

import { SECOND } from '../../shared/platform/clock.ts';

const answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) }).nullish();

export type Delivery = {
  call(records: DynamoDBRecord[]): Promise<unknown>;
  /** Where a record goes that could not be delivered. */
  discard(
    record: DynamoDBRecord,
    cause: 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded',
    calls: number,
  ): void;
  pause(attempt: number): Promise<void>;
  maximumRetryAttempts: number;
  maximumRecordAgeSeconds: number;
};

/**
 * Delivers a batch as an event source mapping with `ReportBatchItemFailures` and `BisectBatchOnFunctionError` does:
 * what stands before the lowest failed record is done; the rest is halved until the one that fails is alone, and
 * that one is tried again `maximumRetryAttempts` times. Halving does not count as a retry (N5, N6).
 * Resolves when every record is delivered or discarded; rejects only where `pause` does.
 */
export async function deliver(batch: DynamoDBRecord[], delivery: Delivery): Promise<void> {
  let rest = batch;
  for (let attempt = 0; rest.length > 0;) {
    const failed = await firstFailure(rest, delivery);
    if (failed === undefined) return;
    if (failed > 0) {
      rest = rest.slice(failed);
      attempt = 0;
      continue;
    }
    if (rest.length > 1) {
      const half = Math.ceil(rest.length / 2);
      await deliver(rest.slice(0, half), delivery);
      rest = rest.slice(half);
      continue;
    }
    attempt += 1;
    const [record] = rest;
    if (record === undefined) return;
    if (attempt > delivery.maximumRetryAttempts) {
      return delivery.discard(record, 'RetryAttemptsExhausted', attempt);
    }
    // The age counts for retries only: this machine may have been switched off for days, which AWS never is.
    if (ageSeconds(record) > delivery.maximumRecordAgeSeconds) {
      return delivery.discard(record, 'MaximumRecordAgeExceeded', attempt);
    }
    await delivery.pause(attempt);
  }
}

/** Position of the lowest failed record; undefined where all are done. An answer that we cannot read fails all. */
export async function firstFailure(
  records: DynamoDBRecord[],
  { call }: Pick<Delivery, 'call'>,
): Promise<number | undefined> {
  try {
    const failures = answer.parse(await call(records))?.batchItemFailures ?? [];
    if (failures.length === 0) return undefined;
    const failed = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
    return Math.max(
      0,
      records.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? '')),
    );
  } catch {
    return 0;
  }
}

function ageSeconds({ dynamodb }: DynamoDBRecord): number {
  return Date.now() / SECOND - (dynamodb?.ApproximateCreationDateTime ?? 0);
}
