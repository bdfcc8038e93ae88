import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string };
export type Visitor = {
  /** The public origin as the system knows it; stands in mails and in `Origin`. */
  origin: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Posts fields as one of our own pages would, or as `headers` say. */
  post(path: string, fields: [string, string][], headers?: Record<string, string>): Promise<Answer>;
  /** Calls the API as another system does. */
  json(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
  ): Promise<Answer>;
  /** For a client that brings its own addresses and headers. */
  fetch(url: string, init: RequestInit): Promise<Response>;
};

/** Calls the deployed API from outside: the Host header leads through API Gateway to its routes. */
export function openVisitor(port: number, apiId: string, baseUrl: string): Visitor {
  const host = `${apiId}.execute-api.localhost:${port}`;
  const send = (method: string, path: string, headers: Record<string, string>, body = '') =>
    new Promise<Answer>((resolve, reject) => {
      const call = request(
        { host: '127.0.0.1', port, path, method, headers: { 'accept-language': 'en', ...headers, host } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
          });
          response.on('error', reject);
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  return {
    origin: baseUrl,
    json: (method, path, body, headers) =>
      body
        ? send(method, path, { ...headers, 'content-type': 'application/json' }, JSON.stringify(body))
        : send(method, path, headers),
    get: (path, headers = {}) => send('GET', path, headers),
    post: (path, fields, headers = { origin: baseUrl, 'sec-fetch-site': 'same-origin' }) =>
      send(
        'POST',
        path,
        { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        new URLSearchParams(fields).toString(),
      ),
    fetch: async (url, { method = 'GET', headers, body }) => {
      const { pathname, search } = new URL(url);
      const given = Object.fromEntries(new Headers(headers));
      const sent = typeof body === 'string' ? body : '';
      const answer = await send(method, pathname + search, given, sent);
      const told = Object.entries(answer.headers).flatMap(([name, value = []]) =>
        [value].flat().map((one): [string, string] => [name, one]),
      );
      return new Response(answer.body || null, { status: answer.status, headers: told });
    },
  };
}

/** Names and values of the hidden inputs of a page. */
export function hiddenFields(html: string): [string, string][] {
  return [...html.matchAll(/<input\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => attribute(tag, 'type') === 'hidden')
    .map((tag) => [attribute(tag, 'name'), attribute(tag, 'value')]);
}

/** '' where the tag has no such attribute. */
export function attribute(tag: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}
