import { afterAll, describe, expect, test } from 'vitest';

import { EVENT_MONTHS } from '../../../shared/engagement/write-event.ts';
import { DAY, HOUR, MINUTE, SECOND, now, plus, plusMonths, toTtl } from '../../../shared/platform/clock.ts';
import { restrictContact } from '../../../shared/preferences/restrict.ts';
import { RETENTION } from '../../../shared/retention/schedule.ts';
import { act, draft, granted, sister } from '../../permission/person.ts';
import { BRAND, CONTROLLER, captureLog, resetClock } from '../../support/system.ts';
import { openEngagementApi } from './engagement-api.ts';

const api = await openEngagementApi();
const { deps, event, person, post, stored } = api;
await api.set('brand', sister.id, sister);
afterAll(resetClock);
captureLog();

const tracking = (brand = BRAND) => granted('tracking', [], { brand });
const expectTaken = async (body: object) =>
  expect(await post(body)).toMatchObject({ status: 202, body: { accepted: 1, refused: [] } });
const expectRefused = async (body: object, pointer: string, code: string, more = {}) =>
  expect(await post(body, more)).toMatchObject({ status: 422, body: { errors: [{ pointer, code }] } });

describe('what is taken', () => {
  test('W5 an event in our own words is stored as it was told, and nothing beside it', async () => {
    const anna = await person();
    const occurredAt = plus(now(), -MINUTE);
    const told = event({
      topics: ['drives'],
      asset: 'catalogue 2027',
      campaign: 'autumn',
      value: 12.5,
      page: 'https://www.nordlicht.example/drives?x=1',
      brand: BRAND,
    });
    await expectTaken({
      ...told,
      contact: anna.contact,
      occurredAt: plus(occurredAt, HOUR).replace('Z', '+01:00'),
    });
    const expiresAt = toTtl(plusMonths(occurredAt, 13));
    const { id: contactId } = anna;
    expect(await stored(anna.id)).toEqual([
      { schema: 1, contactId, controller: CONTROLLER, ...told, occurredAt, expiresAt },
    ]);
  });

  test('raw events are kept as long as the list of periods says', () => {
    expect(RETENTION['raw-event'].keep.months).toBe(EVENT_MONTHS);
  });

  test('a contact is named by id, by address in any spelling, or by the id that another system has', async () => {
    const email = 'berta@maschinenbau.example';
    const externalId = { system: 'crm', id: 'K-1' };
    const source = { kind: 'crm', id: 'crm' };
    await api.call('POST', '/v1/contacts', { body: { email, externalId, source } });
    const { id = '' } = (await api.contactOf(email)) ?? {};
    for (const contact of [{ id }, { email: 'Berta@Maschinenbau.Example' }, { externalId }])
      await expectTaken(event({ contact }));
    expect(await stored(id)).toHaveLength(3);
  });

  test('the same event again is accepted and changes nothing, however often and at once', async () => {
    const anna = await person();
    const told = event({ contact: anna.contact, topics: ['drives'] });
    await expectTaken(told);
    const before = await api.dump('engagement');
    await Promise.all(Array.from({ length: 5 }, () => expectTaken(told)));
    await expectTaken({ ...told, contact: { email: anna.email } });
    expect(await api.dump('engagement')).toEqual(before);
  });

  test('one id of two sources, or at two instants, is two events', async () => {
    const anna = await person();
    const told = event({ contact: anna.contact });
    await expectTaken(told);
    await expectTaken({ ...told, source: 'webinar-tool' });
    await expectTaken({ ...told, occurredAt: plus(told.occurredAt, -SECOND) });
    expect(await stored(anna.id)).toHaveLength(3);
  });

  test.each([
    ['a clock that is five minutes ahead', 5 * MINUTE],
    ['thirty days ago', -30 * DAY + MINUTE],
  ])('%s', async (_, ms) => {
    const anna = await person();
    const occurredAt = plus(now(), ms);
    await expectTaken(event({ contact: anna.contact, occurredAt }));
    expect(await stored(anna.id)).toMatchObject([{ occurredAt }]);
  });

  test('the source of the query spares naming it in each event', async () => {
    const anna = await person();
    const { source: _, ...told } = event({ contact: anna.contact });
    expect((await post(told, { query: { source: 'shop' } })).status).toBe(202);
    expect(await stored(anna.id)).toMatchObject([{ source: 'shop', id: told.id }]);
  });
});

