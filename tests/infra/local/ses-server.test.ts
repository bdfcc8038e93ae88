import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ListSuppressedDestinationsCommand, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { ListSuppressedDestinationsCommandInput, SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';

import type { Mail } from '../../../infra/local/mailbox.ts';
import { openDataFolder } from '../../../infra/local/data-folder.ts';
import { startSes } from '../../../infra/local/ses-server.ts';
import type { SesServer } from '../../../infra/local/ses-server.ts';
import { openSes } from '../../../infra/local/ses.ts';
import { openSuppressionList } from '../../../infra/local/suppression-list.ts';
import type { SuppressionList } from '../../../infra/local/suppression-list.ts';
import { temporaryFolder } from './temporary-folder.ts';

let ses: SesServer;
let client: SESv2Client;
let accepted: Mail[] = [];
let suppressed: SuppressionList;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-ses-'));
  suppressed = openSuppressionList(join(folder, 'suppressed.jsonl'));
  ses = await startSes({
    configurationSets: ['assent-service'],
    accept: (mail) => accepted.push(mail),
    suppressed,
  });
  client = clientOf(ses);
});
afterAll(async () => {
  client.destroy();
  await ses.stop();
  suppressed.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  accepted = [];
  await ses.switch({});
});

function clientOf({ endpoint }: SesServer): SESv2Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new SESv2Client({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
}

const MAIL = {
  FromEmailAddress: '"Nordlicht" <news@nordlicht.example>',
  Destination: { ToAddresses: ['anna@example.org'] },
  ReplyToAddresses: ['service@nordlicht.example'],
  Content: {
    Simple: {
      Subject: { Data: 'Grüße', Charset: 'UTF-8' },
      Body: { Text: { Data: 'Text' }, Html: { Data: '<p>Text</p>' } },
      Headers: [{ Name: 'List-Unsubscribe', Value: '<https://example.org/u/1>' }],
    },
  },
  EmailTags: [{ Name: 'purpose', Value: 'welcome' }],
  ConfigurationSetName: 'assent-service',
} satisfies SendEmailCommandInput;
const send = (change: Partial<SendEmailCommandInput> = {}) =>
  client.send(new SendEmailCommand({ ...MAIL, ...change }));

describe('the SES stand-in', () => {
  test('takes a mail from the real client with all that belongs to it', async () => {
    const { MessageId } = await send();
    expect(accepted).toEqual([
      {
        messageId: MessageId,
        at: expect.stringMatching(/Z$/),
        from: '"Nordlicht" <news@nordlicht.example>',
        to: 'anna@example.org',
        replyTo: 'service@nordlicht.example',
        subject: 'Grüße',
        html: '<p>Text</p>',
        text: 'Text',
        headers: { 'List-Unsubscribe': '<https://example.org/u/1>' },
        tags: { purpose: 'welcome' },
        configurationSet: 'assent-service',
      },
    ]);
  });

  const simple = (Headers: { Name: string; Value: string }[]) => ({
    Content: { Simple: { ...MAIL.Content.Simple, Headers } },
  });
  test.each<[string, Partial<SendEmailCommandInput>, string]>([
    ['no recipient', { Destination: { ToAddresses: [] } }, 'BadRequestException'],
    ['an address without a domain', { Destination: { ToAddresses: ['anna'] } }, 'BadRequestException'],
    ['S1 a header that SES sets itself', simple([{ Name: 'Date', Value: 'x' }]), 'BadRequestException'],
    ['S1 a header with a line break', simple([{ Name: 'X-A', Value: 'a\r\nB: c' }]), 'BadRequestException'],
    [
      'S1 a header that is too long',
      simple([{ Name: 'X-A', Value: 'a'.repeat(996) }]),
      'BadRequestException',
    ],
    ['S4 a tag with an address', { EmailTags: [{ Name: 'to', Value: 'a@b.c' }] }, 'BadRequestException'],
    ['an unknown configuration set', { ConfigurationSetName: 'other' }, 'NotFoundException'],
  ])('refuses %s', async (_, change, name) => {
    await expect(send(change)).rejects.toMatchObject({ name });
    expect(accepted).toEqual([]);
  });

  test.each([
    ['throttle', 'TooManyRequestsException', 429],
    ['reject', 'MessageRejected', 400],
  ] as const)('S6 %s: the client sees %s', async (fail, name, httpStatusCode) => {
    await ses.switch({ fail });
    await expect(send()).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    expect(accepted).toEqual([]);
  });

  test('down: the connection is refused, also a kept one, and later all is well again', async () => {
    await send();
    await ses.switch({ fail: 'down' });
    await expect(send()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(accepted).toHaveLength(1);
    await ses.switch({});
    await send();
    expect(accepted).toHaveLength(2);
  });

  test('S7 lost-answer: the mail is accepted, the client cannot know', async () => {
    await ses.switch({ fail: 'lost-answer' });
    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(accepted).toHaveLength(1);
  });

  test('delayMs: every answer is late', async () => {
    await ses.switch({ delayMs: 150 });
    const began = performance.now();
    await send();
    expect(performance.now() - began).toBeGreaterThanOrEqual(145);
  });
});

describe('V8 the suppression list of the stand-in', () => {
  const list = (input: ListSuppressedDestinationsCommandInput) =>
    client.send(new ListSuppressedDestinationsCommand(input));
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 8, minute));

  test('answers the real client page by page, by reason and date, with the latest of each address', async () => {
    suppressed.add('anna@example.org', 'BOUNCE', at(1).toISOString());
    suppressed.add('Ben@example.org', 'COMPLAINT', at(2).toISOString());
    suppressed.add('carl@example.org', 'BOUNCE', at(3).toISOString());
    suppressed.add('anna@example.org', 'COMPLAINT', at(4).toISOString());
    const first = await list({ PageSize: 2, Reasons: ['BOUNCE', 'COMPLAINT'] });
    expect(first.SuppressedDestinationSummaries).toEqual([
      { EmailAddress: 'ben@example.org', Reason: 'COMPLAINT', LastUpdateTime: at(2) },
      { EmailAddress: 'carl@example.org', Reason: 'BOUNCE', LastUpdateTime: at(3) },
    ]);
    const { NextToken } = first;
    const second = await list({ PageSize: 2, Reasons: ['BOUNCE', 'COMPLAINT'], NextToken });
    expect(second.SuppressedDestinationSummaries).toEqual([
      { EmailAddress: 'anna@example.org', Reason: 'COMPLAINT', LastUpdateTime: at(4) },
    ]);
    expect(second.NextToken).toBeUndefined();
    const bounced = await list({ Reasons: ['BOUNCE'], StartDate: at(2) });
    expect(bounced.SuppressedDestinationSummaries).toMatchObject([{ EmailAddress: 'carl@example.org' }]);
  });

  test('does not take a token that it never gave', async () => {
    await expect(list({ NextToken: 'elsewhere' })).rejects.toMatchObject({
      name: 'InvalidNextTokenException',
    });
    await expect(list({ PageSize: 0 })).rejects.toMatchObject({ name: 'BadRequestException' });
  });
});

