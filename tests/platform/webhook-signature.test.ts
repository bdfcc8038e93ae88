import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';

import { SECOND } from '../../shared/platform/clock.ts';
import { faultOfWebhook, signWebhook } from '../../shared/platform/webhook-signature.ts';

/** The example of the specification. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const BODY = '{"test": 2432232314}';
const HEADERS = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', signature: SIGNATURE };
const AT = 1_614_265_330 * SECOND;
const OTHER = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const fault = (headers: Partial<typeof HEADERS> = {}, body = BODY, secrets = [SECRET], atMs = AT) =>
  faultOfWebhook(secrets, { ...HEADERS, ...headers }, Buffer.from(body), atMs);

test('W1 the vector of the specification', () => {
  expect(signWebhook(SECRET, HEADERS, BODY)).toBe(SIGNATURE);
  expect(fault()).toBeUndefined();
});

test('W1 the reference library signs what we take, and takes what we sign', () => {
  const timestamp = String(Math.floor(Date.now() / SECOND));
  const [id, body] = ['evt_1', '{"name":"Grüße ✓"}'];
  const theirs = new Webhook(OTHER).sign(id, new Date(Number(timestamp) * SECOND), body);
  const ours = signWebhook(OTHER, { id, timestamp }, body);
  expect(theirs).toBe(ours);
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': ours };
  expect(new Webhook(OTHER).verify(body, headers)).toEqual({ name: 'Grüße ✓' });
});

describe('W1 what is taken', () => {
  const old = signWebhook(OTHER, HEADERS, BODY);
  test.each([
    ['one of several signatures fits', { signature: `${old} v1a,abc ${SIGNATURE}` }, [SECRET]],
    ['one of several secrets fits', {}, [OTHER, SECRET]],
  ])('%s', (_, headers, secrets) => {
    expect(fault(headers, BODY, secrets)).toBeUndefined();
  });

  test.each([-300, 300])('%i seconds of difference', (seconds) => {
    expect(fault({}, BODY, [SECRET], AT + seconds * SECOND)).toBeUndefined();
  });
});

describe('W1 what is refused', () => {
  test.each([
    ['a body that was written anew', {}, JSON.stringify(JSON.parse(BODY)), 'wrong-signature'],
    ['a body with one other byte', {}, BODY.replace('2', '3'), 'wrong-signature'],
    ['another id', { id: 'msg_other' }, BODY, 'wrong-signature'],
    ['another instant', { timestamp: '1614265331' }, BODY, 'wrong-signature'],
    ['no signature', { signature: '' }, BODY, 'wrong-signature'],
    ['a cut signature', { signature: SIGNATURE.slice(0, -1) }, BODY, 'wrong-signature'],
    [
      'a signature of another version',
      { signature: SIGNATURE.replace('v1', 'v1a') },
      BODY,
      'wrong-signature',
    ],
    ['no id', { id: '' }, BODY, 'malformed'],
    ['no instant', { timestamp: '' }, BODY, 'malformed'],
    ['an instant in words', { timestamp: '2021-02-25' }, BODY, 'malformed'],
    ['an instant with a fraction', { timestamp: '1614265330.5' }, BODY, 'malformed'],
  ])('%s', (_, headers, body, expected) => {
    expect(fault(headers, body)).toBe(expected);
  });

  test.each([-301, 301])('%i seconds of difference', (seconds) => {
    expect(fault({}, BODY, [SECRET], AT + seconds * SECOND)).toBe('stale');
  });

  test('everything, where there is no secret', () => {
    expect(fault({}, BODY, [])).toBe('wrong-signature');
  });
});
