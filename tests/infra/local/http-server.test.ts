import { request } from 'node:http';

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createRouter } from '../../../infra/local/api-gateway-routes.ts';
import { createListener, listen } from '../../../infra/local/http-server.ts';
import type { HttpServer } from '../../../infra/local/http-server.ts';

type Call = { name: string; event: APIGatewayProxyEventV2 };

let server: HttpServer;
let base: string;
let calls: Call[] = [];
let written = 0;
let respond: () => unknown;

beforeAll(async () => {
  server = await listen(0);
  base = `http://127.0.0.1:${server.port}`;
  server.serve(
    createListener({
      invoke: async (name, event) => {
        // The listener makes every event itself.
        calls.push({ name, event: event as APIGatewayProxyEventV2 });
        return respond();
      },
      dev: (_, response) => response.end('dev'),
      written: () => (written += 1),
    }),
  );
});
afterAll(() => server.stop());
beforeEach(() => {
  calls = [];
  written = 0;
  respond = () => ({ statusCode: 200, body: 'ok' });
});

const eventOf = async (path: string, init?: RequestInit) => {
  await fetch(`${base}${path}`, init);
  const [call] = calls;
  if (!call) throw new Error('no function was called');
  return call.event;
};

describe('the route table', () => {
  const route = createRouter();
  test.each([
    ['/forms/newsletter', 'signup', 'ANY /forms/{proxy+}'],
    ['/forms/newsletter/thanks', 'signup', 'ANY /forms/{proxy+}'],
    ['/embed.js', 'signup', 'ANY /embed.js'],
    ['/confirm/abc', 'confirm', 'ANY /confirm/{proxy+}'],
    ['/unsubscribe/abc', 'unsubscribe', 'ANY /unsubscribe/{proxy+}'],
    ['/undo/abc', 'unsubscribe', 'ANY /undo/{proxy+}'],
    ['/v1/contacts/con_1', 'api', 'ANY /v1/{proxy+}'],
    ['/v1/contacts/con_1/promotions', 'decisions', 'ANY /v1/contacts/{id}/promotions'],
    ['/v1/decisions', 'decisions', 'ANY /v1/decisions'],
    ['/forms', 'signup', '$default'],
    ['/confirm/', 'signup', '$default'],
    ['/nowhere', 'signup', '$default'],
  ])('%s belongs to %s by %s', (path, name, routeKey) => {
    expect(route(path)).toMatchObject({ function: name, routeKey });
  });

  test('the most specific route wins, and an unknown spelling is refused', () => {
    const nested = createRouter([
      { path: '/a/{proxy+}', function: 'signup' },
      { path: '/a/b/{proxy+}', function: 'confirm' },
      { path: '/a/b/c', function: 'mail' },
      { path: '/a/{id}/c.d', function: 'clock' },
    ]);
    expect(nested('/a/b/c')?.function).toBe('mail');
    expect(nested('/a/b/d')).toMatchObject({ function: 'confirm', pathParameters: { proxy: 'd' } });
    expect(nested('/a/x')?.function).toBe('signup');
    expect(nested('/z')).toBeUndefined();
    expect(nested('/a/x%20y/c.d')).toMatchObject({ function: 'clock', pathParameters: { id: 'x y' } });
    for (const path of ['/a/x/y/c.d', '/a/x/cxd']) expect(nested(path)?.function).toBe('signup');
    for (const path of ['/a/{id+}/b', '/a/{id}/{proxy+}', '/a/{i-d}'])
      expect(() => createRouter([{ path, function: 'signup' }])).toThrow(/does not know/);
  });
});

