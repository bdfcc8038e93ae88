import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { HOUR, MINUTE, now, plus } from '../../../shared/platform/clock.ts';
import { newId } from '../../../shared/platform/ids.ts';
import { withdraw } from '../../../shared/permission/withdraw.ts';
import { demoBrand, demoUses } from '../../../shared/settings/demo.ts';
import { contactAnswer, listAnswer, savedAnswer } from '../../../web/api/contact-shapes.ts';
import { BRAND, advanceClock, linkIn, resetClock } from '../../support/system.ts';
import { openContactApi, versionIn } from './contact-api.ts';

const api = await openContactApi();
const { someone, made, patch, show, stored, signedUp } = api;
afterAll(resetClock);

const accountShown = z.looseObject({ account: z.looseObject({ id: z.string() }) });

describe('who said what', () => {
  test('what the person said on a form outranks staff, and the answer says so', async () => {
    const email = someone();
    const { id } = await signedUp(email, { firstName: 'Anna', country: 'DE' });
    const staff = { kind: 'staff', id: 'u-1' };
    const fields = { firstName: 'Anne', lastName: 'Berger' };
    const { contact, kept } = await made({ email, source: staff, fields, country: 'AT', language: 'en' });
    expect(kept).toEqual([
      { field: 'firstName', source: 'person' },
      { field: 'country', source: 'person' },
      { field: 'language', source: 'person' },
    ]);
    expect(contact).toMatchObject({ id, country: 'DE', language: 'de', source: { kind: 'form' } });
    expect(contact.fields).toMatchObject({
      firstName: { value: 'Anna', source: 'person' },
      lastName: { value: 'Berger', source: 'staff' },
    });
  });

  test('a sign-up at the same time as a change loses neither', async () => {
    const email = someone();
    const { contact, version } = await made({ email, fields: { city: 'Kiel' } });
    await api.signUp(email, { fields: { firstName: 'Anna' } });
    await api.work();
    const [changed] = await Promise.all([
      patch(contact.id, version, { fields: { city: 'Bremen' } }),
      api.confirm(linkIn(api.mailsTo(email)[0], 'confirm')),
    ]);
    const { fields, permissions } = await stored(contact.id);
    expect(fields.firstName?.value).toBe('Anna');
    expect(fields.city?.value).toBe(changed.status === 200 ? 'Bremen' : 'Kiel');
    expect(permissions[`${BRAND}#newsletter`]?.status).toBe('granted');
  });

  test('how we see somebody has a source and an age; an earlier source outranks, null takes away', async () => {
    const email = someone();
    const at = now();
    const { contact } = await made({ email, assessed: { buyingRole: 'user', position: 'head' } });
    expect(contact.assessed).toMatchObject({
      buyingRole: { value: 'user', source: 'crm' },
      position: { value: 'head', source: 'crm' },
    });
    expect(contact.assessed?.buyingRole?.at.slice(0, 16)).toBe(at.slice(0, 16));
    const asStaff = { fieldSource: 'staff', assessed: { buyingRole: 'decider', decisionAuthority: 'alone' } };
    await patch(contact.id, '0-1', asStaff);
    const told = { buyingRole: 'user', position: null, decisionAuthority: 'alone' } as const;
    const changed = (await patch(contact.id, '1-1', { assessed: told })).as(savedAnswer);
    expect(changed.kept).toEqual([{ field: 'buyingRole', source: 'staff' }]);
    expect(changed.contact.assessed).toMatchObject({
      buyingRole: { value: 'decider', source: 'staff' },
      decisionAuthority: { value: 'alone', source: 'staff' },
    });
    expect(changed.contact.assessed?.position).toBeUndefined();
    const nothing = { buyingRole: null, decisionAuthority: null };
    const emptied = await patch(contact.id, '2-1', { fieldSource: 'staff', assessed: nothing });
    expect(emptied.as(savedAnswer).contact).not.toHaveProperty('assessed');
    expect(await stored(contact.id)).not.toHaveProperty('assessed');
    const bad = await patch(contact.id, '3-1', { assessed: { position: 'boss', mood: 'good' } });
    expect(bad).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/assessed/position' }, { pointer: '/assessed/mood' }] },
    });
  });

  test('the same told again writes nothing', async () => {
    const told = {
      email: someone(),
      assessed: { position: 'board', buyingRole: 'decider' },
      fields: { firstName: 'Anna', city: 'Kiel' },
      country: 'DE',
      language: 'de',
    };
    const { contact } = await made(told);
    advanceClock(MINUTE);
    const before = await stored(contact.id);
    await made(told);
    expect(await stored(contact.id)).toEqual(before);
  });
});

