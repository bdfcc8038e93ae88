import { describe, expect, test, vi } from 'vitest';

import { nowMs, toInstant } from '../../shared/platform/clock.ts';
import {
  BASE,
  SITE,
  THANK_YOU,
  eventForm,
  goodPost,
  newsletterForm,
  openDoor,
  shownFor,
} from './signup-door.ts';

const problemOf = ({ body }: { body: string }) => JSON.parse(body);

describe('a sign-up', () => {
  test('of a browser leads to the thank-you page', async () => {
    const door = openDoor();
    const answer = await door.post('/forms/newsletter', goodPost(), {
      origin: BASE,
      'user-agent': 'Firefox',
    });
    expect([answer.status, answer.headers['location']]).toEqual([303, '/forms/newsletter/thanks?lang=de']);
    expect(door.requests).toEqual([
      {
        form: newsletterForm,
        brand: expect.objectContaining({ id: 'nordlicht' }),
        limits: expect.objectContaining({ openRequests: 10 }),
        address: expect.objectContaining({ delivery: 'anna@example.com' }),
        values: { fields: { firstName: 'Anna' }, uses: ['newsletter'], topics: ['drives'] },
        language: 'de',
        page: `${BASE}/forms/newsletter`,
        ip: '203.0.113.7',
        ipKey: '203.0.113.7',
        userAgent: 'Firefox',
        formToken: expect.stringMatching(/^k1\.newsletter\./),
        shownAt: expect.stringMatching(/Z$/),
      },
    ]);
  });

  test('takes several boxes, urlencoded, as multipart and as JSON alike', async () => {
    const door = openDoor();
    const uses = ['newsletter', 'tracking'];
    const fields = Object.entries(goodPost()).filter(([name]) => name !== 'uses');
    const entries = [...fields, ...uses.map((use) => ['uses', use])] as [string, string][];
    expect((await door.post('/forms/newsletter', entries)).status).toBe(303);

    const form = new FormData();
    for (const [name, value] of entries) form.append(name, value);
    const encoded = new Response(form);
    const multipart = await door.get('/forms/newsletter', {
      method: 'POST',
      headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
      body: Buffer.from(await encoded.arrayBuffer()),
    });
    expect(multipart.status).toBe(303);

    const json = await door.postJson('/forms/newsletter', { ...goodPost(), uses, topics: ['drives'] });
    expect([json.status, json.body]).toEqual([202, '{"status":"check-your-mail"}']);
    expect(door.requests.map(({ values }) => values)).toEqual(Array(3).fill(door.requests[0]?.values));
    expect(door.requests[0]?.values.uses).toEqual(uses);
  });

  test('keeps umlauts of names and domains', async () => {
    const door = openDoor();
    await door.post('/forms/newsletter', goodPost({ firstName: 'Jörg', email: 'info@müller.de' }));
    expect(door.requests[0]?.values.fields).toEqual({ firstName: 'Jörg' });
    expect(door.requests[0]?.address).toMatchObject({
      delivery: 'info@müller.de',
      domain: 'xn--mller-kva.de',
    });
  });

  test('speaks the language of the form that was posted', async () => {
    const door = openDoor();
    const answer = await door.post('/forms/newsletter', goodPost({ lang: 'en' }), {
      'accept-language': 'de',
    });
    expect(answer.headers['location']).toBe('/forms/newsletter/thanks?lang=en');
    expect(door.requests[0]?.language).toBe('en');
  });

  test('T8 the client address is the one that the platform saw', async () => {
    const door = openDoor();
    const forged = {
      'x-forwarded-for': '198.51.100.1',
      forwarded: 'for=198.51.100.1',
      'x-real-ip': '198.51.100.1',
    };
    await door.post('/forms/newsletter', goodPost(), forged, '2001:db8:1:2:3::4');
    expect(door.requests[0]).toMatchObject({ ip: '2001:db8:1:2:3::4', ipKey: '2001:db8:1:2::/64' });
  });

  test.each([
    [{ origin: SITE, referer: `${SITE}/aktuelles?utm=1#top` }, `${SITE}/aktuelles`],
    [{ origin: SITE, referer: `${SITE}/` }, `${SITE}/`],
    [{ origin: SITE }, SITE],
    [{ origin: SITE, referer: 'https://evil.example/x' }, SITE],
    [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, `${BASE}/forms/newsletter`],
    [{}, undefined],
    [{ referer: 'not a url' }, undefined],
  ])('notes the page it came from, without query: %j', async (headers, page) => {
    const door = openDoor();
    await door.post('/forms/newsletter', goodPost(), headers);
    expect(door.requests[0]?.page).toBe(page);
  });

  test('too many from one network: 429 and when to come back', async () => {
    const door = openDoor({}, { kind: 'too-many', retryAt: toInstant(nowMs() + 90_000) });
    const html = await door.post('/forms/newsletter', goodPost());
    expect(html.status).toBe(429);
    expect(Number(html.headers['retry-after'])).toBeGreaterThan(80);
    expect(html.body).toContain('Bitte etwas später noch einmal');
    const json = await door.postJson('/forms/newsletter', goodPost());
    expect([json.status, problemOf(json).title]).toEqual([429, 'Too Many Requests']);
    expect(json.headers).toHaveProperty('retry-after');
  });

  test('T15 leaves no address in the log', async () => {
    const lines: string[] = [];
    const write = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((line) => lines.push(String(line)) > 0);
    const door = openDoor({ requestSignup: () => Promise.reject(new Error('storage is away')) });
    await door.post('/forms/newsletter', goodPost({ website: 'x' }));
    await door.post('/forms/newsletter', goodPost());
    write.mockRestore();
    expect(lines.join('')).toContain('signup-guarded');
    expect(lines.join('')).toContain('storage is away');
    expect(lines.join('')).not.toMatch(/anna|@example/);
  });
});

