import { afterAll, describe, expect, test } from 'vitest';

import { permissionKey } from '../../../shared/contacts/contact.ts';
import { readContact } from '../../../shared/contacts/store.ts';
import { DAY, MINUTE, now, plus } from '../../../shared/platform/clock.ts';
import { sha256 } from '../../../shared/platform/ids.ts';
import { readEntries } from '../../../shared/permission/store.ts';
import { actAnswer, reviewsAnswer } from '../../../web/api/permission-shapes.ts';
import { permissionEndpoints } from '../../../web/api/permissions.ts';
import { openTestApi } from '../../support/api.ts';
import { BRAND, advanceClock, linkIn, resetClock } from '../../support/system.ts';

const api = await openTestApi(permissionEndpoints);
const { call, signUp, mailsTo, deps } = api;
afterAll(resetClock);

const ACTOR = 'm.petersen';
const BLOCK = { brand: BRAND, reason: 'in dispute', actor: ACTOR };
const DECISION = { brand: BRAND, use: 'newsletter', actor: ACTOR };
const PLACE = permissionKey(BRAND, 'newsletter');
let people = 0;

/** Somebody signs up for the newsletter and confirms; answers their id and address. */
async function person(email = `p${(people += 1)}@example.com`): Promise<{ id: string; email: string }> {
  await signUp(email);
  await api.look(email);
  await api.confirm(linkIn(mailsTo(email).at(-1), 'confirm'));
  return { id: (await api.contactOf(email))?.id ?? '', email };
}

const post = (id: string, act: string, body: unknown, more = {}) =>
  call('POST', `/v1/contacts/${id}/${act}`, { body, ...more });
const decide = (id: string, verdict: 'approve' | 'deny', more = {}) =>
  call('POST', `/v1/reviews/${id}/${verdict}`, {
    body: { ...DECISION, ...(verdict === 'deny' ? { reason: 'no' } : {}), ...more },
  });
const statusIn = async (id: string, use = 'newsletter') =>
  (await readContact(deps.db, id))?.permissions[permissionKey(BRAND, use)]?.status;
const told = () => ({
  brand: BRAND,
  uses: ['newsletter'],
  route: 'letter',
  receivedAt: now(),
  actor: ACTOR,
});
/** Somebody blocked signs up again, some quarter of an hour later. */
async function blockedAsking(): Promise<{ id: string; email: string }> {
  const who = await person();
  await post(who.id, 'block', BLOCK);
  advanceClock(16 * MINUTE);
  return person(who.email);
}

describe('block and unblock', () => {
  test('answer the contact, its version, and whether anything changed', async () => {
    const { id } = await person();
    const blocked = await post(id, 'block', BLOCK);
    expect(blocked.status).toBe(200);
    expect(blocked.headers.get('etag')).toBe('"0-2"');
    const { changed, contact } = blocked.as(actAnswer);
    expect(changed).toBe(true);
    expect(contact.permissions.find(({ use }) => use === 'newsletter')).toMatchObject({
      status: 'blocked',
      underneath: 'granted',
    });
    expect((await post(id, 'block', BLOCK)).as(actAnswer).changed).toBe(false);
    expect((await post(id, 'unblock', BLOCK)).as(actAnswer).changed).toBe(true);
    expect(await statusIn(id)).toBe('granted');
  });

  test('W7 with one Idempotency-Key act once', async () => {
    const { id } = await person();
    const twice = () => post(id, 'block', BLOCK, { idempotencyKey: `k-${id}` });
    expect([(await twice()).as(actAnswer).changed, (await twice()).as(actAnswer).changed]).toEqual([
      true,
      true,
    ]);
    expect(await readEntries(deps.db, id)).toHaveLength(2);
  });
});

