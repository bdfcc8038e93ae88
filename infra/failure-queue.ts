import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';

import { MINUTE } from '../shared/platform/clock.ts';
import { sendSigned } from '../shared/platform/signed-request.ts';
import { firstFailure } from './local/stream-delivery.ts';
import type { Waiting } from './replay-failures.ts';

/** Long enough to replay ten messages; after a break-off they are shown again by then. */
const HIDDEN_SECONDS = 900;
const queueUrl = z.object({ QueueUrl: z.string() });
const received = z.object({
  Messages: z
    .array(z.object({ MessageId: z.string(), ReceiptHandle: z.string(), Body: z.string() }))
    .optional(),
});

/**
 * Every message of an SQS queue, once. What is not dropped is shown again when all were seen, or nobody wants more.
 * @throws Error where the queue cannot be read
 */
export async function* receiveAll(queueName: string): AsyncGenerator<Waiting> {
  const { QueueUrl } = queueUrl.parse(await callSqs('GetQueueUrl', { QueueName: queueName }));
  const left = new Map<string, string>();
  try {
    for (;;) {
      const answer = await callSqs('ReceiveMessage', {
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: HIDDEN_SECONDS,
        // Long polling asks every server; a short one may miss messages.
        WaitTimeSeconds: 2,
      });
      const { Messages = [] } = received.parse(answer);
      const fresh = Messages.filter(({ MessageId }) => !left.has(MessageId));
      for (const { MessageId, ReceiptHandle } of Messages) left.set(MessageId, ReceiptHandle);
      // Seen before, they came back after their time: then all have been seen.
      if (fresh.length === 0) return;
      for (const { MessageId, ReceiptHandle, Body } of fresh) {
        yield {
          body: Body,
          drop: async () => {
            await callSqs('DeleteMessage', { QueueUrl, ReceiptHandle });
            left.delete(MessageId);
          },
        };
      }
    }
  } finally {
    for (const ReceiptHandle of left.values())
      await callSqs('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
  }
}

async function callSqs(action: string, input: object): Promise<unknown> {
  const response = await sendSigned('sqs', {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`SQS refused ${action} (${response.status}): ${text.slice(0, 300)}`);
  return text === '' ? {} : JSON.parse(text);
}

/**
 * Calls a deployed function with one stream record; false where it fails.
 * @throws Error where it cannot be called
 */
export async function feedDeployed(functionName: string, record: DynamoDBRecord): Promise<boolean> {
  const response = await sendSigned('lambda', {
    method: 'POST',
    path: `/2015-03-31/functions/${functionName}/invocations`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Records: [record] }),
    // A function may take a minute, after a cold start.
    timeoutMs: 2 * MINUTE,
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`Lambda refused to call ${functionName} (${response.status}): ${text.slice(0, 300)}`);
  if (response.headers.has('x-amz-function-error')) return false;
  return (await firstFailure([record], { call: async () => JSON.parse(text) })) === undefined;
}
