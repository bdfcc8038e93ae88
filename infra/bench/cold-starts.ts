import { execFile } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

import { randomToken } from '../../shared/platform/ids.ts';
import { seedDemo } from '../../shared/settings/seed.ts';
import { choicesToken, confirmToken, unsubscribeToken } from '../../shared/signup/links.ts';
import { buildFunction } from '../bundle.ts';
import { FUNCTIONS } from '../functions.ts';
import type { FunctionName } from '../functions.ts';
import { startEngine } from '../local/engine.ts';
import { CREDENTIALS, REGION, TABLE_PREFIX, functionEnvironment } from '../local/environment.ts';
import { readJson } from '../local/json-file.ts';
import { ensureSecrets, ensureSigningKey } from '../local/secrets-file.ts';
import { createTables, prefixedName } from '../local/tables.ts';
import { buildHonoOnly } from './hono-only.ts';
import { quantile } from './quantile.ts';
import { localSecrets } from './requests.ts';
import type { LocalSecrets } from './requests.ts';

/** A bundle: its size, and the CPU milliseconds of its import and of import and first call together. */
export type ColdStart = { name: string; kib: number; imported: number; called: number };

const RUNNER = fileURLToPath(new URL('./cold-start.mjs', import.meta.url));
const timing = z.object({ imported: z.number(), called: z.number() });
const run = promisify(execFile);

/** Starts every bundle, as Lambda gets it, `starts` times in turn with one of hono alone; medians. */
export async function measureColdStarts(dir: string, starts: number): Promise<ColdStart[]> {
  await mkdir(dir);
  const secretsFile = join(dir, 'secrets.json');
  const signingKeyFile = join(dir, 'signing-key.json');
  await Promise.all([ensureSecrets(secretsFile), ensureSigningKey(signingKeyFile)]);
  const secrets = await readJson(secretsFile, localSecrets);
  if (!secrets) throw new Error('there are no secrets');
  const engine = await startEngine();
  try {
    await fillEngine(engine.endpoint);
    const env = functionEnvironment({
      baseUrl: 'http://127.0.0.1',
      dynamodb: engine.endpoint,
      ses: engine.endpoint,
      secretsFile,
      signingKeyFile,
      rootsFolder: join(dir, 'roots'),
    });
    const bundles = await buildBundles(dir, secrets);
    const timings = new Map(bundles.map(({ name }) => [name, new Array<z.infer<typeof timing>>()]));
    for (let round = 0; round < starts; round += 1) {
      for (const { name, file, event } of bundles) {
        const args = [RUNNER, pathToFileURL(file).href, JSON.stringify(event)];
        const { stderr } = await run(process.execPath, args, { env: { ...env, PATH: process.env['PATH'] } });
        timings.get(name)?.push(timing.parse(JSON.parse(stderr)));
      }
    }
    return await Promise.all(
      bundles.map(async ({ name, file }) => ({
        name,
        kib: (await stat(file)).size / 1024,
        imported: quantile(
          (timings.get(name) ?? []).map(({ imported }) => imported),
          0.5,
        ),
        called: quantile(
          (timings.get(name) ?? []).map(({ called }) => called),
          0.5,
        ),
      })),
    );
  } finally {
    await engine.stop();
  }
}

async function fillEngine(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  await createTables(client, TABLE_PREFIX);
  await seedDemo({
    client: DynamoDBDocumentClient.from(client),
    name: (table) => prefixedName(TABLE_PREFIX, table),
  });
  client.destroy();
}

async function buildBundles(dir: string, secrets: LocalSecrets) {
  const names = Object.keys(FUNCTIONS).filter((name): name is FunctionName => name in FUNCTIONS);
  const ours = names.map(async (name) => {
    const { file } = await buildFunction(name, join(dir, name), { lambda: true });
    return { name, file, event: firstEvent(name, secrets) };
  });
  const honoOnly = { name: 'hono only', file: await buildHonoOnly(dir), event: getEvent('/') };
  const built = await Promise.all(ours);
  // Beside hono's constant page: a page of ours that asks no database, so that like is compared with like.
  const still = built.flatMap(({ name, file }) => {
    const path = STILL.get(name);
    return path ? [{ name: `${name}, no database`, file, event: getEvent(path) }] : [];
  });
  return [honoOnly, ...built, ...still];
}

const STILL = new Map<FunctionName, string>([
  ['signup', '/nothing-here'],
  ['confirm', '/confirm/nothing-here'],
  ['unsubscribe', '/unsubscribe/nothing-here'],
  ['preferences', '/preferences/nothing-here'],
]);

/** What a container is most likely to see first; people and mails in it are unknown. */
function firstEvent(name: FunctionName, secrets: LocalSecrets): object {
  const links = secrets['link-keys'];
  const [addressKey, requestId] = ['a'.repeat(32), 'b'.repeat(32)];
  const mail = { pk: { S: 'M#none' }, sk: { S: 'MAIL' }, id: { S: 'none' } };
  switch (name) {
    case 'signup':
      return getEvent('/forms/newsletter');
    case 'confirm': {
      const ref = { brand: 'nordlicht', form: 'newsletter', addressKey, requestId };
      return getEvent(`/confirm/${confirmToken(links, ref)}`);
    }
    case 'unsubscribe': {
      const ref = { contactId: 'con_none', brand: 'nordlicht', use: 'newsletter' };
      return getEvent(`/unsubscribe/${unsubscribeToken(links, ref)}`);
    }
    case 'preferences':
      return getEvent(`/preferences/${choicesToken(links, { contactId: 'con_none', brand: 'nordlicht' })}`);
    case 'log-in':
      return getEvent('/preferences');
    case 'profile':
    case 'history':
    case 'interests':
    case 'rights':
      return getEvent(`/${name}`);
    case 'export':
      return getEvent('/rights/export.json');
    case 'erase':
      return getEvent('/rights/erase');
    case 'api':
    case 'decisions':
    case 'engagement':
    case 'settings':
    case 'job-requests':
    case 'evidence':
    case 'scores':
      // Without a key it is refused; what stands before that is what a cold start costs.
      return getEvent(`/v1/${name}`);
    case 'mail':
      return {
        Records: [{ eventName: 'INSERT', dynamodb: { Keys: mail, NewImage: mail, SequenceNumber: '1' } }],
      };
    case 'publish':
    case 'score':
    case 'ses-events':
      return { Records: [] };
    case 'clock':
    case 'jobs':
    case 'nightly':
      return {};
  }
}

function getEvent(rawPath: string): object {
  const http = {
    method: 'GET',
    path: rawPath,
    protocol: 'HTTP/1.1',
    sourceIp: '127.0.0.1',
    userAgent: 'bench',
  };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: '',
    headers: { host: 'localhost', accept: 'text/html' },
    requestContext: { http, requestId: randomToken(9), domainName: 'localhost', stage: '$default' },
    isBase64Encoded: false,
  };
}
