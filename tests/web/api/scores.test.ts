import { afterAll, describe, expect, test } from 'vitest';

import { eventKey } from '../../../shared/engagement/event.ts';
import type { EngagementEvent } from '../../../shared/engagement/event.ts';
import { withdraw } from '../../../shared/permission/withdraw.ts';
import { DAY, HOUR, MINUTE, now, plus } from '../../../shared/platform/clock.ts';
import { write } from '../../../shared/platform/table.ts';
import { recalculate } from '../../../shared/scoring/recalculate.ts';
import { readScore } from '../../../shared/scoring/store.ts';
import { scoreAnswer } from '../../../web/api/score-shapes.ts';
import { scoreEndpoints } from '../../../web/api/scores.ts';
import { agreed, makePerson } from '../../decision/people.ts';
import { openTestApi } from '../../support/api.ts';
import { event, mailEvent } from '../../support/engagement.ts';
import { BRAND, CONTROLLER, advanceClock, resetClock } from '../../support/system.ts';

const api = await openTestApi(scoreEndpoints);
const { deps } = api;
afterAll(resetClock);

let people = 0;
/** Somebody with a profile, an assessed role and these events. */
async function person(...events: EngagementEvent[]) {
  const email = `score-${(people += 1)}@kunde.example`;
  const { id } = await makePerson(deps, email, [agreed('profiling'), agreed('tracking')], {
    assessed: {
      position: { value: 'head', source: 'staff', at: now() },
      buyingRole: { value: 'decider', source: 'staff', at: now() },
    },
  });
  const store = async (more: EngagementEvent[]) => {
    for (const each of more) {
      const item = { ...each, contactId: id };
      await write(deps.db, { put: 'engagement', item: { ...eventKey(item), ...item } });
    }
  };
  await store(events);
  return { id, store };
}
const ask = async (id: string, at?: string) =>
  (await api.call('GET', `/v1/contacts/${id}/score`, at === undefined ? {} : { query: { at } })).as(
    scoreAnswer,
  );
const scored = async (id: string, at?: string) => {
  const answer = await ask(id, at);
  if (!answer.scored) throw new Error('there is no score');
  return answer;
};

