import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import type { Contact } from '../../../shared/contacts/contact.ts';
import { readContact } from '../../../shared/contacts/store.ts';
import { readEntries } from '../../../shared/permission/store.ts';
import { demoBrand, demoUses } from '../../../shared/settings/demo.ts';
import { contactEndpoints } from '../../../web/api/contacts.ts';
import { decisionEndpoints } from '../../../web/api/decisions.ts';
import { erasureAnswer, erasureEndpoints, erasurePreview } from '../../../web/api/erasure.ts';
import { openTestApi } from '../../support/api.ts';
import type { TestApi } from '../../support/api.ts';
import { BRAND, linkIn, resetClock } from '../../support/system.ts';

const BODY = { actor: 'd.schmidt', reason: 'Letter of Anna Berger', requestedBy: 'person' };

let api: TestApi;
let people = 0;
beforeAll(async () => {
  api = await openTestApi([...contactEndpoints, ...decisionEndpoints, ...erasureEndpoints]);
});
afterAll(resetClock);

async function subscriber(): Promise<Contact> {
  const email = `anna.berger-${(people += 1)}@example.com`;
  await api.signUp(email);
  await api.work();
  await api.confirm(linkIn(api.mailsTo(email).at(-1), 'confirm'));
  const contact = await api.contactOf(email);
  if (!contact) throw new Error('nobody confirmed');
  return contact;
}
const erase = (id: string, more: object = {}) =>
  api.call('POST', `/v1/contacts/${id}/erase`, { body: BODY, ...more });
const preview = (id: string, more: object = {}) => api.call('GET', `/v1/contacts/${id}/erase-preview`, more);

describe('erasing a contact', () => {
  test('D4 the preview tells what the act then does; repeated it answers the same', async () => {
    const contact = await subscriber();
    const seen = (await preview(contact.id)).as(erasurePreview);
    const answer = await erase(contact.id);
    expect(answer.status).toBe(200);
    const told = answer.as(erasureAnswer);
    expect(told).toMatchObject({ contactId: contact.id, stays: seen.stays, clearedAt: expect.any(String) });
    expect(JSON.stringify(answer.body)).not.toContain('anna');
    expect(await readContact(api.deps.db, contact.id)).toBeUndefined();
    expect((await preview(contact.id)).status).toBe(404);
    expect((await erase(contact.id)).as(erasureAnswer)).toMatchObject({
      erasedAt: told.erasedAt,
      stays: told.stays,
    });
  });

  test('W7 the same call with one Idempotency-Key is answered once', async () => {
    const contact = await subscriber();
    const first = await erase(contact.id, { idempotencyKey: 'erase-1' });
    const second = await erase(contact.id, { idempotencyKey: 'erase-1' });
    expect(second.body).toEqual(first.body);
    expect(
      (await erase(contact.id, { idempotencyKey: 'erase-1', body: { ...BODY, reason: 'other' } })).status,
    ).toBe(422);
  });

  test('ten at once leave one entry', async () => {
    const contact = await subscriber();
    const answers = await Promise.all(Array.from({ length: 10 }, () => erase(contact.id)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    const entries = await readEntries(api.deps.db, contact.id);
    expect(entries.map(({ type }) => type)).toEqual(['granted', 'erased']);
  });
});

describe('what comes later', () => {
  test('D4 the address and the id are refused as erased by every write and every decision; the person may come back', async () => {
    const email = 'Come.Back@example.com';
    const source = { kind: 'crm', id: 'sync-1' };
    const externalId = { system: 'crm', id: 'K-4711' };
    const id = await api.call('POST', '/v1/contacts', { body: { email, externalId, source } });
    const { contact } = id.as(z.object({ contact: z.object({ id: z.string() }) }));
    expect((await erase(contact.id)).status).toBe(200);

    for (const body of [
      { email, source },
      { externalId, source },
      { email, externalId, source },
    ]) {
      const answer = await api.call('POST', '/v1/contacts', { body });
      expect(answer).toMatchObject({ status: 409, body: { code: 'erased' } });
    }
    const asked = { brand: BRAND, use: 'newsletter' };
    const contacts = [{ email }, { externalId }, { id: contact.id }];
    const decided = await api.call('POST', '/v1/decisions', { body: { ...asked, contacts } });
    expect(decided.body).toMatchObject({
      results: contacts.map(() => ({ allowed: false, reason: 'erased' })),
    });
    const linked = await api.call('POST', '/v1/links', { body: { ...asked, contacts } });
    expect(linked.body).toEqual({ results: contacts.map(() => ({ error: 'erased' })) });

    await api.signUp(email);
    await api.work();
    await api.arrive(email);
    await api.confirm(linkIn(api.mailsTo(email).at(-1), 'confirm'));
    const again = await api.call('POST', '/v1/contacts', { body: { email, source } });
    expect(again.status).toBe(200);
    const both = [{ email }, { id: contact.id }];
    const allowed = await api.call('POST', '/v1/decisions', { body: { ...asked, contacts: both } });
    expect(allowed.body).toMatchObject({ results: [{ allowed: true }, { reason: 'erased' }] });
  });

  test('D4 another controller cannot tell who was erased from who never was', async () => {
    const controller = 'other-gmbh';
    const owner = { ...demoBrand.controller, id: controller };
    await api.set('brand', 'other', { ...demoBrand, id: 'other', controller: owner });
    await api.set('uses', controller, { ...demoUses, id: controller });
    const { id } = await subscriber();
    expect((await erase(id)).status).toBe(200);
    const key = await api.keyFor(['decisions:read'], { controller });
    const body = { brand: 'other', use: 'newsletter', contacts: [{ id }, { id: 'con_nobody' }] };
    for (const path of ['/v1/decisions', '/v1/links']) {
      const answer = await api.call('POST', path, { key, body });
      expect(answer.body).toMatchObject({ results: [{ error: 'not-found' }, { error: 'not-found' }] });
    }
  });
});

describe('changes nothing and says why', () => {
  test.each([
    ['no JSON', '{', 400],
    ['nobody who does it', { ...BODY, actor: ' ' }, 422],
    ['no reason', { ...BODY, reason: undefined }, 422],
    ['retention is ours alone', { ...BODY, requestedBy: 'retention' }, 422],
    ['something unknown', { ...BODY, now: true }, 422],
  ])('%s', async (_, body, status) => {
    const contact = await subscriber();
    expect((await erase(contact.id, { body })).status).toBe(status);
    expect(await readContact(api.deps.db, contact.id)).toEqual(contact);
  });

  test('nobody, another controller’s contact, no key, too small a key', async () => {
    const contact = await subscriber();
    const foreign = await api.keyFor(['contacts:read', 'contacts:write'], { controller: 'other-gmbh' });
    const reader = await api.keyFor(['contacts:read']);
    expect((await erase('con_nobody')).status).toBe(404);
    expect((await erase(contact.id, { key: foreign })).status).toBe(404);
    expect((await preview(contact.id, { key: foreign })).status).toBe(404);
    expect((await erase(contact.id, { key: reader })).status).toBe(403);
    expect((await preview(contact.id, { key: reader })).status).toBe(200);
    expect((await erase(contact.id, { key: null })).status).toBe(401);
    expect(await readContact(api.deps.db, contact.id)).toEqual(contact);
  });
});