describe('withdraw', () => {
  test('takes effect like a click, and no mail follows', async () => {
    const { id, email } = await person();
    const mails = mailsTo(email).length;
    expect((await post(id, 'withdraw', told())).as(actAnswer).changed).toBe(true);
    await api.publish();
    await api.work();
    expect(await statusIn(id)).toBe('withdrawn');
    // The welcome mail of before is no longer true, so it does not go either (U11).
    expect(mailsTo(email)).toHaveLength(mails);
    const asked = (await api.dump('outbox')).filter(({ contactId }) => contactId === id);
    expect(asked.map(({ kind }) => kind)).toEqual(['welcome']);
    expect((await post(id, 'withdraw', told())).as(actAnswer).changed).toBe(false);
  });

  test('of all advertising needs no brand', async () => {
    const { id } = await person();
    const { brand: _, ...about } = told();
    const answer = await post(id, 'withdraw', { ...about, uses: 'all' });
    expect(answer.as(actAnswer).contact.noAdvertising).toBeDefined();
  });
});

describe('consents', () => {
  const oral = {
    kind: 'oral',
    brand: BRAND,
    use: 'call-centre',
    actor: ACTOR,
    name: 'Anna Berger',
    address: 'Kai 3, Kiel',
    company: 'Berger GmbH',
    addressee: 'Nordlicht',
    scope: 'drives',
    wording: 'May we call?',
    givenAt: plus(now(), -DAY),
    manner: 'yes',
  };

  test('G3 by phone grant the phone; the grade is that of the evidence', async () => {
    const { id } = await person();
    const { contact } = (await post(id, 'consents', oral)).as(actAnswer);
    const shown = (use: string) => contact.permissions.find((each) => each.use === use);
    expect(shown('call-centre')).toMatchObject({ status: 'granted', proof: 'oral', provenance: 'claimed' });
    expect(shown('newsletter')).toMatchObject({ status: 'granted', provenance: 'proven' });
    expect(shown('field-sales')).toMatchObject({ status: 'unclear', provenance: 'unknown' });
  });

  test('a claim under double opt-in stays unclear', async () => {
    const { id } = await person();
    const claim = { kind: 'claimed', brand: BRAND, use: 'event-invitation', actor: ACTOR };
    const answer = await post(id, 'consents', { ...claim, via: 'import', source: 'Fair list' });
    const { contact } = answer.as(actAnswer);
    expect(contact.permissions.find(({ use }) => use === 'event-invitation')).toMatchObject({
      status: 'unclear',
      provenance: 'claimed',
    });
    expect(contact.bases).toMatchObject([{ use: 'event-invitation', basis: { kind: 'claimed' } }]);
  });

  test('G2 an existing customer without its four fields is refused by name', async () => {
    const { id } = await person();
    const answer = await post(id, 'consents', {
      kind: 'existing-customer',
      brand: BRAND,
      use: 'product-information',
      actor: ACTOR,
      saleRef: 'A-1',
    });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      errors: [{ pointer: '/productGroup' }, { pointer: '/noticeShownAt' }, { pointer: '/noticeVersion' }],
    });
  });

  test('by phone after a no is a conflict with its reason', async () => {
    const { id } = await person();
    await post(id, 'withdraw', { ...told(), uses: ['call-centre'] });
    const answer = await post(id, 'consents', oral);
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'withdrawn' }]);
  });
});

