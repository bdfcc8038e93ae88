import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readContact } from '../../../shared/contacts/store.ts';
import { verifyPack } from '../../../shared/evidence/verify-pack.ts';
import { restrictContact } from '../../../shared/preferences/restrict.ts';
import { eraseContact } from '../../../shared/retention/erase.ts';
import { now } from '../../../shared/platform/clock.ts';
import { sha256 } from '../../../shared/platform/ids.ts';
import { keys } from '../../../shared/platform/keys.ts';
import { write } from '../../../shared/platform/table.ts';
import { recordConsent } from '../../../shared/permission/record-consent.ts';
import { createApiKey } from '../../../shared/settings/api-key-store.ts';
import { SCOPES, readApiKeyText } from '../../../shared/settings/api-key.ts';
import type { Scope } from '../../../shared/settings/api-key.ts';
import { policy } from '../../../shared/settings/policy.ts';
import { createApiApp } from '../../../web/api/app.ts';
import { evidenceEndpoints } from '../../../web/api/evidence.tsx';
import { JWKS_PATH, serveKeys } from '../../../web/api/jwks.ts';
import { ANNA, openEvidenceSystem } from '../../evidence/system.ts';
import { BRAND, CONTROLLER, captureLog, resetClock } from '../../support/system.ts';

const logged = captureLog();
const system = await openEvidenceSystem();
const { deps } = system;
const app = createApiApp({ ...deps, storage: 'this machine', processors: [] }, evidenceEndpoints);
serveKeys(app, deps.db);
afterAll(resetClock);

let anna = '';
beforeAll(async () => {
  anna = await system.subscribe(ANNA);
  await system.night();
  await system.unsubscribe(anna);
  await system.night();
});