describe('where a sign-up leads', () => {
  const event = () => ({
    email: 'anna@example.com',
    firstName: 'Anna',
    lastName: 'Schmidt',
    country: 'DE',
    uses: 'event-invitation',
    ts: shownFor(eventForm),
  });

  test('T12 to the first registered page unless another registered one is asked for', async () => {
    const door = openDoor();
    const to = async (more = {}) =>
      (await door.post('/forms/open-house', { ...event(), ...more })).headers['location'];
    expect(await to()).toBe(THANK_YOU);
    expect(await to({ thankYou: `${SITE}/bis-bald` })).toBe(`${SITE}/bis-bald`);
  });

  test.each([
    '//evil.example',
    'https:evil.example',
    '\\\\evil.example',
    `${SITE}@evil.example`,
    'https://evil.example',
  ])('T12 never to %s', async (thankYou) => {
    const door = openDoor();
    const html = await door.post('/forms/open-house', { ...event(), thankYou });
    expect([html.status, html.headers['location']]).toEqual([422, undefined]);
    expect(html.body).not.toContain('name="thankYou"');
    const json = await door.postJson('/forms/open-house', { ...event(), thankYou });
    expect(problemOf(json).errors).toMatchObject([{ pointer: '/thankYou', code: 'thank-you-unknown' }]);
    expect(door.requests).toEqual([]);
  });
});

describe('errors', () => {
  test('W6 are told to programs with pointers, in the language of the request', async () => {
    const door = openDoor();
    const document = {
      ...goodPost({ lang: 'en', firstName: 'www.evil.tld' }),
      email: 'anna',
      uses: ['tracking'],
      'a/b~c': 1,
    };
    const answer = await door.postJson('/forms/newsletter', document);
    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['content-language']).toBe('en');
    const { errors, ...problem } = problemOf(answer);
    expect(problem).toEqual({
      type: 'about:blank',
      title: 'Unprocessable Content',
      status: 422,
      instance: '/forms/newsletter',
    });
    expect(errors.map(({ pointer, code }: Record<string, string>) => [pointer, code])).toEqual([
      ['/a~1b~0c', 'unknown-field'],
      ['/email', 'email-invalid'],
      ['/firstName', 'field-has-link'],
      ['/uses', 'use-missing'],
    ]);
    expect(errors[1].detail).toContain('e-mail address');
    expect(door.requests).toEqual([]);
  });

  test('bring the form back to people, with what they typed and the same timestamp', async () => {
    const door = openDoor();
    const fields = goodPost({ email: 'anna', firstName: 'Anna "<b>"', uses: 'tracking' });
    const { status, body } = await door.post('/forms/newsletter', fields);
    expect(status).toBe(422);
    expect(body).toContain('href="#email"');
    expect(body).toContain('href="#use-newsletter"');
    expect(body).toContain('value="anna"');
    expect(body).toContain('Anna &quot;&lt;b&gt;&quot;');
    expect(body).toMatch(/id="use-tracking"[^>]*checked/);
    expect(body).toContain(`value="${fields['ts']}"`);
  });

  test('a throw-away mailbox is refused where the form says so', async () => {
    const door = openDoor();
    const answer = await door.postJson('/forms/newsletter', goodPost({ email: 'a@mailinator.com' }));
    expect(problemOf(answer).errors).toMatchObject([{ pointer: '/email', code: 'email-disposable' }]);
    const event = {
      email: 'a@mailinator.com',
      firstName: 'A',
      lastName: 'B',
      country: 'DE',
      uses: 'event-invitation',
    };
    const taken = await door.postJson('/forms/open-house', { ...event, ts: shownFor(eventForm) });
    expect(taken.status).toBe(202);
  });
});

