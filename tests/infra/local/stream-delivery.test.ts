import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';

import { deliver } from '../../../infra/local/stream-delivery.ts';

const SECONDS = 1_000;
const records = (...sequences: string[]): DynamoDBRecord[] =>
  sequences.map((SequenceNumber) => ({
    dynamodb: { SequenceNumber, ApproximateCreationDateTime: Date.now() / SECONDS },
  }));

/** Runs a batch through a consumer that gets sequence numbers and answers or throws. */
async function run(
  batch: DynamoDBRecord[],
  consume: (sequences: string[]) => unknown,
  maximumRetryAttempts = 2,
) {
  const calls: string[] = [];
  const discarded: string[] = [];
  await deliver(batch, {
    maximumRetryAttempts,
    maximumRecordAgeSeconds: 60,
    pause: () => Promise.resolve(),
    discard: ({ dynamodb }, cause) => discarded.push(`${dynamodb?.SequenceNumber} ${cause}`),
    call: async (given) => {
      const sequences = given.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
      calls.push(sequences.join(''));
      return consume(sequences);
    },
  });
  return { calls, discarded };
}
const failing = (...sequences: string[]) => ({
  batchItemFailures: sequences.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('delivery of a stream batch', () => {
  test('N6 an empty report, or none, means that all is done', async () => {
    expect((await run(records('1', '2'), () => failing())).calls).toEqual(['12']);
    expect((await run(records('1', '2'), () => undefined)).calls).toEqual(['12']);
  });

  test('N6 from the lowest failed record on everything comes again, nothing before it', async () => {
    let failed = false;
    const { calls, discarded } = await run(records('1', '2', '3', '4'), () => {
      if (failed) return failing();
      failed = true;
      return failing('4', '3');
    });
    expect(calls).toEqual(['1234', '34']);
    expect(discarded).toEqual([]);
  });

  test('N5 a poison record is found by halving, retried alone and discarded; all others arrive', async () => {
    const { calls, discarded } = await run(records('1', '2', '3', '4'), (sequences) => {
      if (sequences.includes('3')) throw new Error('poison');
    });
    expect(calls).toEqual(['1234', '12', '34', '3', '3', '3', '4']);
    expect(discarded).toEqual(['3 RetryAttemptsExhausted']);
  });

  test('N5 a record that reports itself failed for ever is discarded too, after its retries', async () => {
    const { calls, discarded } = await run(records('1', '2'), (sequences) =>
      sequences.includes('1') ? failing('1') : failing(),
    );
    expect(calls).toEqual(['12', '1', '1', '1', '2']);
    expect(discarded).toEqual(['1 RetryAttemptsExhausted']);
  });

  test('an unknown identifier or an answer of another shape fails the whole batch', async () => {
    expect((await run(records('1'), () => failing('9'), 0)).discarded).toEqual(['1 RetryAttemptsExhausted']);
    expect((await run(records('1'), () => ({ batchItemFailures: 1 }), 0)).discarded).toHaveLength(1);
  });

  test('N5 an old record is tried once, not again', async () => {
    const old = [
      { dynamodb: { SequenceNumber: '1', ApproximateCreationDateTime: Date.now() / SECONDS - 61 } },
    ];
    const { calls, discarded } = await run(old, () => failing('1'));
    expect(calls).toEqual(['1']);
    expect(discarded).toEqual(['1 MaximumRecordAgeExceeded']);
    expect((await run(old, () => failing())).discarded).toEqual([]);
  });
});
