import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

import { sha256 } from '../../shared/platform/ids.ts';
import { TABLES } from '../../shared/platform/keys.ts';
import { openDataFolder } from '../local/data-folder.ts';
import { startEngine } from '../local/engine.ts';
import { CREDENTIALS, REGION, TABLE_PREFIX } from '../local/environment.ts';
import { readJson, writeJson } from '../local/json-file.ts';
import { ensureSecrets } from '../local/secrets-file.ts';
import { TABLE_NAMES, createTables, prefixedName } from '../local/tables.ts';
import { localSecrets } from './requests.ts';
import type { LocalSecrets } from './requests.ts';
import { seedContacts } from './seed-contact.ts';
import type { SeedContact } from './seed-contact.ts';

/** What the measurements start from. */
export type Seed = { dir: string; secrets: LocalSecrets; contactIds: string[] };

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/assent-bench', import.meta.url));
/** Contacts whose items are on their way to the engine at once. */
const CHUNK = 100;
const BATCH = 25;
const FILES = ['assent.db', 'secrets.json'];

/**
 * Copies a data folder with `count` confirmed contacts to `dir`. It is made on the first call and kept until the
 * items that a confirmation writes look different.
 */
export async function openSeed(count: number, dir: string, say: (line: string) => void): Promise<Seed> {
  const sample = await seedContacts(EXAMPLE)(0);
  const kept = join(CACHE, `${count}-${sha256(JSON.stringify(shapeOf(sample.puts))).slice(0, 12)}`);
  if (!existsSync(kept)) {
    say(`Making ${count} contacts, once …`);
    const draft = join(CACHE, 'draft');
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    await make(count, draft);
    await rename(draft, kept);
  }
  for (const file of FILES) await cp(join(kept, file), join(dir, file));
  return {
    dir,
    secrets: localSecrets.parse(JSON.parse(await readFile(join(kept, 'secrets.json'), 'utf8'))),
    contactIds: (await readJson(join(kept, 'contacts.json'), z.array(z.string()))) ?? [],
  };
}

async function make(count: number, dir: string): Promise<void> {
  const folder = await openDataFolder(dir);
  await ensureSecrets(folder.secrets);
  const contact = seedContacts(localSecrets.parse(JSON.parse(await readFile(folder.secrets, 'utf8'))));
  const engine = await startEngine({ file: folder.database });
  const client = new DynamoDBClient({ endpoint: engine.endpoint, region: REGION, credentials: CREDENTIALS });
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const contactIds: string[] = [];
  try {
    await createTables(client, TABLE_PREFIX);
    await switchStreams(client, false);
    let writing: Promise<void>[] = [];
    for (let number = 0; number < count;) {
      const puts: SeedContact['puts'] = [];
      // Contacts are made one at a time, while the engine writes those before.
      for (const until = Math.min(number + CHUNK, count); number < until; number += 1) {
        const made = await contact(number);
        contactIds.push(made.contactId);
        puts.push(...made.puts);
      }
      await Promise.all(writing);
      writing = [];
      while (puts.length > 0) writing.push(writeBatch(documents, puts.splice(0, BATCH)));
    }
    await Promise.all(writing);
    // A stream begins where it is switched on: nobody is welcomed who was there before.
    await switchStreams(client, true);
  } finally {
    client.destroy();
    await engine.stop();
  }
  await writeJson(join(dir, 'contacts.json'), contactIds);
}

async function writeBatch(client: DynamoDBDocumentClient, puts: SeedContact['puts']): Promise<void> {
  const byTable = Map.groupBy(puts, ({ table }) => table);
  const requests = [...byTable].map(([table, items]) => [
    table,
    items.map(({ item }) => ({ PutRequest: { Item: item } })),
  ]);
  const { UnprocessedItems = {} } = await client.send(
    new BatchWriteCommand({ RequestItems: Object.fromEntries(requests) }),
  );
  if (Object.keys(UnprocessedItems).length > 0) throw new Error('the engine left items unwritten');
}

async function switchStreams(client: DynamoDBClient, on: boolean): Promise<void> {
  for (const table of TABLE_NAMES.filter((name) => TABLES[name].stream)) {
    const view = on ? { StreamViewType: 'NEW_AND_OLD_IMAGES' as const } : {};
    await client.send(
      new UpdateTableCommand({
        TableName: prefixedName(TABLE_PREFIX, table),
        StreamSpecification: { StreamEnabled: on, ...view },
      }),
    );
  }
}

const EXAMPLE_KEY = 'A'.repeat(43);
const EXAMPLE: LocalSecrets = {
  pepper: EXAMPLE_KEY,
  'link-keys': { current: 'k1', keys: { k1: EXAMPLE_KEY } },
  'evidence-master': EXAMPLE_KEY,
};

/** The names in a document without its values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]);
}