describe('reviews', () => {
  test('who signs up while blocked waits, and a named yes lets the welcome mail go', async () => {
    const { id, email } = await blockedAsking();
    const list = (await call('GET', '/v1/reviews', { query: { limit: 100 } })).as(reviewsAnswer);
    expect(list.reviews.find((each) => each.id === id)).toMatchObject({
      email,
      reviews: [{ brand: BRAND, use: 'newsletter', why: 'blocked' }],
    });
    const approved = (await decide(id, 'approve')).as(actAnswer);
    expect(approved.contact.reviews).toEqual([]);
    expect(await readContact(deps.db, id)).toMatchObject({ permissions: { [PLACE]: { status: 'granted' } } });
    const before = mailsTo(email).length;
    await api.publish();
    await api.work();
    const entry = (await readEntries(deps.db, id)).at(-1);
    const purposes = (await api.dump('outbox')).filter(({ contactId }) => contactId === id);
    expect(purposes.map(({ kind, seq }) => `${String(kind)} ${String(seq)}`)).toContain(
      `welcome ${entry?.seq}`,
    );
    expect(mailsTo(email).length).toBeGreaterThan(before);
    const again = await decide(id, 'approve');
    expect([again.status, again.body]).toMatchObject([409, { code: 'not-waiting' }]);
  });

  test('after a no of ours nothing is sent and nothing changes', async () => {
    const { id, email } = await blockedAsking();
    expect((await decide(id, 'deny')).status).toBe(200);
    const before = mailsTo(email).length;
    await api.publish();
    await api.work();
    expect(mailsTo(email)).toHaveLength(before);
    expect(await statusIn(id)).toBe('blocked');
    expect((await decide(id, 'approve')).status).toBe(409);
  });

  test('who signed up before saying no asks for nothing by an old mail', async () => {
    const { id, email } = await person();
    await post(id, 'block', BLOCK);
    advanceClock(16 * MINUTE);
    await signUp(email);
    await api.look(email);
    advanceClock(MINUTE);
    await post(id, 'withdraw', told());
    expect((await api.confirm(linkIn(mailsTo(email).at(-1), 'confirm'))).kind).toBe('withdrawn-meanwhile');
    expect((await decide(id, 'approve')).body).toMatchObject({ code: 'not-waiting' });
  });

  test('read page by page', async () => {
    const ids = [(await blockedAsking()).id, (await blockedAsking()).id];
    const found: string[] = [];
    for await (const { reviews } of api.client.pages('GET /v1/reviews', { query: { limit: 1 } }))
      found.push(...reviews.map(({ id }) => id));
    expect(found).toEqual(expect.arrayContaining(ids));
    expect(found).toEqual(found.toSorted());
  });
});

describe('what is refused', () => {
  const consent = { kind: 'written', brand: BRAND, use: 'direct-mail', actor: ACTOR, wording: 'Yes' };
  const paper = { ...consent, givenAt: plus(now(), -DAY), source: 'form', document: sha256('scan') };
  const ACTS = [
    ['/v1/contacts/{id}/block', BLOCK],
    ['/v1/contacts/{id}/unblock', BLOCK],
    ['/v1/contacts/{id}/unrestrict', { reason: 'settled', actor: ACTOR }],
    ['/v1/contacts/{id}/withdraw', { ...told(), receivedAt: plus(now(), DAY) }],
    ['/v1/contacts/{id}/consents', paper],
    ['/v1/reviews/{id}/approve', DECISION],
    ['/v1/reviews/{id}/deny', { ...DECISION, reason: 'no' }],
  ] as const;

  test.each(ACTS)(
    '%s: contacts of others, strange members, no actor, a key without the scope',
    async (path, body) => {
      const { id } = await person();
      const before = await readEntries(deps.db, id);
      const at = (contactId: string) => path.replace('{id}', contactId);
      const { actor: _, ...anonymous } = body;
      const [reader, stranger] = [
        await api.keyFor(['contacts:read']),
        await api.keyFor(['contacts:write'], { controller: 'another-gmbh' }),
      ];
      const calls = [
        await call('POST', at('con_nobody'), { body }),
        await call('POST', at(id), { body: { ...body, admin: true } }),
        await call('POST', at(id), { body: anonymous }),
        await call('POST', at(id), { body, key: reader }),
        await call('POST', at(id), { body, key: stranger }),
      ];
      expect(calls.map(({ status }) => status)).toEqual([404, 422, 422, 403, 404]);
      expect(await readEntries(deps.db, id)).toEqual(before);
    },
  );

  test('the list shows nobody of another controller and no broken cursor', async () => {
    await blockedAsking();
    const stranger = await api.keyFor(['contacts:read'], { controller: 'another-gmbh' });
    await api.set('uses', 'another-gmbh', {
      ...(await deps.settings.uses('nordlicht-gmbh')),
      id: 'another-gmbh',
    });
    const list = await call('GET', '/v1/reviews', { key: stranger });
    expect(list.as(reviewsAnswer).reviews).toEqual([]);
    expect((await call('GET', '/v1/reviews', { query: { cursor: 'con_x' } })).status).toBe(400);
  });
});
