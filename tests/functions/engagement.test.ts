import { afterAll, expect, test } from 'vitest';

import { createSource } from '../../shared/engagement/source-store.ts';
import { newestSecret } from '../../shared/engagement/source.ts';
import { MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { makePerson } from '../decision/people.ts';
import { CONTROLLER, captureLog, resetClock } from '../support/system.ts';
import { signed } from '../web/api/engagement-api.ts';
import { call } from '../web/signup-door.ts';
import { openLambda } from './lambda.ts';

const system = await openLambda();
process.env['ASSENT_BASE_URL'] = system.deps.baseUrl;
const { handler } = (await import('../../functions/engagement.ts')) as {
  handler: Parameters<typeof call>[0];
};
captureLog();
afterAll(resetClock);

const { db, secrets } = system.deps;
const source = await createSource(db, { id: 'shop', name: 'Shop', controller: CONTROLLER, at: now() });
const secret = await newestSecret(secrets, source);
const { id } = await makePerson(system.deps, 'anna@maschinenbau.example', []);
const events = async () => (await system.dump('engagement')).filter(({ sk }) => sk.startsWith('EVT#'));
const post = (body: string | Buffer, headers: Record<string, string>) =>
  call(handler, '/v1/engagements', {
    method: 'POST',
    query: 'source=shop',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
/** Umlauts, and spaces that no program would write: signed is what stands there. */
const text = (name: string) =>
  JSON.stringify(
    {
      id: name,
      type: 'download',
      asset: 'Getriebe für Förderbänder',
      contact: { id },
      occurredAt: plus(now(), -MINUTE),
    },
    null,
    3,
  );

test('W2 what API Gateway hands over in base64 is verified by the bytes that were sent', async () => {
  const body = text('one');
  const answer = await post(Buffer.from(body), signed(secret, body));
  expect([answer.status, JSON.parse(answer.body)]).toEqual([202, { accepted: 1, refused: [] }]);
  expect(await events()).toMatchObject([{ id: 'one', source: 'shop', asset: 'Getriebe für Förderbänder' }]);
});

test('W2 as text it is the same', async () => {
  const body = text('two');
  expect((await post(body, signed(secret, body))).status).toBe(202);
});

test('W2 what was signed in base64 is not what was sent', async () => {
  const body = text('three');
  const encoded = Buffer.from(body).toString('base64');
  expect((await post(Buffer.from(body), signed(secret, encoded))).status).toBe(401);
  expect((await post(encoded, signed(secret, body))).status).toBe(401);
});

test('W2 bytes that are no text are refused as such, and only once they are signed', async () => {
  const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
  const wrong = await post(bytes, signed(secret, bytes.toString('latin1')));
  expect(wrong.status).toBe(401);
  const right = await post(bytes, signed(secret, bytes));
  expect([right.status, JSON.parse(right.body)]).toMatchObject([400, { code: 'malformed-json' }]);
  expect(await events()).toHaveLength(2);
});
