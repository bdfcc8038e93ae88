import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { sha256 } from '../../shared/platform/ids.ts';
import { openDataFolder } from '../local/data-folder.ts';
import { indexDatabase } from '../local/engine-indexes.ts';
import { TABLE_PREFIX } from '../local/environment.ts';
import { readJson, writeJson } from '../local/json-file.ts';
import { ensureSecrets } from '../local/secrets-file.ts';
import { openImport } from './import-items.ts';
import type { NewItem } from './import-items.ts';
import { localSecrets } from './requests.ts';
import type { LocalSecrets } from './requests.ts';
import { seedContacts } from './seed-contact.ts';

/** What the measurements start from. */
export type Seed = { dir: string; secrets: LocalSecrets; contactIds: string[] };

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/assent-bench', import.meta.url));
const SOURCES = ['./seed.ts', './seed-contact.ts', './import-items.ts'].map(
  (file) => new URL(file, import.meta.url),
);
/** Contacts whose items are written together. */
const CHUNK = 2_000;
const FILES = ['assent.db', 'secrets.json'];

/**
 * Copies a data folder with `count` confirmed contacts to `dir`. It is made on the first call and kept until the
 * items that a confirmation writes, or the code that makes them here, look different.
 */
export async function openSeed(
  count: number,
  dir: string,
  say: (line: string) => void,
  cache = CACHE,
): Promise<Seed> {
  const kept = join(cache, `${count}-${await version()}`);
  if (!existsSync(kept)) {
    say(`Making ${count} contacts, once …`);
    const draft = join(cache, 'draft');
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    await make(count, draft);
    await forget(count, cache);
    await rename(draft, kept);
  }
  for (const file of FILES) await cp(join(kept, file), join(dir, file));
  return {
    dir,
    secrets: await readSecrets(kept),
    contactIds: (await readJson(join(kept, 'contacts.json'), z.array(z.string()))) ?? [],
  };
}

async function make(count: number, dir: string): Promise<void> {
  const folder = await openDataFolder(dir);
  await ensureSecrets(folder.secrets);
  const contact = seedContacts(await readSecrets(dir));
  const items = await openImport(join(dir, 'import'), TABLE_PREFIX);
  const contactIds: string[] = [];
  let writing = Promise.resolve();
  while (contactIds.length < count) {
    const chunk: NewItem[] = [];
    // Contacts are made one at a time, while those before are written.
    for (const until = Math.min(contactIds.length + CHUNK, count); contactIds.length < until;) {
      const made = await contact(contactIds.length);
      contactIds.push(made.contactId);
      chunk.push(...made.items);
    }
    await writing;
    writing = items.add(chunk);
  }
  await writing;
  await items.finish(folder.database);
  await indexDatabase(folder.database);
  await writeJson(join(dir, 'contacts.json'), contactIds);
}

/** Earlier versions of the same size; each is as large as the database. */
async function forget(count: number, cache: string): Promise<void> {
  const old = (await readdir(cache)).filter((name) => name.startsWith(`${count}-`));
  await Promise.all(old.map((name) => rm(join(cache, name), { recursive: true })));
}

async function readSecrets(dir: string): Promise<LocalSecrets> {
  return localSecrets.parse(JSON.parse(await readFile(join(dir, 'secrets.json'), 'utf8')));
}

const EXAMPLE_KEY = 'A'.repeat(43);
const EXAMPLE: LocalSecrets = {
  pepper: EXAMPLE_KEY,
  'link-keys': { current: 'k1', keys: { k1: EXAMPLE_KEY } },
  'evidence-master': EXAMPLE_KEY,
};

async function version(): Promise<string> {
  const { items } = await seedContacts(EXAMPLE)(0);
  const sources = await Promise.all(SOURCES.map((file) => readFile(file, 'utf8')));
  return sha256(JSON.stringify([shapeOf(items), sources])).slice(0, 12);
}

/** The names in a document without its values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]);
}