describe('the event of a request', () => {
  test('has the shape of payload format 2.0', async () => {
    const event = await eventOf('/forms/newsletter?lang=de&x=1&x=2', {
      headers: { cookie: 'a=b; c=d', 'user-agent': 'test', 'X-Custom': 'one' },
    });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /forms/{proxy+}',
      rawPath: '/forms/newsletter',
      rawQueryString: 'lang=de&x=1&x=2',
      queryStringParameters: { lang: 'de', x: '1,2' },
      pathParameters: { proxy: 'newsletter' },
      cookies: ['a=b', 'c=d'],
      headers: { 'x-custom': 'one', host: `127.0.0.1:${server.port}` },
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        domainName: '127.0.0.1',
        routeKey: 'ANY /forms/{proxy+}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        http: {
          method: 'GET',
          path: '/forms/newsletter',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
      },
    });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event.body).toBeUndefined();
  });

  test("T8 the client address is the socket's, whatever the headers claim", async () => {
    const event = await eventOf('/forms/x', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(event.requestContext.http.sourceIp).toBe('127.0.0.1');
  });

  test.each([
    ['application/json', false],
    ['text/plain; charset=utf-8', false],
    ['application/x-www-form-urlencoded', true],
    ['multipart/form-data; boundary=x', true],
    ['application/octet-stream', true],
  ])('a body of %s is in base64: %s', async (type, isBase64Encoded) => {
    const event = await eventOf('/forms/x', {
      method: 'POST',
      body: 'Grüße',
      headers: { 'content-type': type },
    });
    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(Buffer.from(event.body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString()).toBe('Grüße');
  });
});

describe('the answer', () => {
  test('carries status, headers, cookies and a binary body', async () => {
    respond = () => ({
      statusCode: 201,
      headers: { 'x-a': 'b', 'content-type': 'image/png' },
      cookies: ['a=1; HttpOnly', 'b=2'],
      body: Buffer.from([137, 80]).toString('base64'),
      isBase64Encoded: true,
    });
    const response = await fetch(`${base}/assets/x.png`);
    expect(response.status).toBe(201);
    expect(response.headers.get('x-a')).toBe('b');
    expect(response.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2']);
    expect(response.headers.get('content-length')).toBe('2');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([137, 80]));
  });

  test('HEAD reaches the function as HEAD and gets no body', async () => {
    const response = await fetch(`${base}/forms/x`, { method: 'HEAD' });
    expect(calls[0]?.event.requestContext.http.method).toBe('HEAD');
    expect(await response.text()).toBe('');
  });

  test.each([
    ['throws', () => Promise.reject(new Error('secret'))],
    ['answers nonsense', () => ({ body: 1 })],
  ])("is 500 in the gateway's words where a function %s", async (_, result) => {
    respond = result;
    const response = await fetch(`${base}/confirm/x`);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal Server Error' });
  });

  test('is 413 for more than 10 MB, announced or not, without a call', async () => {
    const huge = new Uint8Array(10 * 1024 * 1024 + 1);
    const announced = await fetch(`${base}/forms/x`, { method: 'POST', body: huge }).catch(() => undefined);
    // Whoever still sends when we hang up may see the broken connection before the answer.
    expect([413, undefined]).toContain(announced?.status);
    expect(await postChunked(`${base}/forms/x`, huge)).toBe(413);
    expect(calls).toEqual([]);
  });

  test('tells the pollers of writes only', async () => {
    await fetch(`${base}/forms/x`);
    await fetch(`${base}/forms/x`, { method: 'HEAD' });
    expect(written).toBe(0);
    await fetch(`${base}/forms/x`, { method: 'POST', body: '' });
    expect(written).toBe(1);
  });

  test('of /dev comes from elsewhere', async () => {
    expect(await (await fetch(`${base}/dev/mail.json`)).text()).toBe('dev');
    await fetch(`${base}/device`);
    expect(calls).toHaveLength(1);
  });
});

test('a busy port is told in one line', async () => {
  await expect(listen(server.port)).rejects.toThrow(
    `Port ${server.port} is busy. Choose another with --port N.`,
  );
});

function postChunked(url: string, body: Uint8Array): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once('error', reject);
    sent.write(body);
    sent.end();
  });
}
