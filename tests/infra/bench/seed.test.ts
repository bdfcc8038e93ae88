import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, onTestFinished, test } from 'vitest';

import { openSeed } from '../../../infra/bench/seed.ts';
import { startEngine } from '../../../infra/local/engine.ts';
import { TABLE_PREFIX } from '../../../infra/local/environment.ts';
import { openStream } from '../../../infra/local/stream-reader.ts';
import { createTables, prefixedName } from '../../../infra/local/tables.ts';
import { addressKey } from '../../../shared/contacts/address-key.ts';
import { readAddress, readContact } from '../../../shared/contacts/store.ts';
import { DUE_SHARDS } from '../../../shared/platform/keys.ts';
import type { TableName } from '../../../shared/platform/keys.ts';
import { queryIndex } from '../../../shared/platform/read-many.ts';
import { write } from '../../../shared/platform/table.ts';
import { readEntries } from '../../../shared/permission/store.ts';
import { verifyChain } from '../../../shared/permission/verify.ts';
import { demoBrand } from '../../../shared/settings/demo.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

const CONTROLLER = demoBrand.controller.id;

/** Starts the engine on a database file, for as long as the test runs. */
async function open(file: string) {
  const engine = await startEngine({ file });
  const settings = {
    endpoint: engine.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const clients = { tables: new DynamoDBClient(settings), streams: new DynamoDBStreamsClient(settings) };
  onTestFinished(async () => {
    clients.tables.destroy();
    clients.streams.destroy();
    await engine.stop();
  });
  const name = (table: TableName) => prefixedName(TABLE_PREFIX, table);
  return { clients, db: { client: DynamoDBDocumentClient.from(clients.tables), name } };
}

test('the bench starts from contacts as a confirmation would leave them', async () => {
  const dir = temporaryFolder();
  const { secrets, contactIds } = await openSeed(30, dir, () => {}, temporaryFolder());
  expect(new Set(contactIds).size).toBe(30);
  const { clients, db } = await open(join(dir, 'assent.db'));
  expect(await createTables(clients.tables, TABLE_PREFIX)).toEqual(['engagement', 'outbox', 'config']);
  for (const [at, id] of contactIds.entries()) {
    const [contact, entries] = await Promise.all([readContact(db, id), readEntries(db, id)]);
    expect(contact?.permissions).toMatchObject({
      [`${demoBrand.id}#newsletter`]: { status: 'granted', proof: 'double' },
    });
    expect(verifyChain(entries, contact?.head)).toMatchObject({ ok: true });
    const key = addressKey(secrets.pepper, `${CONTROLLER}\nseed-${at}@contacts.example`);
    expect((await readAddress(db, CONTROLLER, key))?.contactId).toBe(id);
  }
});

test('the indexes hold the contacts, and the streams begin behind them', async () => {
  const dir = temporaryFolder();
  const { contactIds } = await openSeed(5, dir, () => {}, temporaryFolder());
  const { clients, db } = await open(join(dir, 'assent.db'));
  const index = { name: 'due', pk: 'dueShard', sk: 'dueAt' };
  const due = await Promise.all(DUE_SHARDS.map((of) => queryIndex(db, 'contacts', index, of, '9', 10)));
  expect(due.flat()).toHaveLength(5);
  for (const table of ['contacts', 'ledger'] as const) {
    const stream = await openStream(clients, db.name(table), undefined);
    expect(await stream.next(10)).toEqual([]);
    const item = { pk: contactIds[0], sk: 'NOTE' };
    await write(db, { put: table, item });
    expect(await stream.next(10)).toHaveLength(1);
  }
});

test('contacts are made once for each size, and anew where none are kept', async () => {
  const cache = temporaryFolder();
  const said: string[] = [];
  const ask = (count: number) => openSeed(count, temporaryFolder(), (line) => said.push(line), cache);
  const first = await ask(3);
  const again = await ask(3);
  expect(again.contactIds).toEqual(first.contactIds);
  expect(again.secrets).toEqual(first.secrets);
  await ask(4);
  expect(said).toEqual(['Making 3 contacts, once …', 'Making 4 contacts, once …']);
  expect(await readdir(cache)).toHaveLength(2);
});

test('an earlier version of the same size makes room for the new one', async () => {
  const cache = temporaryFolder();
  await mkdir(join(cache, '3-older'));
  await mkdir(join(cache, '33-other'));
  await openSeed(3, temporaryFolder(), () => {}, cache);
  const kept = await readdir(cache);
  expect(kept).toHaveLength(2);
  expect(kept).toContain('33-other');
  expect(kept).not.toContain('3-older');
});
