import { Hono } from 'hono/tiny';
import type { Context } from 'hono';

import { now } from '../../shared/platform/clock.ts';
import { log } from '../../shared/platform/log.ts';
import { problem } from '../problem.ts';
import type { WebEnv } from '../request.ts';
import { securityHeaders } from '../security-headers.ts';
import { isSigned, openAuthentication, refuseCaller, refuseScope, refuseSignature } from './auth.ts';
import { readIfMatch } from './conditions.ts';
import type { ApiDeps } from './deps.ts';
import type { Answer, Caller, Endpoint } from './endpoint.ts';
import { actOnce, readIdempotencyKey } from './idempotency.ts';
import { tellMethods } from './methods.ts';
import { explainError, explainInvalid } from './problems.ts';
import { countCall, refuseTooMany, tellQuota } from './rate-limit.ts';
import { readJson } from './read-body.ts';

/** The API of these endpoints; a function may serve some of them. Every answer but a document of theirs is a problem. */
export function createApiApp<Deps extends ApiDeps>(deps: Deps, endpoints: readonly Endpoint<Deps>[]) {
  const app = new Hono<WebEnv>();
  app.use(securityHeaders);
  // The smallest router takes a slash at the end for nothing.
  app.use(async (c, next) => (c.req.path.endsWith('/') ? problem(c, 404) : next()));
  app.onError(explainError);
  app.notFound((c) => problem(c, 404));
  const authenticate = openAuthentication(deps.db);

  const admit = async (c: Context<WebEnv>, endpoint: Endpoint<Deps>): Promise<Caller | Response> => {
    const header = c.req.header('authorization');
    const { signed } = isSigned(c) ? endpoint : {};
    const caller = await (signed ? signed(deps, c, now()) : authenticate(header, now()));
    if ('refused' in caller) {
      log('warn', signed ? 'signature-refused' : 'api-key-refused', {
        reason: caller.refused,
        key: caller.id,
      });
      return signed ? refuseSignature(c) : refuseCaller(c, header !== undefined);
    }
    const { apiCallsPerMinute: limit } = await deps.settings.limits();
    const quota = await countCall(deps.db, { keyId: caller.keyId, limit, at: now() });
    tellQuota(c, quota);
    if (quota.exceeded) {
      log('warn', 'api-quota-exceeded', { key: caller.keyId });
      return refuseTooMany(c, quota);
    }
    if (caller.scopes.includes(endpoint.scope)) return caller;
    log('warn', 'api-scope-missing', { key: caller.keyId, scope: endpoint.scope });
    return refuseScope(c, endpoint.scope);
  };

  const serve = async (c: Context<WebEnv>, endpoint: Endpoint<Deps>): Promise<Response> => {
    const caller = await admit(c, endpoint);
    if (caller instanceof Response) return caller;
    const condition = readIfMatch(c, endpoint.ifMatch ?? false);
    if (condition instanceof Response) return condition;
    const repeat = endpoint.idempotent ? readIdempotencyKey(c) : { key: undefined };
    if (repeat instanceof Response) return repeat;
    const posted = await readJson(c, endpoint);
    if (posted instanceof Response) return posted;

    const at = now();
    const { pathname, search, searchParams } = new URL(c.req.url);
    const { value: body, mediaType } = posted;
    const raw = { params: c.req.param(), query: toQuery(searchParams), body, mediaType };
    const prepared = endpoint.prepare(deps, raw, { caller, ifMatch: condition.version, at });
    if ('invalid' in prepared) return explainInvalid(c, prepared.invalid);
    if (repeat.key === undefined) return send(c, await prepared.act());
    const { method } = endpoint;
    const { text } = posted;
    const attempt = { keyId: caller.keyId, key: repeat.key, method, path: pathname + search, text, at };
    return send(c, await actOnce(c, deps.db, attempt, prepared.act));
  };

  for (const [path, ofPath] of byPath(endpoints)) {
    const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
    for (const endpoint of ofPath) app.on(endpoint.method, route, (c) => serve(c, endpoint));
    const methods = ofPath.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    app.all(route, (c) => tellMethods(c, methods));
  }
  return app;
}

/** Fixed paths before those with parameters, so that `/lookup` is never taken for an id. */
function byPath<Deps>(endpoints: readonly Endpoint<Deps>[]): [string, Endpoint<Deps>[]][] {
  const sortable = (path: string) => path.replaceAll('{', '~');
  return [...Map.groupBy(endpoints, ({ path }) => path)].toSorted(([a], [b]) =>
    sortable(a) < sortable(b) ? -1 : 1,
  );
}

/** A name that is given twice is a list, which no schema takes for one value. */
function toQuery(given: URLSearchParams): Record<string, unknown> {
  const entries = [...new Set(given.keys())].map((name) => {
    const values = given.getAll(name);
    return [name, values.length === 1 ? values[0] : values] as const;
  });
  return Object.fromEntries(entries);
}

function send(c: Context<WebEnv>, answer: Answer | Response): Response {
  if (answer instanceof Response) return answer;
  const { status, body, headers = {}, contentType = 'application/json' } = answer;
  if (body === undefined) return c.newResponse(null, { status, headers });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return c.newResponse(text, { status, headers: { ...headers, 'Content-Type': contentType } });
}
