import type * as z from 'zod';

import { now } from '../../shared/platform/clock.ts';
import { SCOPES } from '../../shared/settings/api-key.ts';
import type { ApiKey, Scope } from '../../shared/settings/api-key.ts';
import { createApiKey } from '../../shared/settings/api-key-store.ts';
import { createApiApp } from '../../web/api/app.ts';
import { createClient } from '../../web/api/client.ts';
import type { ApiDeps } from '../../web/api/deps.ts';
import type { Endpoint, Method } from '../../web/api/endpoint.ts';
import { expectDocumented } from './documented.ts';
import { CONTROLLER, openTestSystem } from './system.ts';

export type ApiAnswer = {
  status: number;
  headers: Headers;
  /** Parsed where it is JSON; text otherwise; undefined where there is none. */
  body: unknown;
  /** The body as a schema knows it. Throws where it is something else. */
  as<S extends z.ZodType>(schema: S): z.output<S>;
};
export type ApiCall = {
  /** Sent as JSON. */
  body?: unknown;
  query?: Record<string, string | number>;
  /** A version without its quotes, as an answer's ETag names it. */
  ifMatch?: string;
  idempotencyKey?: string;
  headers?: Record<string, string>;
  /** Another key than the one with all scopes; null for none. */
  key?: string | null;
};
export type TestApi = Awaited<ReturnType<typeof openTestApi>>;

/**
 * The endpoints given, behind the app that serves them, on a real database with the demo company. Every answer is
 * held against what the endpoint says it answers.
 */
export async function openTestApi(endpoints: readonly Endpoint<ApiDeps>[]) {
  const system = await openTestSystem();
  const serve = createApiApp(system.deps, endpoints);
  /** A new key with these scopes; of the demo company unless told. */
  const keyFor = async (scopes: readonly Scope[], more: Partial<ApiKey> = {}) => {
    const wish = { controller: CONTROLLER, name: 'test', createdAt: now(), ...more, scopes: [...scopes] };
    return (await createApiKey(system.deps.db, wish)).text;
  };
  const allScopes = await keyFor(SCOPES);

  /** Calls the API as another system does. */
  const call = async (method: Method | 'HEAD' | 'OPTIONS', path: string, more: ApiCall = {}) => {
    const { body, query = {}, ifMatch, idempotencyKey, key = allScopes } = more;
    const url = new URL(path, system.deps.baseUrl);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const headers = {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...more.headers,
    };
    const init = { method, headers, ...(body === undefined ? {} : { body: toText(body) }) };
    const answer = await read(await serve.request(url.href, init, BINDINGS));
    expectDocumented(endpoints, { method, path: url.pathname, ...answer });
    return answer;
  };
  /** The client that others use, for what is not refused. */
  const client = createClient({
    baseUrl: system.deps.baseUrl,
    key: allScopes,
    fetch: async (url, init) => {
      const response = await serve.request(url, init, BINDINGS);
      const { method = 'GET' } = init;
      expectDocumented(endpoints, {
        method,
        path: new URL(url).pathname,
        ...(await read(response.clone())),
      });
      return response;
    },
  });
  return { ...system, allScopes, keyFor, call, client };
}

/** What API Gateway tells of a request. */
const BINDINGS = { event: { requestContext: { requestId: 'req-1', http: { sourceIp: '203.0.113.7' } } } };

/** A text is sent as it is, to try what is no JSON. */
function toText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

async function read(response: Response): Promise<ApiAnswer> {
  const text = await response.text();
  const { status, headers } = response;
  const isJson = /[/+]json\b/.test(headers.get('content-type') ?? '');
  const body: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
  return { status, headers, body, as: (schema) => schema.parse(body) };
}