describe('W6 what is refused, where and why', () => {
  const long = (length: number) => 'x'.repeat(length);
  test.each([
    [{ type: 'unheard-of' }, '/type', 'unknown-type'],
    [{ type: 'delivered' }, '/type', 'reserved'],
    [{ source: 'ses' }, '/source', 'reserved'],
    [{ source: undefined }, '/source', 'source-needed'],
    [{ topics: ['drives', 'cooking'] }, '/topics/1', 'unknown-topic'],
    [{ brand: 'elsewhere' }, '/brand', 'unknown-brand'],
    [{ occurredAt: 5 * MINUTE + SECOND }, '/occurredAt', 'future'],
    [{ occurredAt: -30 * DAY - SECOND }, '/occurredAt', 'too-old'],
    [{ occurredAt: undefined }, '/occurredAt', 'invalid-type'],
    [{ occurredAt: '2026-02-30T08:00:00Z' }, '/occurredAt', 'invalid-format'],
    [{ occurredAt: '2026-11-22 08:00' }, '/occurredAt', 'invalid-format'],
    [{ contact: { id: 'con_nobody' } }, '/contact', 'unknown-contact'],
    [{ contact: { email: 'nobody@example.com' } }, '/contact', 'unknown-contact'],
    [{ contact: { email: 'no address' } }, '/contact', 'unknown-contact'],
    [{ contact: { externalId: { system: 'crm', id: 'none' } } }, '/contact', 'unknown-contact'],
    [{ contact: { id: 'con_1', email: 'a@example.com' } }, '/contact/email', 'unknown'],
    [{ contact: {} }, '/contact/id', 'invalid-type'],
    [{ id: '' }, '/id', 'too-small'],
    [{ id: long(201) }, '/id', 'too-big'],
    [{ asset: 'two\nlines' }, '/asset', 'invalid-format'],
    [{ page: 'javascript:alert(1)' }, '/page', 'invalid-format'],
    [{ value: 1e13 }, '/value', 'too-big'],
    [{ value: 1e-200 }, '/value', 'custom'],
    [{ topics: Array.from({ length: 21 }, () => 'drives') }, '/topics', 'too-big'],
    [{ surprise: 1 }, '/surprise', 'unknown'],
  ])('%o: %s %s', async (change, pointer, code) => {
    const anna = await person();
    const { occurredAt: ms } = change as { occurredAt?: unknown };
    const at = typeof ms === 'number' ? { occurredAt: plus(now(), ms) } : {};
    await expectRefused(event({ contact: anna.contact, ...change, ...at }), pointer, code);
    expect(await stored(anna.id)).toEqual([]);
  });

  test('all that is wrong with an event is told at once', async () => {
    const { body } = await post(event({ contact: { id: 'x' }, type: 'unheard-of', topics: ['cooking'] }));
    expect(body).toMatchObject({ errors: [{ pointer: '/type' }, { pointer: '/topics/0' }] });
  });

  test('another source than that of the query', async () => {
    const anna = await person();
    await expectRefused(event({ contact: anna.contact }), '/source', 'other-source', {
      query: { source: 'fair' },
    });
    expect(await stored(anna.id)).toEqual([]);
  });

  test('D4 an erased person, by whatever name', async () => {
    const anna = await person();
    const erase = { actor: 'd.schmidt', reason: 'a letter', requestedBy: 'person' };
    await api.call('POST', `/v1/contacts/${anna.id}/erase`, { body: erase });
    for (const contact of [anna.contact, { email: anna.email }])
      await expectRefused(event({ contact }), '/contact', 'erased');
    // Not even their own wish as another system tells it: only a sign-up of their own lifts it.
    const request = event({ contact: { email: anna.email }, type: 'contact-request' });
    await expectRefused(request, '/contact', 'erased');
    expect(await api.contactOf(anna.email)).toBeUndefined();
  });

  test('a contact of another controller is not found', async () => {
    const anna = await person();
    await api.set('uses', 'fremd-ag', { ...(await deps.settings.uses(CONTROLLER)), id: 'fremd-ag' });
    const key = await api.keyFor(['engagement:write'], { controller: 'fremd-ag' });
    await expectRefused(event({ contact: anna.contact }), '/contact', 'unknown-contact', { key });
    expect(await stored(anna.id)).toEqual([]);
  });
});

describe('G12 what is watched needs the permission to track', () => {
  test.each(['page-visit', 'open', 'click'])('%s: only with it', async (type) => {
    const [anna, berta] = [await person([tracking()]), await person([granted('newsletter')])];
    await expectTaken(event({ contact: anna.contact, type, occurredAt: now() }));
    expect(await stored(anna.id)).toMatchObject([{ type, tracked: true }]);
    await expectRefused(event({ contact: berta.contact, type }), '/contact', 'no-tracking');
    expect(await stored(berta.id)).toEqual([]);
  });

  test('of a brand: that of this brand; of none: of one at least, and no no at any', async () => {
    const [one, torn] = [await person([tracking()]), await person([tracking(), tracking(sister.id)])];
    const gone = { brand: sister.id, use: 'tracking', from: 'granted', to: 'withdrawn' } as const;
    await act(deps, torn.id, draft([gone], { type: 'withdrawn' }));
    const visit = (contact: object, more = {}) =>
      event({ type: 'page-visit', contact, occurredAt: now(), ...more });
    await expectTaken(visit(one.contact));
    await expectTaken(visit(one.contact, { brand: BRAND }));
    await expectRefused(visit(one.contact, { brand: sister.id }), '/contact', 'no-tracking');
    await expectTaken(visit(torn.contact, { brand: BRAND }));
    await expectRefused(visit(torn.contact), '/contact', 'no-tracking');
    expect(new Set((await stored(one.id)).map(({ brand }) => brand))).toEqual(new Set([undefined, BRAND]));
    expect(await stored(torn.id)).toMatchObject([{ brand: BRAND }]);
  });

  test('given since then: what was watched before is not taken', async () => {
    const anna = await person([tracking()]);
    const visit = event({ contact: anna.contact, type: 'page-visit' });
    await expectRefused(visit, '/occurredAt', 'no-tracking');
    await expectTaken({ ...visit, occurredAt: now() });
    expect(await stored(anna.id)).toHaveLength(1);
  });

  test('an act needs none', async () => {
    const anna = await person();
    await expectTaken(event({ contact: anna.contact, type: 'webinar' }));
    expect((await stored(anna.id))[0]).not.toHaveProperty('tracked');
  });

  test('D3 nothing is kept of who restricted the use of their data, but a wish of their own', async () => {
    const anna = await person([tracking()]);
    const policy = await deps.settings.policy(CONTROLLER);
    await restrictContact(deps, { contact: anna.stored, brand: BRAND, text: '', policy, at: now() });
    for (const type of ['download', 'page-visit'])
      await expectRefused(event({ contact: anna.contact, type }), '/contact', 'restricted');
    await expectTaken(event({ contact: anna.contact, type: 'contact-request' }));
    expect(await stored(anna.id)).toMatchObject([{ type: 'contact-request' }]);
  });
});
