import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';

import { openStream } from '../../infra/local/stream-reader.ts';
import type { StreamPosition } from '../../infra/local/stream-reader.ts';
import { write } from '../../shared/platform/table.ts';
import { openStandIn } from '../platform/aws-stand-in.ts';
import type { Answer, Received } from '../platform/aws-stand-in.ts';
import { openTestDatabase, testClient, testEndpoint } from '../support/engine.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const QUEUE_URL = 'https://sqs.eu-central-1.amazonaws.com/000000000000/assent-prod-worker-mail-failures';
const endpoint = await testEndpoint();
const db = await openTestDatabase();

/** Messages in the queue; those handed out are hidden until they are shown again. */
let messages: { MessageId: string; Body: string; hidden: boolean }[] = [];
/** Partition keys whose records the function fails on, and how. */
let failing: Map<string, 'reported' | 'thrown'>;
let fed: string[] = [];

const queueName = z.object({ QueueName: z.literal('assent-prod-worker-mail-failures') });
const handle = z.object({ ReceiptHandle: z.string() });
const received = z.object({ MaxNumberOfMessages: z.number(), QueueUrl: z.literal(QUEUE_URL) });
const invoked = z.object({
  Records: z
    .array(
      z.object({
        dynamodb: z.object({
          Keys: z.object({ pk: z.object({ S: z.string() }) }),
          SequenceNumber: z.string(),
        }),
      }),
    )
    .length(1),
});

function queue(action: string, body: unknown): Answer {
  switch (action) {
    case 'AmazonSQS.GetQueueUrl':
      return queueName.safeParse(body).success
        ? { status: 200, body: { QueueUrl: QUEUE_URL } }
        : { status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist' } };
    case 'AmazonSQS.ReceiveMessage': {
      const { MaxNumberOfMessages } = received.parse(body);
      const found = messages.filter(({ hidden }) => !hidden).slice(0, MaxNumberOfMessages);
      for (const each of found) each.hidden = true;
      const Messages = found.map(({ MessageId, Body }) => ({
        MessageId,
        Body,
        ReceiptHandle: `r-${MessageId}`,
      }));
      return { status: 200, body: found.length > 0 ? { Messages } : {} };
    }
    case 'AmazonSQS.DeleteMessage': {
      const { ReceiptHandle } = handle.parse(body);
      messages = messages.filter(({ MessageId }) => `r-${MessageId}` !== ReceiptHandle);
      return { status: 200 };
    }
    case 'AmazonSQS.ChangeMessageVisibility': {
      const { ReceiptHandle } = handle.parse(body);
      for (const each of messages) if (`r-${each.MessageId}` === ReceiptHandle) each.hidden = false;
      return { status: 200 };
    }
    default:
      return { status: 400, body: { __type: 'UnknownOperation' } };
  }
}

function lambda(body: unknown): Answer {
  const [record] = invoked.parse(body).Records;
  const pk = record?.dynamodb.Keys.pk.S ?? '';
  fed.push(pk);
  const way = failing.get(pk);
  if (way === 'thrown') return { status: 200, body: {}, headers: { 'x-amz-function-error': 'Unhandled' } };
  const failures = way ? [{ itemIdentifier: record?.dynamodb.SequenceNumber }] : [];
  return { status: 200, body: { batchItemFailures: failures } };
}

const aws = await openStandIn(({ url, headers, body }: Received) => {
  const said: unknown = JSON.parse(body);
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return queue(target, said);
  return url === '/2015-03-31/functions/assent-prod-mail/invocations'
    ? lambda(said)
    : { status: 404, body: {} };
});
const settings = {
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 't', secretAccessKey: 't' },
};
const streams = new DynamoDBStreamsClient(settings);
afterAll(() => {
  aws.close();
  streams.destroy();
});
beforeEach(() => {
  [messages, failing, fed] = [[], new Map(), []];
});

/** Runs the command as `npm run replay --` does, with SQS, Lambda and streams of this test. */
function replay(...args: string[]): Promise<{ code: number; out: string; errors: string }> {
  const command = [
    '--import',
    './infra/local/require-node.mjs',
    'infra/replay.ts',
    'mail',
    '--stage',
    'prod',
    ...args,
  ];
  const env = {
    ...process.env,
    AWS_SESSION_TOKEN: 'session',
    AWS_ENDPOINT_URL_SQS: aws.url,
    AWS_ENDPOINT_URL_LAMBDA: aws.url,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: endpoint,
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: ROOT, env }, (_, out, errors) =>
      resolve({ code: child.exitCode ?? -1, out, errors }),
    );
  });
}

