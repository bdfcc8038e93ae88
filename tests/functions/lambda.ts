import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, SQSRecord } from 'aws-lambda';
import { afterAll } from 'vitest';

import { testEndpoint } from '../support/engine.ts';
import { openTestSystem } from '../support/system.ts';
import type { TestItem } from '../support/system.ts';

const TABLES = ['contacts', 'ledger', 'engagement', 'outbox', 'config'] as const;

/**
 * The environment of a deployed function on the engine of this test file, with an SES that takes every mail.
 * Import handlers after it.
 */
export async function openLambda() {
  const system = await openTestSystem();
  const { db, secrets } = system.deps;
  const folder = await mkdtemp(join(tmpdir(), 'assent-lambda-'));
  const file = join(folder, 'secrets.json');
  const values = {
    pepper: await secrets.pepper(),
    'link-keys': await secrets.linkKeys(),
    'evidence-master': await secrets.evidenceMaster(),
    'webhook-master': await secrets.webhookMaster(),
  };
  await writeFile(file, JSON.stringify(values), { mode: 0o600 });
  const taken: string[] = [];
  const ses = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { Destination } = JSON.parse(Buffer.concat(chunks).toString()) as {
        Destination: { ToAddresses: string[] };
      };
      taken.push(...Destination.ToAddresses);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ MessageId: `ses-${taken.length}` }));
    });
  });
  ses.listen(0, '127.0.0.1');
  await once(ses, 'listening');
  afterAll(async () => {
    ses.close();
    ses.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  });
  Object.assign(process.env, {
    ...Object.fromEntries(TABLES.map((table) => [`TABLE_${table.toUpperCase()}`, db.name(table)])),
    AWS_ENDPOINT_URL_DYNAMODB: await testEndpoint(),
    AWS_ENDPOINT_URL_SESV2: `http://127.0.0.1:${(ses.address() as AddressInfo).port}`,
    ASSENT_SECRETS_FILE: file,
    SES_CONFIGURATION_SET: 'assent-test-service',
  });
  return { ...system, taken };
}

const recorded = async (name: string) =>
  JSON.parse(await readFile(new URL(`../events/${name}.json`, import.meta.url), 'utf8')) as unknown;

/** A stream event as AWS documents it, one record per item; sequence numbers count up from 1. */
export async function streamEvent(
  name: 'ddb-outbox-modify' | 'ddb-ledger-insert',
  items: readonly TestItem[],
): Promise<{ Records: DynamoDBRecord[] }> {
  const record = (await recorded(name)) as DynamoDBRecord;
  const Records = items.map((item, index) => {
    const image = marshall(item, { removeUndefinedValues: true }) as NonNullable<
      DynamoDBRecord['dynamodb']
    >['NewImage'];
    const { pk, sk } = image ?? {};
    return {
      ...record,
      dynamodb: {
        ...record.dynamodb,
        Keys: { ...(pk ? { pk } : {}), ...(sk ? { sk } : {}) },
        NewImage: image ?? {},
        SequenceNumber: String(index + 1),
      },
    };
  });
  return { Records };
}

/** An SQS event as AWS documents it, one record per body; message ids are `m-1`, `m-2`, … */
export async function sqsEvent(bodies: readonly string[]): Promise<{ Records: SQSRecord[] }> {
  const record = (await recorded('sqs-record')) as SQSRecord;
  return { Records: bodies.map((body, index) => ({ ...record, messageId: `m-${index + 1}`, body })) };
}
