import { describe, expect, test } from 'vitest';

import { HOUR, now, plus } from '../../../shared/platform/clock.ts';
import { newId } from '../../../shared/platform/ids.ts';
import { keys } from '../../../shared/platform/keys.ts';
import { write } from '../../../shared/platform/table.ts';
import { readEntries } from '../../../shared/permission/store.ts';
import { verifyChain } from '../../../shared/permission/verify.ts';
import { contactAnswer, savedAnswer } from '../../../web/api/contact-shapes.ts';
import { BRAND, CONTROLLER } from '../../support/system.ts';
import { openContactApi, source } from './contact-api.ts';

const api = await openContactApi();
const { db } = api.deps;
const { someone, post, made, stored } = api;

describe('making somebody known', () => {
  test('G10 a contact without a source is refused, and so is an unknown kind of source', async () => {
    const before = await api.dump('contacts');
    expect((await post({ email: someone() })).status).toBe(422);
    const strange = await post({ email: someone(), source: { kind: 'rumour', id: 'x' } });
    expect(strange).toMatchObject({ status: 422, body: { errors: [{ pointer: '/source/kind' }] } });
    expect(await api.dump('contacts')).toEqual(before);
  });

  test('G10 a new contact keeps its source, in the record too, where nothing personal is readable', async () => {
    const email = someone();
    const externalId = { system: 'salesdesk', id: 'SD-17' };
    const fields = { firstName: 'Anna', lastName: 'Berger', phone: '+49 (0)431 / 123-4567' };
    const answer = await post({ email, externalId, source, fields, country: 'DE', actor: 'u-17' });
    expect(answer.status).toBe(201);
    const { contact, kept } = answer.as(savedAnswer);
    expect(answer.headers.get('location')).toBe(`/v1/contacts/${contact.id}`);
    expect(answer.headers.get('etag')).toBe('"0-1"');
    expect(kept).toEqual([]);
    expect(contact).toMatchObject({
      email,
      externalIds: { salesdesk: 'SD-17' },
      source,
      country: 'DE',
      language: 'de',
      permissions: [],
      fields: {
        phone: { value: '+494311234567', source: 'crm', at: contact.createdAt },
        country: { value: 'DE', source: 'crm' },
      },
    });
    const entries = await readEntries(db, contact.id);
    expect(entries).toMatchObject([
      { type: 'known', route: 'crm', actor: { kind: 'staff', id: 'u-17' }, source, changes: [] },
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/Anna|Berger|maschinenbau|SD-17|4311234567|431\D{0,4}123/);
    expect(verifyChain(entries, (await stored(contact.id)).head)).toMatchObject({ ok: true });
  });

  test('an API client that names nobody of ours acts by its key', async () => {
    const { contact } = await made({ email: someone() });
    const [entry] = await readEntries(db, contact.id);
    expect(entry?.actor).toMatchObject({ kind: 'api', key: expect.stringMatching(/^ak_/) });
  });

  test.each([
    [{}, '', 'custom'],
    [{ fields: { firstName: 'Anna' } }, '', 'custom'],
    [{ email: 'anna' }, '/email', 'custom'],
    [{ email: someone(), fields: { phone: '0431 1234567' } }, '/fields/phone', 'invalid-format'],
    [{ email: someone(), fields: { lastName: 'Ber\u202eger' } }, '/fields/lastName', 'invalid-format'],
    [{ email: someone(), fields: { shoeSize: '43' } }, '/fields/shoeSize', 'unknown'],
    [{ email: someone(), fieldSource: 'person' }, '/fieldSource', 'invalid-value'],
    [{ email: someone(), accountId: 'acc_none' }, '/accountId', 'unknown'],
    [{ email: someone(), block: { brand: 'elsewhere', reason: 'r' } }, '/block/brand', 'unknown'],
    [{ email: someone(), block: { brand: BRAND, uses: ['x-ray'], reason: 'r' } }, '/block/uses/0', 'unknown'],
  ])('%j is refused at %j, and nothing is stored', async (body, pointer, code) => {
    const before = await api.dump('contacts');
    const answer = await post({ source, ...body });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer, code }] } });
    expect(await api.dump('contacts')).toEqual(before);
  });

  test('by phone alone is enough', async () => {
    const { contact } = await made({ fields: { phone: '+43 1 234567' }, country: 'AT' });
    expect(contact.email).toBeUndefined();
    expect((await stored(contact.id)).addressKey).toBeUndefined();
  });

  test.each(['staff', 'business-card', 'crm', 'import', 'partner'])(
    'whoever comes from %s rests for the hold period',
    async (kind) => {
      const { contact } = await made({ email: someone(), source: { kind, id: 'x' } });
      expect(contact.holdUntil).toBe(plus(contact.createdAt, 24 * HOUR));
    },
  );
  test.each(['form', 'api'])('whoever comes from %s acted, and does not rest', async (kind) => {
    const { contact } = await made({ email: someone(), source: { kind, id: 'x' } });
    expect(contact.holdUntil).toBeUndefined();
  });

  test('sales block while entering: all bulk uses, so that the owner can go on', async () => {
    const { contact } = await made({
      email: someone(),
      country: 'DE',
      block: { brand: BRAND, reason: 'mine' },
    });
    const of = (status: string) =>
      contact.permissions.filter((one) => one.status === status).map(({ use }) => use);
    expect(of('blocked')).toContain('newsletter');
    expect(of('unclear')).toEqual(['sales-email', 'field-sales']);
    const [entry] = await readEntries(db, contact.id);
    expect(entry).toMatchObject({
      type: 'known',
      changes: expect.arrayContaining([{ brand: BRAND, use: 'newsletter', from: 'unclear', to: 'blocked' }]),
    });
    expect(JSON.stringify(entry)).not.toContain('mine');
  });

  test('a block while entering somebody known is no less a block, and once', async () => {
    const email = someone();
    const { contact: first } = await made({ email });
    const block = { brand: BRAND, uses: ['newsletter'], reason: 'mine' };
    const { contact } = await made({ email, block, fields: { firstName: 'Anna' } });
    await made({ email, block });
    expect(contact).toMatchObject({ id: first.id, fields: { firstName: { value: 'Anna' } } });
    expect(contact.permissions.find(({ use }) => use === 'newsletter')?.status).toBe('blocked');
    expect((await readEntries(db, contact.id)).map(({ type }) => type)).toEqual(['known', 'blocked']);
  });
});

