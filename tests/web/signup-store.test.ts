import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { beforeAll, describe, expect, test } from 'vitest';

import { addressKey } from '../../shared/contacts/address-key.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { seedDemo } from '../../shared/settings/seed.ts';
import { openSettings } from '../../shared/settings/store.ts';
import { requestSignup } from '../../shared/signup/request.ts';
import { openTestDatabase, testEndpoint } from '../support/engine.ts';
import type { TestDatabase } from '../support/engine.ts';
import { LINKS, call, goodPost, openDoor, shownFor } from './signup-door.ts';

const PEPPER = 'P'.repeat(43);
const secrets = { pepper: () => Promise.resolve(PEPPER), linkKeys: () => Promise.resolve(LINKS) };

let db: TestDatabase;
let door: ReturnType<typeof openDoor>;
let clients = 0;

beforeAll(async () => {
  db = await openTestDatabase();
  await seedDemo(db);
  const secretsFile = join(mkdtempSync(join(tmpdir(), 'assent-')), 'secrets.json');
  writeFileSync(secretsFile, JSON.stringify({ pepper: PEPPER, 'link-keys': LINKS }), { mode: 0o600 });
  // Read once per process, by whoever asks first.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: await testEndpoint(),
    ASSENT_SECRETS_FILE: secretsFile,
    TABLE_CONFIG: db.name('config'),
    TABLE_OUTBOX: db.name('outbox'),
  });
  door = openDoor({
    settings: openSettings(db),
    requestSignup: (input) => requestSignup({ db, secrets }, input),
  });
  // Settings are cached from here on.
  await post({ email: 'first@example.com' });
});

/** Everybody comes from a network of their own. */
const shown = () => shownFor({ id: 'newsletter', version: 1 });
const post = (more: Record<string, string>) =>
  door.post('/forms/newsletter', goodPost({ ts: shown(), ...more }), {}, `198.51.100.${(clients += 1)}`);

async function stored(): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await db.client.send(new ScanCommand({ TableName: db.name('outbox') }));
  return Items.filter(({ sk }) => sk === 'SIGNUP');
}

describe('T6 the answer tells nothing about the address', () => {
  test('new, repeated, known, suppressed and erased: the same bytes and the same calls', async () => {
    const controller = 'nordlicht-gmbh';
    const states = ['known', 'suppressed', 'erased'];
    for (const state of states) {
      const key = keys.address(controller, addressKey(PEPPER, `${controller}\n${state}@example.com`));
      await write(db, { put: 'contacts', item: { ...key, state } });
    }
    const seen: unknown[] = [];
    for (const name of ['new', 'new', ...states]) {
      const before = db.units();
      const answer = await post({ email: `${name}@example.com` });
      const after = db.units();
      expect(after.read).toBe(before.read);
      expect(after.write - before.write).toBeLessThanOrEqual(5);
      seen.push(answer);
    }
    expect(seen).toEqual(Array(5).fill(seen[0]));
    expect(seen[0]).toMatchObject({ status: 303, body: '' });
  });

  test('the eleventh open request of an address is answered alike and not stored', async () => {
    const answers = [];
    for (let n = 0; n < 12; n += 1) answers.push(await post({ email: 'eager@example.com' }));
    expect(answers).toEqual(Array(12).fill(answers[0]));
    const key = addressKey(PEPPER, 'nordlicht-gmbh\neager@example.com');
    const item = (await stored()).find(({ pk }) => pk === keys.pendingSignup('nordlicht', key).pk);
    expect(Object.keys(item ?? {}).filter((name) => name.startsWith('r#'))).toHaveLength(10);
  });

  test('G13 no contact exists before somebody confirms', async () => {
    const { Items = [] } = await db.client.send(new ScanCommand({ TableName: db.name('contacts') }));
    expect(Items.filter(({ sk }) => sk === 'CONTACT')).toEqual([]);
  });
});

describe('T7 many sign-ups from one network', () => {
  test('ten an hour pass, more are told to wait, an IPv6 customer counts as one', async () => {
    const from = (host: number) =>
      door.post(
        '/forms/newsletter',
        goodPost({ ts: shown(), email: `n${host}@example.com` }),
        {},
        `2001:db8:7:7::${host}`,
      );
    const statuses: number[] = [];
    for (let host = 1; host <= 12; host += 1) statuses.push((await from(host)).status);
    expect(statuses).toEqual([...Array(10).fill(303), 429, 429]);
    const elsewhere = await door.post('/forms/newsletter', goodPost({ ts: shown() }), {}, '2001:db8:7:8::1');
    expect(elsewhere.status).toBe(303);
  });
});

test('the deployed function answers a true event with the settings of its table', async () => {
  const { handler } = await import('../../functions/signup.ts');
  const deployed = (event: APIGatewayProxyEventV2): Promise<unknown> =>
    Promise.resolve(handler(event as never));
  const form = await call(deployed, '/forms/newsletter', { query: 'lang=en' });
  expect([form.status, form.body.includes('Subscribe to our newsletter')]).toEqual([200, true]);
  const before = (await stored()).length;
  const headers = { 'content-type': 'application/json' };
  const disposable = goodPost({ ts: shown(), email: 'someone@mailinator.com' });
  const refused = await call(deployed, '/forms/newsletter', {
    method: 'POST',
    headers,
    body: JSON.stringify(disposable),
  });
  expect([refused.status, JSON.parse(refused.body).errors[0].code]).toEqual([422, 'email-disposable']);
  const body = JSON.stringify(goodPost({ ts: shown(), email: 'deployed@example.com' }));
  const taken = await call(deployed, '/forms/newsletter', { method: 'POST', headers, body });
  expect([taken.status, taken.body]).toEqual([202, '{"status":"check-your-mail"}']);
  expect((await stored()).length).toBe(before + 1);
});
