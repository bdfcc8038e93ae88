import { createHash } from 'node:crypto';

import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod';

import { ACCOUNT, REGION } from './environment.ts';
import type { Message } from './queue.ts';

const answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) }).nullish();

/** The event that Lambda makes of a batch of queue messages. */
export function toSqsEvent(messages: readonly Message[], queueName: string): SQSEvent {
  return {
    Records: messages.map(({ id, body, sentAt, receives }) => ({
      messageId: id,
      receiptHandle: `local-${id}-${receives}`,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentAt),
        SenderId: 'local',
        ApproximateFirstReceiveTimestamp: String(sentAt),
      },
      messageAttributes: {},
      md5OfBody: createHash('md5').update(body).digest('hex'),
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:${queueName}`,
      awsRegion: REGION,
    })),
  };
}

/** Ids of the messages that a function reports as failed. Throws, which fails all, where the answer is none. */
export function failedMessages(result: unknown): string[] {
  return (answer.parse(result)?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
}