describe('who is who', () => {
  test('20 parallel posts of one address make one contact', async () => {
    const email = someone();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post({ email, source })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      ...Array<number>(19).fill(200),
      201,
    ]);
    expect(new Set(answers.map((answer) => answer.as(savedAnswer).contact.id)).size).toBe(1);
  });

  test('20 parallel posts of one external id make one contact, whatever they say', async () => {
    const externalId = { system: 'salesdesk', id: newId('sd') };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => post({ externalId, source, fields: { city: `Kiel ${at}` } })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const ids = new Set(answers.map((answer) => answer.as(savedAnswer).contact.id));
    expect(ids.size).toBe(1);
    expect((await stored([...ids][0] ?? '')).rev).toBe(19);
  });

  test('address and external id of two contacts are refused, and nothing changes', async () => {
    const [email, externalId] = [someone(), { system: 'salesdesk', id: newId('sd') }];
    await made({ email });
    await made({ externalId });
    const before = await api.dump('contacts');
    const answer = await post({ email, externalId, source, fields: { firstName: 'Anna' } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'two-contacts' } });
    expect(await api.dump('contacts')).toEqual(before);
  });

  test('a contact known by one of the two learns the other', async () => {
    const [email, externalId] = [someone(), { system: 'salesdesk', id: newId('sd') }];
    const { contact } = await made({ externalId });
    const { contact: withBoth } = await made({ externalId, email });
    expect(withBoth).toMatchObject({ id: contact.id, email });
    expect((await made({ email })).contact.id).toBe(contact.id);
    const another = await post({ email, externalId: { system: 'salesdesk', id: 'other' }, source });
    expect(another).toMatchObject({ status: 409, body: { code: 'other-external-id' } });
  });

  test('D3 another address for a known external id is refused', async () => {
    const externalId = { system: 'salesdesk', id: newId('sd') };
    const { contact } = await made({ externalId, email: someone() });
    const answer = await post({ externalId, email: someone(), source });
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/email', code: 'address-differs' }] },
    });
    expect((await stored(contact.id)).address).toBe(contact.email);
  });

  test('D4 the tombstone of an address answers 409 erased; looking it up finds nobody', async () => {
    const email = someone();
    await write(db, {
      update: 'contacts',
      key: keys.address(CONTROLLER, await api.keyOf(email)),
      set: 'SET erasedAt = :at',
      values: { ':at': now() },
    });
    const before = await api.dump('contacts');
    const answer = await post({ email, source });
    expect(answer).toMatchObject({ status: 409, body: { code: 'erased' } });
    expect(JSON.stringify(answer.body)).not.toContain(email);
    expect((await api.call('POST', '/v1/contacts/lookup', { body: { email } })).status).toBe(404);
    expect(await api.dump('contacts')).toEqual(before);
  });

  test('T3 an address is looked up in a body; nothing of the seal is shown', async () => {
    const [email, externalId] = [someone(), { system: 'salesdesk', id: newId('sd') }];
    const { contact } = await made({ email, externalId });
    for (const body of [{ email: email.toUpperCase() }, { externalId }]) {
      const found = await api.call('POST', '/v1/contacts/lookup', { body, query: { brand: BRAND } });
      expect(found.as(contactAnswer).contact).toMatchObject({ id: contact.id });
      expect(found.as(contactAnswer).contact.permissions[0]).toMatchObject({
        use: 'newsletter',
        status: 'unclear',
      });
      const { salt, addressKey, head } = await stored(contact.id);
      for (const secret of [salt, addressKey, head.hash])
        expect(JSON.stringify(found.body)).not.toContain(secret);
    }
    expect((await api.call('POST', '/v1/contacts/lookup', { body: { email: someone() } })).status).toBe(404);
  });

  test('contacts of another controller are not found by any way', async () => {
    const email = someone();
    const { contact, version } = await made({ email });
    const key = await api.keyFor(['contacts:read', 'contacts:write'], { controller: 'nordlicht-gmbh-2' });
    const path = `/v1/contacts/${contact.id}`;
    expect((await api.call('GET', path, { key })).status).toBe(404);
    const body = { fieldSource: 'staff', country: 'AT' };
    expect((await api.call('PATCH', path, { key, ifMatch: version, body })).status).toBe(404);
    expect((await api.call('POST', '/v1/contacts/lookup', { key, body: { email } })).status).toBe(404);
    expect((await stored(contact.id)).country).toBeUndefined();
  });
});
