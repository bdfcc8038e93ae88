import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DAY, now, plus } from '../../../shared/platform/clock.ts';
import { askUs, requestsOf } from '../../../shared/preferences/person-request.ts';
import type { PersonRequest } from '../../../shared/preferences/person-request.ts';
import { SCOPES } from '../../../shared/settings/api-key.ts';
import { policy } from '../../../shared/settings/policy.ts';
import { requestEndpoints, requestView, requestsAnswer } from '../../../web/api/requests.ts';
import { createPerson } from '../../permission/person.ts';
import { openTestApi } from '../../support/api.ts';
import type { ApiCall, TestApi } from '../../support/api.ts';
import { BRAND, CONTROLLER, resetClock } from '../../support/system.ts';

const ANSWER = { actor: 'k.lund', answer: 'From your card at the fair.' };
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi(requestEndpoints);
});
afterAll(resetClock);

/** Somebody who asks something, to be answered so many days from now. */
async function ask(dueDays = 30): Promise<PersonRequest> {
  const { id: contactId } = await createPerson(api.deps);
  const { requests, ...rest } = policy.parse({ id: CONTROLLER });
  const asked = await askUs(api.deps.db, {
    contactId,
    controller: CONTROLLER,
    brand: BRAND,
    kind: 'question',
    text: 'Where from?',
    policy: { ...rest, requests: { ...requests, dueDays } },
    at: now(),
  });
  if (!asked) throw new Error('nothing was asked');
  return asked;
}
const answer = (id: string, more: ApiCall = {}) =>
  api.call('POST', `/v1/requests/${id}/answer`, { body: ANSWER, ...more });

describe('requests of people', () => {
  test('D1 are listed with what is due first on top, page by page, until they are answered', async () => {
    const [second, third, first] = [await ask(20), await ask(30), await ask(10)];
    const listed = async () => {
      const found: string[] = [];
      for await (const { requests } of api.client.pages('GET /v1/requests', { query: { limit: 1 } }))
        found.push(...requests.map(({ id }) => id));
      return found;
    };
    expect(await listed()).toEqual([first, second, third].map(({ id }) => id));
    const page = (await api.call('GET', '/v1/requests', { query: { limit: 2 } })).as(requestsAnswer);
    await answer(second.id);
    const query = { cursor: page.cursor ?? '' };
    const rest = (await api.call('GET', '/v1/requests', { query })).as(requestsAnswer);
    expect(rest.requests.map(({ id }) => id)).toEqual([third.id]);
    expect(rest.cursor).toBeUndefined();
  });

  test('D1 an answer reaches the person’s page; a second one is refused', async () => {
    const asked = await ask();
    const answered = await answer(asked.id);
    expect(answered.status).toBe(200);
    const { controller, ...shown } = asked;
    const said = { at: expect.any(String), by: 'k.lund', text: ANSWER.answer };
    expect(answered.as(requestView)).toEqual({ ...shown, answered: said });
    expect(answered.body).not.toHaveProperty('controller');
    expect(await requestsOf(api.deps.db, controller, asked.contactId)).toMatchObject([{ answered: said }]);
    const again = await answer(asked.id, { body: { ...ANSWER, answer: 'No.' } });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ code: 'answered' });
    expect(await requestsOf(api.deps.db, controller, asked.contactId)).toMatchObject([{ answered: said }]);
  });

  test('W7 one Idempotency-Key answers once, and is told the same', async () => {
    const asked = await ask();
    const [first, second] = [
      await answer(asked.id, { idempotencyKey: 'answer-1' }),
      await answer(asked.id, { idempotencyKey: 'answer-1' }),
    ];
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
  });

  test.each([{ answer: '' }, { answer: ' '.repeat(9) }, { answer: 'x'.repeat(5_001) }, { actor: '' }])(
    'an answer says something and who says it: %j',
    async (more) => {
      const asked = await ask();
      expect((await answer(asked.id, { body: { ...ANSWER, ...more } })).status).toBe(422);
    },
  );

  test('of another controller, and of nobody, are not found', async () => {
    const asked = await ask();
    const stranger = await api.keyFor(SCOPES, { controller: 'other-gmbh' });
    expect((await answer(asked.id, { key: stranger })).status).toBe(404);
    const listed = await api.call('GET', '/v1/requests', { key: stranger });
    expect(listed.as(requestsAnswer).requests).toEqual([]);
    for (const id of ['req_0_1', 'x', asked.contactId, `${asked.id}0`])
      expect((await answer(id)).status).toBe(404);
    expect((await answer(asked.id)).status).toBe(200);
  });

  test('a cursor from before everything, or of nothing, is a page', async () => {
    const asked = await ask();
    for (const cursor of ['', '0', plus(now(), -DAY)]) {
      const page = (await api.call('GET', '/v1/requests', { query: { cursor } })).as(requestsAnswer);
      expect(page.requests.map(({ id }) => id)).toContain(asked.id);
    }
    expect((await api.call('GET', '/v1/requests', { query: { cursor: 'z' } })).as(requestsAnswer)).toEqual({
      requests: [],
    });
  });
});