describe('changing a contact', () => {
  test('a change needs If-Match, and a stale one changes nothing', async () => {
    const { contact, version } = await made({ email: someone() });
    const path = `/v1/contacts/${contact.id}`;
    expect((await api.call('PATCH', path, { body: { fieldSource: 'crm', country: 'AT' } })).status).toBe(428);
    const changed = await patch(contact.id, version, {
      country: 'AT',
      fields: { city: 'Graz' },
      subscriber: 'corporate',
    });
    expect(changed.as(savedAnswer).contact).toMatchObject({ country: 'AT', subscriber: 'corporate' });
    expect(versionIn(changed)).toBe('1-1');
    expect((await patch(contact.id, version, { country: 'CH' })).status).toBe(412);
    expect(await show(contact.id)).toEqual(changed.as(savedAnswer).contact);
  });

  test('a permission written meanwhile makes a change stale', async () => {
    const email = someone();
    const { id } = await signedUp(email);
    const version = versionIn(await api.call('GET', `/v1/contacts/${id}`));
    await withdraw(api.deps, {
      contactId: id,
      brand: demoBrand,
      scope: { kind: 'brand' },
      route: 'one-click',
      actor: { kind: 'person' },
    });
    expect((await patch(id, version, { country: 'AT' })).status).toBe(412);
  });

  test.each([0, 1])('of 10 parallel changes of version %j one holds', async (rev) => {
    const { contact, version } = await made({ email: someone() });
    const current = rev === 0 ? version : versionIn(await patch(contact.id, version, { country: 'AT' }));
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => patch(contact.id, current, { fields: { city: `Kiel ${at}` } })),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array<number>(9).fill(412)]);
    expect((await stored(contact.id)).rev).toBe(rev + 1);
  });

  test('C1 a block stays when the country changes, and no permission is touched', async () => {
    const block = { brand: BRAND, uses: ['newsletter'], reason: 'mine' };
    const { contact, version } = await made({ email: someone(), country: 'DE', block });
    const { head, permissions } = await stored(contact.id);
    await patch(contact.id, version, { country: 'US' });
    expect(await stored(contact.id)).toMatchObject({ country: 'US', head, permissions });
  });

  test('D3 the address cannot be changed here', async () => {
    const { contact, version } = await made({ email: someone() });
    const answer = await patch(contact.id, version, { email: someone() });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/email' }] } });
    expect(await show(contact.id)).toMatchObject({ email: contact.email });
  });

  test('the strictest wish and pause win: only the person loosens them', async () => {
    const { contact, version } = await made({ email: someone() });
    const [soon, later] = [plus(now(), HOUR), plus(now(), 2 * HOUR)];
    const paused = await patch(contact.id, version, { wish: 'weekly', pausedUntil: later });
    expect(paused.as(savedAnswer).contact).toMatchObject({ wish: 'weekly', pausedUntil: later });
    const current = versionIn(paused);
    for (const body of [{ wish: null }, { pausedUntil: null }, { pausedUntil: soon }]) {
      expect(await patch(contact.id, current, body)).toMatchObject({ status: 409, body: { code: 'looser' } });
    }
    const monthly = await patch(contact.id, current, { wish: 'monthly' });
    expect(monthly.as(savedAnswer).contact.wish).toBe('monthly');
    expect(await patch(contact.id, versionIn(monthly), { wish: 'weekly' })).toMatchObject({ status: 409 });
    advanceClock(3 * HOUR);
    const over = await patch(contact.id, versionIn(monthly), { pausedUntil: null });
    expect(over.as(savedAnswer).contact.pausedUntil).toBeUndefined();
  });

  test('an external id moves with its pointer, and never to a second contact', async () => {
    const [a, b] = [newId('sd'), newId('sd')];
    const first = await made({ email: someone(), externalId: { system: 'salesdesk', id: a } });
    const second = await made({ email: someone() });
    const taken = await patch(second.contact.id, second.version, { externalIds: { salesdesk: a } });
    expect(taken).toMatchObject({ status: 409, body: { code: 'exists' } });
    const moved = await patch(first.contact.id, first.version, { externalIds: { salesdesk: b, shop: '7' } });
    expect(moved.as(savedAnswer).contact.externalIds).toEqual({ salesdesk: b, shop: '7' });
    const free = await patch(second.contact.id, second.version, { externalIds: { salesdesk: a } });
    expect(free.status).toBe(200);
    const found = await api.call('POST', '/v1/contacts/lookup', {
      body: { externalId: { system: 'salesdesk', id: a } },
    });
    expect(found.as(contactAnswer).contact.id).toBe(second.contact.id);
    const gone = await patch(second.contact.id, versionIn(free), { externalIds: { salesdesk: null } });
    expect(gone.as(savedAnswer).contact.externalIds).toEqual({});
  });

  test('an account is linked, shown with its class, and unlinked', async () => {
    const account = await api.call('POST', '/v1/accounts', {
      body: { name: 'Maschinenbau AG', class: 'customer' },
    });
    const { id } = account.as(accountShown).account;
    const { contact, version } = await made({ email: someone(), accountId: id });
    expect(contact.account).toEqual({ id, name: 'Maschinenbau AG', class: 'customer' });
    const unlinked = await patch(contact.id, version, { accountId: null });
    expect(unlinked.as(savedAnswer).contact.account).toBeUndefined();
    expect((await patch(contact.id, versionIn(unlinked), { accountId: 'acc_none' })).status).toBe(422);
  });
});