describe('GET /v1/contacts/{id}/score', () => {
  test('G15 names every part, the rules, and what is unknown', async () => {
    const anna = await person(
      event('webinar', plus(now(), -2 * DAY), { topics: ['drives'] }),
      event('download', now(), { topics: ['drives', 'service'], asset: 'catalogue' }),
      mailEvent('click', plus(now(), -10_000), { topics: ['drives'] }),
    );
    const answer = await scored(anna.id);
    const { total, parts, topics } = answer.interest;
    expect(parts.map(({ type, given }) => [type, given])).toEqual([
      ['webinar', 30],
      ['download', 20],
    ]);
    const cents = parts.reduce((sum, { points }) => sum + Math.round(points * 100), 0);
    expect(cents).toBe(Math.round(total * 100));
    expect(topics).toEqual({ drives: total, service: 20 });
    expect(answer.potential).toMatchObject({ asOf: 'today', points: 40, grade: 'C' });
    expect(answer.potential.parts.filter(({ points }) => points === undefined).length).toBeGreaterThan(0);
    expect(answer.mql).toEqual({ by: 'topic', topic: 'drives' });
    expect(answer.rules).toBe(1);
    expect(answer.events.map(({ type, verdict }) => [type, verdict])).toEqual([
      ['download', undefined],
      ['click', 'human'],
      ['webinar', undefined],
    ]);
    expect(answer.events[1]).toMatchObject({ countsFrom: expect.any(String), mailing: 'autumn' });
  });

  test('tells when it falls under 60, and then it is so', async () => {
    const ben = await person(
      event('contact-request', now()),
      event('webinar', now()),
      event('download', now(), { id: 'one' }),
    );
    const today = await scored(ben.id);
    expect(today).toMatchObject({ interest: { total: 100, band: 1 }, mql: { by: 'total' } });
    const falls = today.ahead.find(({ band }) => band.to === 3);
    expect(falls?.detail).toMatch(/^falls under 60 on \d{4}-\d\d-\d\d: band 3, no MQL any more$/);
    const day = falls?.at ?? '';
    const before = await scored(ben.id, plus(day, -1));
    const after = await scored(ben.id, day);
    expect(before).toMatchObject({ interest: { band: 2 }, mql: { by: 'total' } });
    expect(after).toMatchObject({ interest: { band: 3, total: falls?.total } });
    expect(after.mql).toBeUndefined();
    // A day stands for its end.
    expect(await scored(ben.id, day.slice(0, 10))).toMatchObject({ interest: after.interest });
  });

  test('tells the past as it was: what was not yet there, and the rules of then', async () => {
    const since = now();
    const carla = await person(event('webinar', plus(since, -40 * DAY)), event('download', since));
    advanceClock(HOUR);
    const document = await deps.settings.scoring(CONTROLLER);
    await api.set('scoring', CONTROLLER, {
      types: document.types.map((type) => (type.id === 'download' ? { ...type, points: 1 } : type)),
    });
    advanceClock(MINUTE);
    const old = await scored(carla.id, plus(since, MINUTE));
    const present = await scored(carla.id);
    expect(present.rules).toBe(old.rules + 1);
    expect(old.interest.total - present.interest.total).toBeCloseTo(19, 10);
    expect((await scored(carla.id, plus(since, -40 * DAY))).interest.total).toBe(30);
    expect((await scored(carla.id, plus(since, -41 * DAY))).interest.total).toBe(0);
    // Back again, so that the other tests find the rules they know.
    await api.set('scoring', CONTROLLER, { types: document.types });
  });

  test('says the same as what is stored', async () => {
    const dora = await person(
      event('webinar', plus(now(), -60 * DAY), { topics: ['service'] }),
      event('fair-visit', plus(now(), -DAY), { topics: ['drives'] }),
    );
    await recalculate(deps, dora.id);
    const stored = await readScore(deps.db, dora.id);
    const told = await scored(dora.id);
    expect(told).toMatchObject({
      interest: { total: stored?.total, topics: stored?.topics, band: stored?.band },
      action: stored?.action,
    });
    expect(told.interest.parts[0]).toMatchObject({ type: 'webinar', older: true });
  });

  test('G15 without profiling says so, for every instant', async () => {
    const emma = await person(event('webinar', plus(now(), -DAY)));
    const brand = await deps.settings.brand(BRAND);
    if (!brand) throw new Error('no brand');
    const route = 'log-in' as const;
    const scope = { kind: 'uses', uses: ['profiling'] } as const;
    await withdraw(deps, { contactId: emma.id, brand, scope, route, actor: { kind: 'person' } });
    const none = { scored: false, why: 'no-profiling' };
    expect(await ask(emma.id)).toEqual(none);
    expect(await ask(emma.id, plus(now(), -HOUR))).toEqual(none);
  });

  test('G12 what was tracked is out of it at once when the permission goes', async () => {
    const fred = await person(event('webinar', now()), mailEvent('click', plus(now(), -MINUTE)));
    expect(await scored(fred.id)).toMatchObject({ interest: { total: 40 } });
    const brand = await deps.settings.brand(BRAND);
    if (!brand) throw new Error('no brand');
    const scope = { kind: 'uses', uses: ['tracking'] } as const;
    await withdraw(deps, { contactId: fred.id, brand, scope, route: 'log-in', actor: { kind: 'person' } });
    const after = await scored(fred.id);
    expect(after).toMatchObject({ interest: { total: 30 } });
    expect(after.events.map(({ type }) => type)).toEqual(['webinar']);
  });

  test.each([
    ['yesterday', 'neither an instant nor a day', 400],
    ['2020-01-01', 'too long ago', 422],
    ['2099-01-01', 'too far ahead', 422],
  ])('refuses %s: %s', async (at, _, status) => {
    const { id } = await person();
    const answer = await api.call('GET', `/v1/contacts/${id}/score`, { query: { at } });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/at' }] });
  });

  test('knows nobody of another controller', async () => {
    const stranger = await makePerson(deps, 'else@kunde.example', [agreed('profiling')], {
      controller: 'fremd-ag',
    });
    expect((await api.call('GET', `/v1/contacts/${stranger.id}/score`)).status).toBe(404);
  });
});
