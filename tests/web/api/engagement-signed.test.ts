import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { DAY, HOUR, MINUTE, SECOND, nowMs } from '../../../shared/platform/clock.ts';
import { advanceClock, captureLog, resetClock } from '../../support/system.ts';
import { openEngagementApi, signed } from './engagement-api.ts';

const api = await openEngagementApi();
const { event, person, postSigned, stored } = api;
const logged = captureLog();
afterAll(resetClock);
beforeEach(() => void (logged.length = 0));

const anna = await person();
const secret = await api.source('web-shop');
const text = (more: object = {}) =>
  JSON.stringify(event({ source: 'web-shop', contact: anna.contact, ...more }));
const REFUSAL = {
  status: 401,
  body: { code: 'invalid-signature', detail: expect.stringContaining('The signature is not valid.') },
};
const refusals = () => logged.filter(({ event: name }) => name === 'signature-refused');

describe('W1 a signed webhook', () => {
  test('needs no key: the source is who signs', async () => {
    const body = text({ topics: ['drives'] });
    const answer = await postSigned('web-shop', body, signed(secret, body));
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(await stored(anna.id)).toMatchObject([{ source: 'web-shop', topics: ['drives'] }]);
    expect(answer.headers.get('ratelimit')).toMatch(/^"minute";r=\d+;/);
  });

  test('may be a batch and CloudEvents, with several signatures', async () => {
    const ben = await person();
    const body = JSON.stringify([
      {
        specversion: '1.0',
        id: '1',
        source: '/',
        type: 'form',
        time: new Date(nowMs()).toISOString(),
        subject: ben.id,
      },
    ]);
    const headers = signed(secret, body);
    const several = `v1,bm9uZQ== ${headers['webhook-signature']}`;
    const answer = await postSigned('web-shop', body, {
      ...headers,
      'webhook-signature': several,
      'content-type': 'application/cloudevents-batch+json',
    });
    expect(answer.status).toBe(202);
    expect(await stored(ben.id)).toHaveLength(1);
  });

  test('tells of its own source alone', async () => {
    const body = text({ source: 'shop' });
    const { status, body: problem } = await postSigned('web-shop', body, signed(secret, body));
    expect([status, problem]).toMatchObject([
      422,
      { errors: [{ pointer: '/source', code: 'other-source' }] },
    ]);
  });

  test('sees the contacts of its controller alone, and no other endpoint', async () => {
    const body = '{"id":"other","name":"Other"}';
    const headers = signed(secret, body);
    const elsewhere = await api.call('POST', '/v1/engagement-sources', {
      key: null,
      query: { source: 'web-shop' },
      body,
      headers,
    });
    expect(elsewhere.status).toBe(401);
  });

  test.each([300, -300])('is taken at %i seconds of difference', async (agoSeconds) => {
    const body = text();
    // A second of tolerance for the test itself.
    const headers = signed(secret, body, { agoSeconds: agoSeconds - Math.sign(agoSeconds) });
    expect((await postSigned('web-shop', body, headers)).status).toBe(202);
  });

  test('keeps real time, wherever our clock was moved to', async () => {
    advanceClock(3 * HOUR);
    const body = text();
    expect((await postSigned('web-shop', body, signed(secret, body))).status).toBe(202);
  });
});

describe('W1 T15 is refused and logged', () => {
  const body = text();
  const good = () => signed(secret, body);
  test.each([
    ['tampered with', body.replace('download', 'webinar'), good, 'wrong-signature'],
    ['written anew', JSON.stringify(JSON.parse(body), null, 1), good, 'wrong-signature'],
    ['five minutes and a second old', body, () => signed(secret, body, { agoSeconds: 302 }), 'stale'],
    ['five minutes and a second ahead', body, () => signed(secret, body, { agoSeconds: -302 }), 'stale'],
    ['signed by somebody else', body, () => signed(`whsec_${'A'.repeat(43)}=`, body), 'wrong-signature'],
    ['under another id', body, () => ({ ...good(), 'webhook-id': 'msg_2' }), 'wrong-signature'],
    ['without an id', body, () => ({ ...good(), 'webhook-id': '' }), 'malformed'],
    ['at another instant', body, () => ({ ...good(), 'webhook-timestamp': '1' }), 'stale'],
    ['without an instant', body, () => ({ ...good(), 'webhook-timestamp': '' }), 'malformed'],
  ])('what is %s', async (_, sent, headers, reason) => {
    expect(await postSigned('web-shop', sent, headers())).toMatchObject(REFUSAL);
    expect(refusals()).toMatchObject([{ reason, key: 'source:web-shop', level: 'warn' }]);
    expect(JSON.stringify(logged)).not.toContain(anna.id);
  });

  test.each([
    ['an unknown source', 'nowhere', 'unknown', 'source:nowhere'],
    ['something that is no source', 'a b', 'no-source', undefined],
  ])('%s, with the answer that a wrong signature gets', async (_, source, reason, key) => {
    const wrong = await postSigned('web-shop', body, { ...good(), 'webhook-id': 'x' });
    logged.length = 0;
    const unknown = await postSigned(source, body, good());
    expect([unknown.status, unknown.body]).toEqual([wrong.status, wrong.body]);
    expect([...unknown.headers]).toEqual([...wrong.headers]);
    expect(refusals()).toMatchObject([{ reason, ...(key ? { key } : {}) }]);
  });

  test('with a key beside it the key counts', async () => {
    const answer = await api.post(body, {
      key: 'ak_wrong',
      query: { source: 'web-shop' },
      headers: good(),
    });
    expect(answer).toMatchObject({ status: 401, body: { detail: expect.stringContaining('API key') } });
  });

  test('a revoked source, at once', async () => {
    const ended = await api.source('ended');
    const told = text({ source: 'ended' });
    expect((await postSigned('ended', told, signed(ended, told))).status).toBe(202);
    expect((await api.call('DELETE', '/v1/engagement-sources/ended')).status).toBe(204);
    expect(await postSigned('ended', told, signed(ended, told))).toMatchObject(REFUSAL);
    expect(refusals()).toMatchObject([{ reason: 'revoked' }]);
  });
});

test('W1 after a rotation both secrets are taken for a day, then the new one alone', async () => {
  const first = await api.source('turning');
  const second = await api.rotate('turning');
  expect(second).not.toBe(first);
  const send = async (by: string) => {
    const body = text({ source: 'turning' });
    return (await postSigned('turning', body, signed(by, body))).status;
  };
  expect([await send(first), await send(second)]).toEqual([202, 202]);
  advanceClock(DAY - MINUTE);
  expect([await send(first), await send(second)]).toEqual([202, 202]);
  advanceClock(MINUTE);
  expect([await send(first), await send(second)]).toEqual([401, 202]);
});

test('W8 the calls of a source are counted as those of a key are', async () => {
  const own = await api.source('eager');
  await api.set('limits', 'default', { apiCallsPerMinute: 3 });
  advanceClock(2 * MINUTE - (nowMs() % MINUTE) + 10 * SECOND);
  const send = () => {
    const body = text({ source: 'eager' });
    return postSigned('eager', body, signed(own, body));
  };
  const answers = await Promise.all(Array.from({ length: 5 }, send));
  const told = Map.groupBy(answers, ({ status }) => status);
  expect([told.get(202)?.length, told.get(429)?.length]).toEqual([3, 2]);
  const body = text();
  // Who only pretends takes nothing away from them.
  expect((await postSigned('eager', body, signed(secret, body))).status).toBe(401);
  expect((await postSigned('web-shop', body, signed(secret, body))).status).toBe(202);
});