describe('what SES reports', () => {
  const notification = z.object({
    Type: z.literal('Notification'),
    TopicArn: z.string(),
    Message: z.string(),
  });
  const sesEvent = z.looseObject({ eventType: z.string(), mail: z.looseObject({ messageId: z.string() }) });
  const read = ({ Records }: SQSEvent) =>
    Records.map(({ body }) => sesEvent.parse(JSON.parse(notification.parse(JSON.parse(body)).Message)));

  /** Everything that arrives at `ses-events` after one mail to `to`. */
  async function eventsOf(to: string, count: number) {
    const local = await openSes(await openDataFolder(join(temporaryFolder(), 'data')));
    const events: SQSEvent[] = [];
    local.start(async (name, event) => {
      expect(name).toBe('ses-events');
      // The queue makes every event itself.
      events.push(event as SQSEvent);
      return { batchItemFailures: [] };
    });
    const own = clientOf(local.server);
    await own.send(new SendEmailCommand({ ...MAIL, Destination: { ToAddresses: [to] } }));
    await vi.waitFor(() => expect(events.flatMap(read)).toHaveLength(count), 5_000);
    own.destroy();
    const [mail] = [local.mailbox.read(1)];
    await local.stop();
    return { events: events.flatMap(read), records: events.flatMap(({ Records }) => Records), mail };
  }

  test('V2 Send, then Delivery, in SNS envelopes inside an SQS event', async () => {
    const { events, records, mail } = await eventsOf('anna@example.org', 2);
    expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'Delivery']);
    expect(events[0]).toMatchObject({
      send: {},
      mail: {
        messageId: mail?.messageId,
        timestamp: mail?.at,
        source: MAIL.FromEmailAddress,
        destination: ['anna@example.org'],
        headersTruncated: false,
        commonHeaders: { to: ['anna@example.org'], subject: 'Grüße' },
        tags: {
          purpose: ['welcome'],
          'ses:configuration-set': ['assent-service'],
          'ses:from-domain': ['nordlicht.example'],
        },
      },
    });
    expect(events[1]).toMatchObject({
      delivery: { recipients: ['anna@example.org'], smtpResponse: expect.any(String) },
    });
    const [record] = records;
    expect(record).toMatchObject({ eventSource: 'aws:sqs', attributes: { ApproximateReceiveCount: '1' } });
    expect(record?.md5OfBody).toBe(
      createHash('md5')
        .update(record?.body ?? '')
        .digest('hex'),
    );
  });

  test('V3 the simulator address bounces for good', async () => {
    const { events } = await eventsOf('bounce@simulator.amazonses.com', 2);
    expect(events[1]).toMatchObject({
      eventType: 'Bounce',
      bounce: {
        bounceType: 'Permanent',
        bouncedRecipients: [{ emailAddress: 'bounce@simulator.amazonses.com' }],
      },
    });
  });

  test('V4 the simulator address complains after its delivery', async () => {
    const { events } = await eventsOf('complaint@simulator.amazonses.com', 3);
    expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'Delivery', 'Complaint']);
    expect(events[2]).toMatchObject({
      complaint: {
        complaintFeedbackType: 'abuse',
        complainedRecipients: [{ emailAddress: 'complaint@simulator.amazonses.com' }],
      },
    });
  });

  test('V6 a lost bounce is reported to nobody, and still stands on the list', async () => {
    const local = await openSes(await openDataFolder(join(temporaryFolder(), 'data')));
    const own = clientOf(local.server);
    const events: SQSEvent[] = [];
    local.start(async (_, event) => {
      // The queue makes every event itself.
      events.push(event as SQSEvent);
      return { batchItemFailures: [] };
    });
    await local.server.switch({ lose: 'next' });
    const Destination = { ToAddresses: ['bounce@simulator.amazonses.com'] };
    await own.send(new SendEmailCommand({ ...MAIL, Destination }));
    await vi.waitFor(() => expect(local.server.switches()).toEqual({}), 5_000);
    const mail = local.mailbox.read(1);
    if (mail) local.report('Complaint', mail);
    const types = () => events.flatMap(read).map(({ eventType }) => eventType);
    await vi.waitFor(() => expect(types()).toEqual(['Send', 'Complaint']), 5_000);
    const { SuppressedDestinationSummaries: listed } = await own.send(
      new ListSuppressedDestinationsCommand({}),
    );
    expect(listed).toMatchObject([{ EmailAddress: 'bounce@simulator.amazonses.com', Reason: 'COMPLAINT' }]);
    own.destroy();
    await local.stop();
  });
});