describe('following changes', () => {
  const page = (query: Record<string, string | number>) => api.call('GET', '/v1/contacts', { query });

  test('a follower gets everybody once, then only who changed since its cursor', async () => {
    advanceClock(MINUTE);
    const since = now();
    const everybody = await Promise.all(Array.from({ length: 5 }, () => made({ email: someone() })));
    advanceClock(MINUTE);
    const first = (await page({ updatedSince: since, limit: 3 })).as(listAnswer);
    expect(first).toMatchObject({ more: true });
    const rest = (await page({ cursor: first.cursor })).as(listAnswer);
    expect(rest.more).toBe(false);
    const ids = [...first.contacts, ...rest.contacts].map(({ id }) => id);
    expect(ids.toSorted()).toEqual(everybody.map(({ contact }) => contact.id).toSorted());
    const [changed] = everybody;
    await patch(changed?.contact.id ?? '', changed?.version ?? '', { country: 'AT' });
    advanceClock(MINUTE);
    const later = (await page({ cursor: rest.cursor })).as(listAnswer);
    expect(later.contacts).toMatchObject([{ id: changed?.contact.id, country: 'AT' }]);
  });

  test('another controller sees none of them', async () => {
    const key = await api.keyFor(['contacts:read'], { controller: 'somebody-else' });
    await api.set('uses', 'somebody-else', { ...demoUses, id: 'somebody-else' });
    const answer = await api.call('GET', '/v1/contacts', { key });
    expect(answer.as(listAnswer)).toMatchObject({ contacts: [], more: false });
  });

  test.each([{ cursor: 'x' }, { limit: 0 }, { limit: 201 }, { updatedSince: 'yesterday' }, { page: 2 }])(
    '%j is refused',
    async (query) => {
      expect((await api.call('GET', '/v1/contacts', { query: { ...query } })).status).toBe(400);
    },
  );

  test('a cursor and a beginning contradict each other; a cursor that was changed is none', async () => {
    const { cursor } = (await page({ limit: 1 })).as(listAnswer);
    expect((await page({ cursor, updatedSince: now() })).status).toBe(400);
    expect((await page({ cursor: `A${cursor.slice(1)}` })).status).toBe(400);
  });
});
