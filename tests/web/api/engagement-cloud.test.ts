import { afterAll, describe, expect, test } from 'vitest';

import { MINUTE, now, plus } from '../../../shared/platform/clock.ts';
import { engagementAnswer } from '../../../web/api/engagement-shapes.ts';
import { captureLog, resetClock } from '../../support/system.ts';
import { openEngagementApi } from './engagement-api.ts';

const api = await openEngagementApi();
const { person, stored } = api;
afterAll(resetClock);
captureLog();

const ONE = 'application/cloudevents+json';
const MANY = 'application/cloudevents-batch+json';
const time = plus(now(), -MINUTE);
let events = 0;
const cloudEvent = (more: object = {}) => ({
  specversion: '1.0',
  id: `ce-${(events += 1)}`,
  source: 'https://shop.example/orders?tenant=1',
  type: 'com.example.download',
  time,
  ...more,
});
const post = (body: unknown, type = ONE, query: object = { source: 'shop' }) =>
  api.call('POST', '/v1/engagements', { body, query: { ...query }, headers: { 'content-type': type } });

describe('W4 CloudEvents 1.0 in structured mode', () => {
  test('an event is kept under the source that is registered; attributes that we do not know are passed over', async () => {
    const anna = await person();
    const data = { topics: ['drives'], asset: 'catalogue', value: 3 };
    const told = cloudEvent({
      subject: anna.id,
      data,
      datacontenttype: 'application/json',
      traceparent: '00-1',
    });
    expect(await post(told, `${ONE}; charset=utf-8`)).toMatchObject({ status: 202, body: { accepted: 1 } });
    const [event, ...others] = await stored(anna.id);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ source: 'shop', type: 'download', occurredAt: time, ...data });
    // What the producer calls itself may speak: it is in no key and in no item.
    const items = JSON.stringify(await api.dump('engagement'));
    for (const text of ['shop.example', told.id, 'traceparent']) expect(items).not.toContain(text);
  });

  test('source and id together name an event: the same pair is one, the same id of two producers is two', async () => {
    const anna = await person();
    const told = cloudEvent({ subject: anna.id });
    for (const each of [told, told, { ...told, source: '/fair' }])
      expect((await post(each)).status).toBe(202);
    expect(await stored(anna.id)).toHaveLength(2);
  });

  test('the contact is the subject, by id or address, or stands in the data', async () => {
    const [anna, berta] = [await person(), await person()];
    for (const more of [
      { subject: anna.id },
      { subject: anna.email },
      { data: { contact: anna.contact } },
      { subject: 'order 4711', data: { contact: { email: anna.email } } },
      { subject: berta.id, data: { contact: anna.contact } },
    ])
      expect((await post(cloudEvent(more))).status).toBe(202);
    expect(await stored(anna.id)).toHaveLength(5);
    expect(await stored(berta.id)).toEqual([]);
  });

  test('a type without dots is taken as it is', async () => {
    const anna = await person();
    expect((await post(cloudEvent({ subject: anna.id, type: 'webinar' }))).status).toBe(202);
    expect(await stored(anna.id)).toMatchObject([{ type: 'webinar' }]);
  });

  test('many are an array, each answered for itself; none is nothing', async () => {
    const anna = await person();
    const batch = [
      cloudEvent({ subject: anna.id }),
      cloudEvent({ subject: anna.id, specversion: '0.3' }),
      cloudEvent({ subject: anna.id, type: 'com.example.unheard-of' }),
    ];
    const { accepted, refused } = (await post(batch, MANY)).as(engagementAnswer);
    expect(accepted).toBe(1);
    expect(refused).toMatchObject([
      { index: 1, id: batch[1]?.id, errors: [{ pointer: '/1/specversion' }] },
      { index: 2, id: batch[2]?.id, errors: [{ pointer: '/2/type', code: 'unknown-type' }] },
    ]);
    expect((await post([], MANY)).body).toEqual({ accepted: 0, refused: [] });
  });

  test.each([
    [{ specversion: '1.1' }, '/specversion', 'only CloudEvents 1.0 is taken'],
    [{ specversion: undefined }, '/specversion', 'only CloudEvents 1.0 is taken'],
    [{ id: '' }, '/id', undefined],
    [{ source: undefined }, '/source', undefined],
    [{ type: undefined }, '/type', undefined],
    [{ type: 'com.example.' }, '/type', undefined],
    [{ time: undefined }, '/time', undefined],
    [{ time: '2020-01-01T00:00:00Z' }, '/time', 'It is older than 30 days.'],
    [{ data: undefined, data_base64: 'e30=' }, '/data_base64', 'send the data as JSON, not as data_base64'],
    [{ data: 'text' }, '/data', undefined],
    [{ data: { topics: ['cooking'] } }, '/data/topics/0', 'There is no such topic.'],
    [{ data: { brand: 'elsewhere' } }, '/data/brand', 'There is no such brand.'],
    [{ data: { surprise: 1 } }, '/data/surprise', 'There is no such field.'],
    [{ subject: undefined }, '/subject', 'names no contact, and neither does data.contact'],
    [{ subject: 'con_nobody' }, '/subject', 'There is no such contact.'],
    [{ data: { contact: { id: 'con_nobody' } } }, '/data/contact', 'There is no such contact.'],
  ])('W6 %o is refused at %s', async (change, pointer, detail = expect.any(String)) => {
    const anna = await person();
    const { status, body } = await post(cloudEvent({ subject: anna.id, ...change }));
    expect([status, body]).toMatchObject([422, { errors: [{ pointer, detail }] }]);
    expect(await stored(anna.id)).toEqual([]);
  });

  test('the query must name the source', async () => {
    const anna = await person();
    const answer = await post(cloudEvent({ subject: anna.id }), ONE, {});
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/source', code: 'source-needed' }] });
  });

  test('a type says which shape it is, and binary mode is none', async () => {
    const anna = await person();
    const told = cloudEvent({ subject: anna.id });
    expect((await post(told, MANY)).status).toBe(422);
    expect((await post([told], ONE)).status).toBe(422);
    expect((await post(told, 'application/json')).status).toBe(422);
    expect((await post(told, 'application/cloudevents+xml')).status).toBe(415);
  });
});
