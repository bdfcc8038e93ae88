import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readGuard } from '../../../shared/decision/guard.ts';
import { countReputation } from '../../../shared/engagement/reputation.ts';
import { SECOND } from '../../../shared/platform/clock.ts';
import { guardedAnswer, sendingGuardEndpoints } from '../../../web/api/sending-guard.ts';
import { bounce, complaint, delivery, sentMail } from '../../engagement/sent-mail.ts';
import { openTestApi } from '../../support/api.ts';
import type { TestApi } from '../../support/api.ts';
import { BRAND, CONTROLLER, advanceClock, resetClock } from '../../support/system.ts';
import { STRANGER } from './right-bodies.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi(sendingGuardEndpoints);
  const brake = { warn: 0.1, stop: 0.3, leastMails: 5 };
  await api.set('policy', CONTROLLER, { id: CONTROLLER, guard: { bounces: brake, complaints: brake } });
});
afterAll(resetClock);

const RELEASE = `/v1/sending-guard/${BRAND}/newsletter/release`;
const BODY = { actor: 'm.meier', reason: 'the list was cleaned' };
const purpose = async (use: string) => {
  const answer = await api.call('GET', '/v1/sending-guard');
  return answer.as(guardedAnswer).purposes.find((each) => each.brand === BRAND && each.use === use);
};
async function mailed(use: string, count: number) {
  for (let number = 0; number < count; number += 1) {
    const id = await sentMail(api.deps.db, { use });
    for (const event of [delivery(id), bounce(id), complaint(id)]) await countReputation(api.deps, event);
  }
}

describe('B3 the sending guard', () => {
  test('shows every use that is mailed, with its rates, and no other', async () => {
    const { purposes } = (await api.call('GET', '/v1/sending-guard')).as(guardedAnswer);
    expect(purposes.map(({ use }) => use).sort()).toEqual([
      'event-invitation',
      'newsletter',
      'product-information',
      'sales-email',
    ]);
    const none = { delivered: 0, bounced: 0, complained: 0, bounceRate: 0, complaintRate: 0 };
    expect(purposes).toContainEqual({ brand: BRAND, use: 'newsletter', today: none, week: none });
  });

  test('shows what was stopped and why, and lets it go on by name and reason', async () => {
    await mailed('newsletter', 6);
    expect(await purpose('newsletter')).toMatchObject({
      stopped: { why: expect.any(String) },
      today: { delivered: expect.any(Number) },
    });
    expect((await purpose('event-invitation'))?.stopped).toBeUndefined();
    advanceClock(SECOND);
    const released = await api.call('POST', RELEASE, { body: BODY });
    expect(released).toMatchObject({
      status: 200,
      body: { released: { by: 'm.meier', reason: BODY.reason } },
    });
    expect(released.body).not.toHaveProperty('stopped');
    expect(await purpose('newsletter')).toMatchObject({ week: { delivered: 0, bounced: 0 } });
  });

  test('a second release is refused, a repeated one is the same', async () => {
    expect(await api.call('POST', RELEASE, { body: BODY })).toMatchObject({
      status: 409,
      body: { code: 'not-stopped' },
    });
    await mailed('newsletter', 6);
    advanceClock(SECOND);
    const twice = { body: BODY, idempotencyKey: 'release-1' };
    const first = await api.call('POST', RELEASE, twice);
    expect((await api.call('POST', RELEASE, twice)).body).toEqual(first.body);
  });

  test('wants the right scope, the right controller and somebody who answers for it', async () => {
    const readOnly = await api.keyFor(['settings:read']);
    const stranger = await api.keyFor(['settings:read', 'settings:write'], { controller: STRANGER });
    expect((await api.call('POST', RELEASE, { body: BODY, key: readOnly })).status).toBe(403);
    expect((await api.call('POST', RELEASE, { body: BODY, key: stranger })).status).toBe(404);
    expect((await api.call('POST', RELEASE, { body: { actor: 'm.meier' } })).status).toBe(422);
    const others = await api.call('GET', '/v1/sending-guard', { key: stranger });
    expect(others.as(guardedAnswer).purposes).toEqual([]);
    expect((await readGuard(api.deps.db, BRAND, 'newsletter')).released?.by).toBe('m.meier');
  });
});
