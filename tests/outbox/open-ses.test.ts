import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';

import * as z from 'zod';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openSes } from '../../shared/platform/ses.ts';
import type { OutgoingMail } from '../../shared/platform/ses.ts';
import { classifySendError } from '../../shared/platform/ses-errors.ts';

type Answer = { status: number; type?: string } | 'drop';

const named = z.object({ Name: z.string(), Value: z.string() });
const body = z.strictObject({
  FromEmailAddress: z.string(),
  Destination: z.strictObject({ ToAddresses: z.array(z.string()) }),
  ReplyToAddresses: z.array(z.string()),
  Content: z.strictObject({
    Simple: z.strictObject({
      Subject: z.object({ Data: z.string(), Charset: z.literal('UTF-8') }),
      Body: z.object({ Html: z.object({ Data: z.string() }), Text: z.object({ Data: z.string() }) }),
      Headers: z.array(named),
    }),
  }),
  ConfigurationSetName: z.string(),
  ConfigurationOverrides: z.object({ Tracking: z.record(z.string(), z.string()) }),
  EmailTags: z.array(named),
});

/** SES as seen from the wire: notes what it is sent, answers what it is told. */
const requests: { path: string; body: z.infer<typeof body> }[] = [];
const answers: Answer[] = [];
const server = createServer((request, response) => {
  void read(request).then((text) => {
    requests.push({ path: request.url ?? '', body: body.parse(JSON.parse(text)) });
    const answer = answers.shift() ?? { status: 200 };
    if (answer === 'drop') return request.socket.destroy();
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      ...(answer.type ? { 'x-amzn-errortype': answer.type } : {}),
    });
    return response.end(JSON.stringify(answer.status === 200 ? { MessageId: 'ses-1' } : { message: 'no' }));
  });
});

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString('utf8');
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env['AWS_ENDPOINT_URL_SESV2'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const mail: OutgoingMail = {
  from: { name: 'Nordlicht "Süd" GmbH', address: 'news@nordlicht.example' },
  to: 'anna@example.com',
  replyTo: 'service@nordlicht.example',
  subject: 'Bitte bestätigen',
  html: '<p>Hallo</p>',
  text: 'Hallo',
  headers: {
    'List-Unsubscribe': '<https://assent.example/unsubscribe/k1.x>',
    'Auto-Submitted': 'auto-generated',
  },
  tags: { tenant: 'nordlicht-gmbh', sendId: 's_1' },
  configurationSet: 'assent-test-service',
};
const sendOne = async (change: Partial<OutgoingMail> = {}) => {
  const answer = await openSes()({ ...mail, ...change });
  return { answer, request: requests.at(-1) };
};

describe('what SES is asked', () => {
  test('S1 S3 S4 one recipient, our headers and tags, the configuration set', async () => {
    const { answer, request } = await sendOne();
    expect(answer).toEqual({ messageId: 'ses-1' });
    expect(request?.path).toBe('/v2/email/outbound-emails');
    expect(request?.body).toMatchObject({
      Destination: { ToAddresses: ['anna@example.com'] },
      ReplyToAddresses: ['service@nordlicht.example'],
      ConfigurationSetName: 'assent-test-service',
      EmailTags: [
        { Name: 'tenant', Value: 'nordlicht-gmbh' },
        { Name: 'sendId', Value: 's_1' },
      ],
    });
    const { Subject, Body, Headers } = request?.body.Content.Simple ?? {};
    expect(Subject?.Data).toBe('Bitte bestätigen');
    expect(Body).toMatchObject({ Html: { Data: '<p>Hallo</p>' }, Text: { Data: 'Hallo' } });
    expect(Headers).toEqual([
      { Name: 'List-Unsubscribe', Value: '<https://assent.example/unsubscribe/k1.x>' },
      { Name: 'Auto-Submitted', Value: 'auto-generated' },
    ]);
  });

  test('S5 opens and clicks are not tracked', async () => {
    const { request } = await sendOne();
    expect(request?.body.ConfigurationOverrides.Tracking).toEqual({
      OpenTrackingEnabled: 'DISABLED',
      ClickTrackingEnabled: 'DISABLED',
    });
  });

  test('a display name is quoted, or encoded where it is not ASCII', async () => {
    const plain = await sendOne({ from: { name: 'Nord "N" \\ Co', address: 'a@example.com' } });
    expect(plain.request?.body.FromEmailAddress).toBe('"Nord \\"N\\" \\\\ Co" <a@example.com>');
    const foreign = await sendOne();
    const [, encoded = ''] =
      /^=\?UTF-8\?B\?(.*)\?= <news@nordlicht\.example>$/.exec(foreign.request?.body.FromEmailAddress ?? '') ??
      [];
    expect(Buffer.from(encoded, 'base64').toString()).toBe('Nordlicht "Süd" GmbH');
  });
});

describe('S6 S7 what SES answers', () => {
  const failure = async (answer: Answer) => {
    const before = requests.length;
    answers.push(answer);
    const error: unknown = await openSes()(mail).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return { means: classifySendError(error), calls: requests.length - before };
  };

  test.each<[Answer, string]>([
    [{ status: 429, type: 'TooManyRequestsException' }, 'later'],
    [{ status: 400, type: 'LimitExceededException' }, 'later'],
    [{ status: 429 }, 'later'],
    [{ status: 400, type: 'SendingPausedException' }, 'stop'],
    [{ status: 400, type: 'AccountSuspendedException' }, 'stop'],
    [{ status: 400, type: 'MailFromDomainNotVerifiedException' }, 'stop'],
    [{ status: 400, type: 'MessageRejected' }, 'never'],
    [{ status: 400, type: 'BadRequestException' }, 'never'],
    [{ status: 404, type: 'NotFoundException' }, 'never'],
    [{ status: 500, type: 'InternalServiceErrorException' }, 'unsure'],
    [{ status: 503 }, 'unsure'],
    ['drop', 'unsure'],
  ])('%o means: %s, and the SDK has not tried again', async (answer, means) => {
    expect(await failure(answer)).toEqual({ means, calls: 1 });
  });

  test('nobody listening means: later', async () => {
    const endpoint = process.env['AWS_ENDPOINT_URL_SESV2'];
    process.env['AWS_ENDPOINT_URL_SESV2'] = 'http://127.0.0.1:9';
    const error: unknown = await openSes()(mail).catch((thrown: unknown) => thrown);
    process.env['AWS_ENDPOINT_URL_SESV2'] = endpoint;
    expect(classifySendError(error)).toBe('later');
  });

  test.each([['a string'], [undefined], [new Error('socket hang up')], [new TypeError('x')]])(
    'anything else (%o) means: unsure',
    (error) => {
      expect(classifySendError(error)).toBe('unsure');
    },
  );
});

/** SES with an event loop of its own, which closes idle connections after two seconds. */
const ELSEWHERE = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    request.resume().on('end', () => response.end('{"MessageId":"ses-2"}'));
  });
  server.keepAliveTimeout = 2_000;
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;

test('S7 no mail is written to a connection that SES has closed while we were too busy to notice', async () => {
  const elsewhere = new Worker(ELSEWHERE, { eval: true });
  const [port]: unknown[] = await once(elsewhere, 'message');
  const endpoint = process.env['AWS_ENDPOINT_URL_SESV2'];
  process.env['AWS_ENDPOINT_URL_SESV2'] = `http://127.0.0.1:${String(port)}`;
  const send = openSes();
  const many = () => Promise.all(Array.from({ length: 10 }, () => send(mail)));
  await many();
  await new Promise((resolve) => setTimeout(resolve, 1_400));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
  expect(await many()).toHaveLength(10);
  process.env['AWS_ENDPOINT_URL_SESV2'] = endpoint;
  await elsewhere.terminate();
});