/** Writes mails that ask for attention, and something between them that the filter does not want. */
async function putMails(...names: string[]): Promise<StreamPosition[]> {
  const reader = await openStream({ tables: await testClient(), streams }, db.name('outbox'), undefined);
  while ((await reader.next(1_000)).length > 0);
  for (const pk of names) {
    await write(db, { put: 'outbox', item: { pk, sk: 'MAIL', todo: 'mail' } });
    await write(db, { put: 'outbox', item: { pk: `${pk}-other`, sk: 'LIMIT' } });
  }
  const records = await reader.next(100);
  return records
    .filter(({ record }) => record.dynamodb?.Keys?.['sk']?.S === 'MAIL')
    .map(({ position }) => position);
}

function giveUp(first: StreamPosition | undefined, last = first) {
  if (!first || !last) throw new Error('no position');
  const Body = JSON.stringify({
    requestContext: {
      requestId: 'r',
      functionArn: 'f',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 6,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-11-25T10:00:00.000Z',
    DDBStreamBatchInfo: {
      shardId: first.shard,
      startSequenceNumber: first.sequence,
      endSequenceNumber: last.sequence,
      approximateArrivalOfFirstRecord: '2026-11-25T09:59:00Z',
      approximateArrivalOfLastRecord: '2026-11-25T09:59:00Z',
      batchSize: 1,
      streamArn: first.stream,
    },
  });
  messages.push({ MessageId: `m-${messages.length}`, Body, hidden: false });
}

test('N5 on AWS what succeeds leaves the queue, what fails is shown again, and only wanted records are fed', async () => {
  const [one, two, three, four] = await putMails('one', 'two', 'three', 'four');
  giveUp(one);
  giveUp(two);
  // A batch that grew too old is given up as a whole.
  giveUp(three, four);
  failing = new Map([
    ['two', 'reported'],
    ['four', 'thrown'],
  ]);

  const listed = await replay('--dry-run');
  expect(listed).toMatchObject({ code: 0, errors: '' });
  expect(listed.out.match(/ {2}waits\n/g)).toHaveLength(4);
  expect(fed).toEqual([]);
  expect(messages.map(({ hidden }) => hidden)).toEqual([false, false, false]);

  const first = await replay();
  expect(first).toMatchObject({ code: 1, errors: '' });
  expect(fed).toEqual(['one', 'two', 'three', 'four']);
  expect(first.out).toContain(`${two?.sequence}  failed again, and stays`);
  expect(first.out).toContain('2 done, 2 left.');
  expect(messages.map(({ MessageId, hidden }) => [MessageId, hidden])).toEqual([
    ['m-1', false],
    ['m-2', false],
  ]);

  failing.clear();
  const second = await replay();
  expect(second).toMatchObject({ code: 0, errors: '' });
  expect(second.out).toContain('3 done, 0 left.');
  expect(messages).toEqual([]);
});

test('N5 on AWS a forgotten record stays, with what to do instead, until it is dropped', async () => {
  const [one] = await putMails('lost');
  giveUp(one && { ...one, sequence: '999999999' });
  const told = await replay();
  expect(told.code).toBe(1);
  expect(told.out).toContain('is no longer in the stream, and stays');
  expect(told.out).toContain('tried again when it is due');
  expect(messages).toMatchObject([{ hidden: false }]);
  expect(await replay('--drop-forgotten')).toMatchObject({ code: 0 });
  expect(messages).toEqual([]);
});

test('every call is signed for its service, with the token of the session', async () => {
  const [one] = await putMails('signed');
  giveUp(one);
  aws.received.length = 0;
  expect(await replay()).toMatchObject({ code: 0 });
  for (const { headers } of aws.received) {
    const service = headers['x-amz-target'] === undefined ? 'lambda' : 'sqs';
    expect(headers.authorization).toContain(`/eu-central-1/${service}/aws4_request`);
    expect(headers['x-amz-security-token']).toBe('session');
  }
});

test('what AWS refuses is said, and ends with 1', async () => {
  giveUp({ stream: 'arn:aws:dynamodb:x:0:table/assent-prod-outbox/stream/1', shard: 's', sequence: '1' });
  const { code, errors } = await replay('--stage', 'other');
  expect(code).toBe(1);
  expect(errors).toMatch(/^SQS refused GetQueueUrl \(400\): .*QueueDoesNotExist/);
});