describe('a likely typo', () => {
  const typed = (more = {}) => goodPost({ email: 'Anna@gmial.com', ...more });

  test('is asked about once, with a button for the other address', async () => {
    const door = openDoor();
    const { status, body } = await door.post('/forms/newsletter', typed());
    expect(status).toBe(422);
    expect(body).toContain('Meinten Sie Anna@gmail.com?');
    expect(body).toMatch(/name="useSuggestion" value="Anna@gmail.com"/);
    expect(door.requests).toEqual([]);
    await door.post(
      '/forms/newsletter',
      typed({ keepEmail: 'Anna@gmial.com', useSuggestion: 'Anna@gmail.com' }),
    );
    await door.post('/forms/newsletter', typed({ keepEmail: 'Anna@gmial.com' }));
    expect(door.requests.map(({ address }) => address.delivery)).toEqual([
      'Anna@gmail.com',
      'Anna@gmial.com',
    ]);
  });

  test('is a suggestion in JSON, and taken as typed when the program insists', async () => {
    const door = openDoor();
    const answer = await door.postJson('/forms/newsletter', typed());
    expect([answer.status, problemOf(answer).errors]).toEqual([
      422,
      [expect.objectContaining({ pointer: '/email', code: 'email-typo', suggestion: 'Anna@gmail.com' })],
    ]);
    expect((await door.postJson('/forms/newsletter', { ...typed(), acceptAddress: true })).status).toBe(202);
  });
});

describe('bodies that are no sign-up', () => {
  const door = openDoor();
  const send = (type: string | undefined, body: string | Buffer, headers = {}) =>
    door.get('/forms/newsletter', {
      method: 'POST',
      headers: { ...(type ? { 'content-type': type } : {}), ...headers },
      body,
    });

  test.each([
    ['no content type', undefined, 'a=b', 415],
    ['XML', 'application/xml', '<a/>', 415],
    ['plain text', 'text/plain', 'email=a@b.de', 415],
    ['almost JSON', 'application/jsonp', '{}', 415],
    ['broken JSON', 'application/json', '{"email":', 400],
    ['no JSON at all', 'application/json', '', 400],
    ['a JSON list', 'application/json', '[]', 400],
    ['JSON null', 'application/json', 'null', 400],
    ['JSON that is no UTF-8', 'application/json', Buffer.from([0x22, 0xff, 0x22]), 400],
    ['multipart without boundary', 'multipart/form-data', 'x', 400],
    ['broken multipart', 'multipart/form-data; boundary=b', 'x', 400],
    ['65 KB', 'application/x-www-form-urlencoded', `email=${'a'.repeat(66_000)}`, 413],
    ['65 KB of JSON', 'application/json', `{"email":"${'a'.repeat(66_000)}"}`, 413],
  ])('%s', async (_, type, body, status) => {
    const answer = await send(type, body);
    expect(answer.status).toBe(status);
    const json = type?.startsWith('application/json') ?? false;
    expect(answer.headers['content-type']).toContain(json ? 'application/problem+json' : 'text/html');
  });

  test('what counts is the size that came, not the one that was told', async () => {
    const large = await send('application/json', `{"email":"${'a'.repeat(66_000)}"}`, {
      'content-length': '10',
    });
    expect(large.status).toBe(413);
  });

  test('an empty form comes back as a form', async () => {
    const answer = await send('application/x-www-form-urlencoded; charset=UTF-8', '');
    expect([answer.status, answer.body.includes('name="email"')]).toEqual([200, true]);
  });

  test('a file in place of a text is refused by name', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries(goodPost()))
      if (name !== 'firstName') form.append(name, value);
    form.append('firstName', new File(['x'], 'x.txt'));
    const encoded = new Response(form);
    const answer = await send(
      encoded.headers.get('content-type') ?? '',
      Buffer.from(await encoded.arrayBuffer()),
      {
        accept: 'application/json',
      },
    );
    expect(problemOf(answer).errors).toMatchObject([{ pointer: '/firstName', code: 'field-invalid' }]);
  });

  test('a GET with a body is refused by the adapter without harm', async () => {
    expect((await door.get('/forms/newsletter', { body: 'x' })).status).toBe(400);
  });
});
