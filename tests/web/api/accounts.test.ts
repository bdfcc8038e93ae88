import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { changeAccount, saveAccount } from '../../../shared/contacts/save-account.ts';
import { findAccountByDomain } from '../../../shared/contacts/account-store.ts';
import { now } from '../../../shared/platform/clock.ts';
import { newId } from '../../../shared/platform/ids.ts';
import { ACCOUNT_CLASSES } from '../../../shared/settings/account-class.ts';
import { accountEndpoints } from '../../../web/api/accounts.ts';
import { faultyDatabase, serviceError } from '../../platform/faulty-database.ts';
import { openTestApi } from '../../support/api.ts';
import type { ApiAnswer } from '../../support/api.ts';
import { CONTROLLER } from '../../support/system.ts';

const api = await openTestApi(accountEndpoints);
const { db } = api.deps;

const answered = z.object({
  account: z.looseObject({
    id: z.string(),
    name: z.string(),
    class: z.string(),
    domains: z.array(z.string()),
  }),
});
const post = (body: object) =>
  api.call('POST', '/v1/accounts', { body: { name: 'Maschinenbau AG', ...body } });
const made = async (body: object = {}) => {
  const answer = await post(body);
  expect(answer.status).toBe(201);
  return accountIn(answer);
};
const accountIn = (answer: ApiAnswer) => answer.as(answered).account;
const patch = (id: string, ifMatch: string, body: object) =>
  api.call('PATCH', `/v1/accounts/${id}`, { ifMatch, body });
const lookUp = (body: object) => api.call('POST', '/v1/accounts/lookup', { body });
const ownerOf = (domain: string) => findAccountByDomain(db, CONTROLLER, domain);
const domains = (count: number) => Array.from({ length: count }, () => someDomain());
let companies = 0;
const someDomain = () => `company-${(companies += 1)}.example`;

describe('an account', () => {
  test('is created with class and domains, shown, and found by domain and external id', async () => {
    const [domain, externalId] = [someDomain(), { system: 'erp', id: newId('k') }];
    const answer = await post({ class: 'customer', domains: [domain.toUpperCase(), domain], externalId });
    expect(answer.status).toBe(201);
    const account = accountIn(answer);
    expect(account).toMatchObject({
      name: 'Maschinenbau AG',
      class: 'customer',
      domains: [domain],
      externalIds: { erp: externalId.id },
    });
    expect(answer.headers.get('location')).toBe(`/v1/accounts/${account.id}`);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(accountIn(await api.call('GET', `/v1/accounts/${account.id}`))).toEqual(account);
    expect(accountIn(await lookUp({ domain }))).toEqual(account);
    expect(accountIn(await lookUp({ externalId }))).toEqual(account);
    expect((await lookUp({ domain: someDomain() })).status).toBe(404);
    expect(await ownerOf(domain)).toEqual({ accountId: account.id, class: 'customer' });
  });

  test('is updated by id or external id; what is left out stays, and the same again writes nothing', async () => {
    const [domain, externalId] = [someDomain(), { system: 'erp', id: newId('k') }];
    const { id } = await made({ class: 'partner', domains: [domain] });
    const linked = await post({ id, externalId, name: 'Neu GmbH' });
    expect(linked.status).toBe(200);
    const before = await api.dump('contacts');
    const again = await post({ externalId, name: 'Neu GmbH' });
    expect(accountIn(again)).toMatchObject({ id, name: 'Neu GmbH', class: 'partner', domains: [domain] });
    expect(again.headers.get('etag')).toBe('"2"');
    expect(await api.dump('contacts')).toEqual(before);
    expect((await post({ id: 'acc_none' })).status).toBe(404);
    const second = await made();
    expect(await post({ id: second.id, externalId })).toMatchObject({
      status: 409,
      body: { code: 'exists' },
    });
    const renamed = await post({ id, externalId: { system: 'erp', id: 'other' } });
    expect(renamed).toMatchObject({ status: 409, body: { code: 'exists' } });
  });

  test('20 parallel posts of one external id make one account', async () => {
    const externalId = { system: 'erp', id: newId('k') };
    const answers = await Promise.all(Array.from({ length: 20 }, () => post({ externalId })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      ...Array<number>(19).fill(200),
      201,
    ]);
    expect(new Set(answers.map((answer) => accountIn(answer).id)).size).toBe(1);
  });

  test('of 10 parallel changes of one version one holds; without If-Match none', async () => {
    const { id } = await made();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => patch(id, '1', { name: `Werk ${at}` })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array<number>(9).fill(412),
    ]);
    expect((await api.call('PATCH', `/v1/accounts/${id}`, { body: { name: 'x' } })).status).toBe(428);
  });

  test('of another controller is not found', async () => {
    const domain = someDomain();
    const { id } = await made({ domains: [domain] });
    const key = await api.keyFor(['contacts:read', 'contacts:write'], { controller: 'somebody-else' });
    expect((await api.call('GET', `/v1/accounts/${id}`, { key })).status).toBe(404);
    const body = { name: 'Mine' };
    expect((await api.call('PATCH', `/v1/accounts/${id}`, { key, ifMatch: '1', body })).status).toBe(404);
    expect((await api.call('POST', '/v1/accounts/lookup', { key, body: { domain } })).status).toBe(404);
    // The same domain may be another controller's account.
    const own = await api.call('POST', '/v1/accounts', { key, body: { ...body, domains: [domain] } });
    expect(own.status).toBe(201);
    expect((await ownerOf(domain))?.accountId).toBe(id);
  });

  test.each([
    [{ name: '' }, '/name'],
    [{ class: 'friend' }, '/class'],
    [{ domains: ['gmail.com'] }, '/domains/0'],
    [{ domains: ['ok.example', 'no domain'] }, '/domains/1'],
    [{ domains: domains(91) }, '/domains'],
    [{ revenue: 5 }, '/revenue'],
  ])('%j is refused', async (body, pointer) => {
    const before = await api.dump('contacts');
    expect(await post(body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    expect(await api.dump('contacts')).toEqual(before);
  });
});