async function keyWith(scopes: readonly Scope[], controller = CONTROLLER): Promise<string> {
  const wish = { controller, name: 'test', createdAt: now(), scopes: [...scopes] };
  return (await createApiKey(deps.db, wish)).text;
}
const reader = await keyWith(SCOPES.filter((scope) => scope !== 'evidence:legal'));
async function read(path: string, key = reader) {
  const answer = await app.request(path, { headers: { authorization: `Bearer ${key}` } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

describe('the evidence of a contact', () => {
  test('H8 G4 the pack holds every act and verifies by itself', async () => {
    const { status, text, headers } = await read(`/v1/contacts/${anna}/evidence`);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toContain('attachment');
    const pack: unknown = JSON.parse(text);
    expect(verifyPack(pack).filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(pack).toMatchObject({
      contactId: anna,
      entries: [{ type: 'granted' }, { type: 'withdrawn' }],
      grades: [{ grade: 'A', missing: [] }],
    });
  });

  test.each([
    ['de', ['Newsletter', 'Ja, ich möchte den Newsletter', ANNA, 'ses-1', 'Nordlicht Antriebstechnik']],
    ['en', ['Newsletter', ANNA, 'ses-1', 'Nordlicht Antriebstechnik']],
  ])('G4 E1 the page to print says in %s what was declared, sent, delivered and done', async (lang, said) => {
    const { status, text, headers } = await read(
      `/v1/contacts/${anna}/evidence.html?use=newsletter&lang=${lang}`,
    );
    expect(status).toBe(200);
    expect(text).toContain(`<html lang="${lang}">`);
    for (const words of said) expect(text).toContain(words);
    expect(text).not.toMatch(/<script|https?:\/\/(?!www\.nordlicht\.example|127\.0\.0\.1)/);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  });

  test('E2 the ISO 27560 record and E3 the receipt name who, what and how to withdraw', async () => {
    const record = await read(`/v1/contacts/${anna}/evidence.27560.json?use=newsletter`);
    expect(record.status).toBe(200);
    expect(JSON.stringify(JSON.parse(record.text))).not.toMatch(/:(""|null|\[\])/);
    const receipt = await read(`/v1/contacts/${anna}/receipt.json?use=newsletter`);
    expect(receipt.status).toBe(200);
    expect(receipt.text).toContain('KI-CR-v1.1.0');
    const signed = await read(`/v1/contacts/${anna}/receipt.jws?use=newsletter`);
    expect(signed.text.split('.')).toHaveLength(3);
    expect((await read(`/v1/contacts/${anna}/receipt.html?use=newsletter`)).text).toContain('<html');
  });

  test('H4 the public keys need no key of ours', async () => {
    const answer = await app.request(JWKS_PATH);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ keys: [await deps.signer.publicKey()] });
    expect((await app.request(JWKS_PATH, { method: 'POST' })).status).toBe(405);
  });
});

test('G4 a restriction by the person stands on the page of every use, and its pack verifies', async () => {
  const id = await system.subscribe('Rita.Kahn@example.com');
  const contact = await readContact(deps.db, id);
  if (!contact) throw new Error('nobody subscribed');
  await restrictContact(deps, {
    contact,
    brand: BRAND,
    text: '',
    policy: policy.parse({ id: CONTROLLER }),
    at: now(),
  });
  const pack: unknown = JSON.parse((await read(`/v1/contacts/${id}/evidence`)).text);
  expect(verifyPack(pack).filter(({ verdict }) => verdict === 'fail')).toEqual([]);
  const { text } = await read(`/v1/contacts/${id}/evidence.html?use=newsletter&lang=de`);
  expect(text.match(/Einschränkung der Verarbeitung/g)).toHaveLength(2);
});

test('G7 the words spoken on the phone are in the pack, and withheld with the person’s data', async () => {
  const cleo = 'Cleo.Kahn@example.com';
  const id = await system.subscribe(cleo);
  const wording = 'May Nordlicht call you about drives?';
  await recordConsent(deps, {
    controller: CONTROLLER,
    contactId: id,
    at: now(),
    told: {
      kind: 'oral',
      brand: BRAND,
      use: 'call-centre',
      actor: 'k.lund',
      wording,
      name: 'Cleo Kahn',
      address: 'Kai 3, Kiel',
      company: 'Kahn GmbH',
      addressee: 'Nordlicht Antriebstechnik GmbH',
      scope: 'calls about drives',
      givenAt: now(),
      manner: 'asked on the phone',
    },
  });
  const pack: unknown = JSON.parse((await read(`/v1/contacts/${id}/evidence`)).text);
  expect(pack).toMatchObject({ wordings: { [sha256(wording)]: wording } });
  expect(verifyPack(pack).filter(({ verdict }) => verdict === 'fail')).toEqual([]);
  const actor = { kind: 'staff', id: 'dpo' } as const;
  const requestedBy = 'person' as const;
  await eraseContact(deps, { contactId: id, controller: CONTROLLER, requestedBy, actor, at: now() });
  const erased = (await read(`/v1/contacts/${id}/evidence`)).text;
  expect(erased).not.toContain(wording);
  expect(verifyPack(JSON.parse(erased)).filter(({ verdict }) => verdict === 'fail')).toEqual([]);
});

test('G7 of an erased person, each call that used the consent is still on record, for evidence:legal alone', async () => {
  const id = await system.subscribe('Dora.Kahn@example.com');
  const about = { at: now(), brand: BRAND };
  const call = { ...about, sendId: `p_call_${id}`, channel: 'phone', use: 'call-centre' };
  const mail = { ...about, sendId: `p_mail_${id}`, channel: 'email', use: 'newsletter' };
  for (const sent of [call, mail]) {
    const item = { ...keys.promotion(id, sent.at, sent.sendId), ...sent };
    await write(deps.db, { put: 'engagement', item });
  }
  const actor = { kind: 'staff', id: 'dpo' } as const;
  const asked = { contactId: id, controller: CONTROLLER, requestedBy: 'person', actor, at: now() } as const;
  await eraseContact(deps, asked);
  const legal = await keyWith(SCOPES);
  const usesFor = async (key: string): Promise<unknown> =>
    JSON.parse((await read(`/v1/contacts/${id}/evidence`, key)).text).uses;
  expect(await usesFor(legal)).toEqual([call]);
  expect(await usesFor(reader)).toEqual([]);
});

describe('who may read it', () => {
  test.each<[string, readonly Scope[], string, number]>([
    ['a key without the scope', ['contacts:read'], CONTROLLER, 403],
    ['a key of another controller', SCOPES, 'foreign-ag', 404],
  ])('%s may not', async (_, scopes, controller, status) => {
    const key = await keyWith(scopes, controller);
    expect((await read(`/v1/contacts/${anna}/evidence`, key)).status).toBe(status);
  });

  test('T15 each reading is logged: whose evidence, by which key, and whether of the erased too', async () => {
    const legal = await keyWith(SCOPES);
    logged.length = 0;
    await read(`/v1/contacts/${anna}/evidence`);
    await read(`/v1/contacts/${anna}/receipt.json?use=newsletter`, legal);
    await read('/v1/contacts/con_none/evidence');
    const about = { event: 'evidence-read', contactId: anna };
    expect(logged).toMatchObject([
      { ...about, key: readApiKeyText(reader)?.id, mayReadHold: false },
      { ...about, key: readApiKeyText(legal)?.id, mayReadHold: true },
    ]);
    expect(JSON.stringify(logged)).not.toMatch(/@/);
  });

  test('an unknown contact is not found, an unknown use neither', async () => {
    expect((await read('/v1/contacts/con_none/evidence')).status).toBe(404);
    expect((await read(`/v1/contacts/${anna}/evidence.html?use=nothing`)).status).toBe(404);
  });

  test('D4 after an erasure personal data is for evidence:legal alone; the chain still verifies', async () => {
    const ben = 'Ben.Kohl@example.com';
    const id = await system.subscribe(ben);
    await system.night();
    await eraseContact(deps, {
      contactId: id,
      controller: CONTROLLER,
      requestedBy: 'person',
      actor: { kind: 'staff', id: 'dpo' },
      at: now(),
    });
    const plain = await read(`/v1/contacts/${id}/evidence`);
    expect(plain.status).toBe(200);
    expect(plain.text).not.toContain(ben);
    expect(verifyPack(JSON.parse(plain.text)).filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    const legal = await read(`/v1/contacts/${id}/evidence`, await keyWith(SCOPES));
    expect(legal.text).toContain(ben);
  });
});
