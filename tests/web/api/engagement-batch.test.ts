import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { engagementAnswer } from '../../../web/api/engagement-shapes.ts';
import { createApiApp } from '../../../web/api/app.ts';
import { engagementEndpoints } from '../../../web/api/engagement.ts';
import { readEntries } from '../../../shared/permission/store.ts';
import { faultyDatabase, serviceError } from '../../platform/faulty-database.ts';
import { captureLog, resetClock } from '../../support/system.ts';
import { openEngagementApi } from './engagement-api.ts';

const api = await openEngagementApi();
const { deps, event, person, post, stored } = api;
afterAll(resetClock);
captureLog();

const errorsIn = z.object({ errors: z.array(z.object({ pointer: z.string(), code: z.string() })) });
const request = (email: string, more = {}) => event({ type: 'contact-request', contact: { email }, ...more });

describe('a batch', () => {
  test('W5 each event is answered for itself: what is right is written, what is not is named', async () => {
    const [anna, berta] = [await person(), await person()];
    const events = [
      event({ contact: anna.contact }),
      event({ contact: anna.contact, type: 'unheard-of' }),
      'nonsense',
      event({ contact: berta.contact, topics: ['drives'] }),
      { id: 'half', type: 'download' },
      event({ contact: { id: 'con_nobody' }, topics: ['drives', 'cooking'] }),
    ];
    const answer = await post({ events });
    expect(answer.status).toBe(202);
    const { accepted, refused } = answer.as(engagementAnswer);
    expect(accepted).toBe(2);
    const told = refused.map(({ index, id, errors }) => [index, id, errors.map(({ pointer }) => pointer)]);
    expect(told).toEqual([
      [1, expect.stringMatching(/^evt-/), ['/events/1/type']],
      [2, undefined, ['/events/2']],
      [4, 'half', ['/events/4/contact', '/events/4/occurredAt']],
      [5, expect.stringMatching(/^evt-/), ['/events/5/topics/1']],
    ]);
    expect([await stored(anna.id), await stored(berta.id)].map(({ length }) => length)).toEqual([1, 1]);
  });

  test('W6 of which nothing is right is a problem that names each', async () => {
    const answer = await post({ events: [event({ contact: { id: 'x' } }), event({ type: 'form' })] });
    expect(answer.status).toBe(422);
    const codes = answer.as(errorsIn).errors.map(({ pointer, code }) => `${pointer} ${code}`);
    expect(codes).toEqual(['/events/0/contact unknown-contact', '/events/1/contact invalid-type']);
  });

  test('500 events are taken, none and one more are not', async () => {
    const anna = await person();
    const events = Array.from({ length: 501 }, () => event({ contact: anna.contact }));
    expect((await post({ events })).body).toMatchObject({
      errors: [{ pointer: '/events', code: 'too-big' }],
    });
    expect((await post({ events: [] })).body).toMatchObject({ errors: [{ pointer: '/events' }] });
    expect((await post({ events: events.slice(1) })).body).toEqual({ accepted: 500, refused: [] });
    expect(await stored(anna.id)).toHaveLength(500);
  });

  test('sent several times at once it is written once', async () => {
    const people = [await person(), await person()];
    const events = Array.from({ length: 40 }, (_, at) => event({ contact: people[at % 2]?.contact }));
    const answers = await Promise.all(Array.from({ length: 6 }, () => post({ events })));
    expect(answers.map(({ body }) => body)).toEqual(answers.map(() => ({ accepted: 40, refused: [] })));
    for (const { id } of people) expect(await stored(id)).toHaveLength(20);
  });
});

describe('W5 when storage fails half-way', () => {
  test.each([
    ['a write never arrives', false],
    ['a write is done and its answer lost', true],
  ])('%s: 500, what was acknowledged is there, and sending again completes it', async (_, arrives) => {
    const anna = await person();
    const first = event({ contact: anna.contact });
    await post(first);
    let puts = 0;
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'Put' && (puts += 1) === 3
        ? { error: serviceError('InternalServerError'), arrives }
        : undefined,
    );
    const app = createApiApp({ ...deps, db }, engagementEndpoints);
    const events = [first, ...Array.from({ length: 4 }, () => event({ contact: anna.contact }))];
    const send = () =>
      app.request('/v1/engagements', {
        method: 'POST',
        headers: { authorization: `Bearer ${api.allScopes}`, 'content-type': 'application/json' },
        body: JSON.stringify({ events }),
      });
    expect((await send()).status).toBe(500);
    expect(await stored(anna.id)).toContainEqual(expect.objectContaining({ id: first.id }));
    expect((await send()).status).toBe(202);
    expect(await stored(anna.id)).toHaveLength(5);
  });
});

describe('a contact request', () => {
  test('G10 makes somebody known, with where from and without any consent', async () => {
    const email = 'neu@maschinenbau.example';
    expect(await post(request(email))).toMatchObject({ status: 202 });
    const contact = await api.contactOf(email);
    expect(contact).toMatchObject({ source: { kind: 'api', id: 'shop' }, permissions: {}, address: email });
    expect(await stored(contact?.id ?? '')).toMatchObject([{ type: 'contact-request' }]);
    const entries = await readEntries(deps.db, contact?.id ?? '');
    expect(entries).toMatchObject([{ type: 'known', actor: { kind: 'api' }, changes: [] }]);
  });

  test('of one stranger makes one contact, however often it comes at once; their other events are taken too', async () => {
    const email = 'gleich@maschinenbau.example';
    const batch = () => ({
      events: [event({ contact: { email } }), request(email), request(email.toUpperCase())],
    });
    const answers = await Promise.all(Array.from({ length: 4 }, () => post(batch())));
    for (const { body } of answers) expect(body).toEqual({ accepted: 3, refused: [] });
    const contact = await api.contactOf(email);
    expect(await stored(contact?.id ?? '')).toHaveLength(12);
    const made = (await api.dump('contacts')).filter(
      ({ address }) => String(address).toLowerCase() === email,
    );
    expect(made).toHaveLength(1);
  });

  test('that is refused for something else makes nobody known', async () => {
    const email = 'falsch@maschinenbau.example';
    for (const wrong of [
      { topics: ['cooking'] },
      { brand: 'elsewhere' },
      { occurredAt: '2020-01-01T00:00:00Z' },
    ])
      expect((await post(request(email, wrong))).status).toBe(422);
    expect(await api.contactOf(email)).toBeUndefined();
  });

  test('without an address is about somebody known, or nobody', async () => {
    const externalId = { system: 'crm', id: 'unheard' };
    const answer = await post(event({ type: 'contact-request', contact: { externalId } }));
    expect(answer.body).toMatchObject({ errors: [{ code: 'unknown-contact' }] });
    const broken = await post(request('no address'));
    expect(broken.body).toMatchObject({ errors: [{ code: 'unknown-contact' }] });
  });
});