describe('what makes it worth having', () => {
  const facts = {
    employees: 249,
    revenueMillions: 12.5,
    industry: 'Sondermaschinenbau',
    country: 'AT',
    reference: false,
  };

  test('is told, shown, kept where it is left out, and taken away by null', async () => {
    const { id } = await made(facts);
    expect(accountIn(await api.call('GET', `/v1/accounts/${id}`))).toMatchObject(facts);
    const renamed = await patch(id, '1', { name: 'Neu GmbH', employees: 250, reference: true });
    expect(accountIn(renamed)).toMatchObject({ ...facts, name: 'Neu GmbH', employees: 250, reference: true });
    const before = await api.dump('contacts');
    await patch(id, '2', { employees: 250, industry: 'Sondermaschinenbau' });
    expect(await api.dump('contacts')).toEqual(before);
    const nulls = { employees: null, revenueMillions: null, industry: null, country: null, reference: null };
    const emptied = accountIn(await patch(id, '2', nulls));
    for (const fact of Object.keys(facts)) expect(emptied).not.toHaveProperty(fact);
    expect(emptied.name).toBe('Neu GmbH');
  });

  test('is refused where it makes no sense', async () => {
    const answer = await post({ employees: 1.5, revenueMillions: -1, country: 'Austria', reference: 'yes' });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        errors: ['/employees', '/revenueMillions', '/country', '/reference'].map((pointer) => ({ pointer })),
      },
    });
  });
});

describe('its domains', () => {
  test('belong to one account: a second one is refused and changes nothing', async () => {
    const [free, taken] = [someDomain(), someDomain()];
    await made({ domains: [taken] });
    const before = await api.dump('contacts');
    const answer = await post({ domains: [free, taken] });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'exists', errors: [{ pointer: '/domains/1' }] },
    });
    expect(await api.dump('contacts')).toEqual(before);
  });

  test('of 10 accounts that claim one at once, one gets it', async () => {
    const domain = someDomain();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post({ domains: [domain] })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array<number>(9).fill(409),
    ]);
    const winner = answers.find(({ status }) => status === 201);
    expect((await ownerOf(domain))?.accountId).toBe(winner && accountIn(winner).id);
  });

  test('are free again for others once given up', async () => {
    const [first, second] = [someDomain(), someDomain()];
    const { id } = await made({ domains: [first, second] });
    expect((await patch(id, '1', { domains: [second] })).status).toBe(200);
    expect(await ownerOf(first)).toBeUndefined();
    await made({ domains: [first] });
  });

  test('say the class of their account: 90 of them change with it, in one go', async () => {
    const all = domains(90);
    const { id } = await made({ domains: all });
    for (const [at, wanted] of ACCOUNT_CLASSES.filter((each) => each !== 'unknown').entries()) {
      expect((await patch(id, String(at + 1), { class: wanted })).status).toBe(200);
    }
    const told = await Promise.all(all.map(ownerOf));
    expect(new Set(told.map((owner) => owner?.class))).toEqual(new Set(['competitor']));
    const swapped = await patch(id, '7', { domains: domains(90) });
    expect(swapped).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/domains', code: 'too-many' }] },
    });
  });

  test.each([true, false])('stay true when the storage fails half-way (arrives: %j)', async (arrives) => {
    const [was, is] = [someDomain(), someDomain()];
    const { id } = await made({ domains: [was] });
    const broken = await faultyDatabase(db, (operation) =>
      operation === 'TransactWrite' ? { error: serviceError('InternalServerError'), arrives } : undefined,
    );
    const told = { domains: [is], class: 'competitor' as const };
    const change = { controller: CONTROLLER, id, rev: '1', told, at: now() };
    await expect(changeAccount(broken, change)).rejects.toThrow('InternalServerError');
    expect(await ownerOf(arrives ? was : is)).toBeUndefined();
    // The caller tries again with a post, which is repeatable.
    await saveAccount(api.deps, { controller: CONTROLLER, id, told, at: now() });
    expect(await ownerOf(was)).toBeUndefined();
    expect(await ownerOf(is)).toEqual({ accountId: id, class: 'competitor' });
    const shown = await api.call('GET', `/v1/accounts/${id}`);
    expect(shown.headers.get('etag')).toBe('"2"');
  });
});
