import type { Context } from 'hono';

import { cachedFor } from '../../shared/platform/cached.ts';
import { DAY, MINUTE, toMs } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { errorFields, log } from '../../shared/platform/log.ts';
import type { Database } from '../../shared/platform/table.ts';
import { readApiKeyText } from '../../shared/settings/api-key.ts';
import type { Scope } from '../../shared/settings/api-key.ts';
import { findApiKey, noteApiKeyUse } from '../../shared/settings/api-key-store.ts';
import { problem } from '../problem.ts';
import type { Caller, Refused } from './endpoint.ts';

/** Who calls by this Authorization header, or why nobody may (W9). */
export type Authenticate = (header: string | undefined, at: Instant) => Promise<Caller | Refused>;

/** Looks keys up by their hash; what was found, or not found, holds for a minute. */
export function openAuthentication(db: Database): Authenticate {
  const find = cachedFor(MINUTE, (hash) => findApiKey(db, hash));
  // Once a day and container: the condition at the table makes it once a day.
  const note = cachedFor(DAY, async (idAndDay) => {
    const [id = '', day = ''] = idAndDay.split(' ');
    await noteApiKeyUse(db, id, day);
  });
  return async (header, at) => {
    if (header === undefined) return { refused: 'missing' };
    const sent = readApiKeyText(/^Bearer +(\S+)$/i.exec(header)?.[1] ?? '');
    if (!sent) return { refused: 'malformed' };
    const key = await find(sent.hash);
    if (!key) return { refused: 'unknown', id: sent.id };
    const { id, controller, scopes, revokedAt, expiresAt } = key;
    if (revokedAt !== undefined) return { refused: 'revoked', id };
    if (expiresAt !== undefined && toMs(expiresAt) <= toMs(at)) return { refused: 'expired', id };
    await note(`${id} ${at.slice(0, 10)}T00:00:00.000Z`).catch((error: unknown) => {
      // When a key was last used is good to know and no reason to turn anybody away.
      log('warn', 'api-key-use-not-noted', { key: id, ...errorFields(error) });
    });
    return { keyId: id, controller, scopes, actor: { kind: 'api', key: id } };
  };
}

/** 401, the same whatever is wrong with the key. */
export function refuseCaller(c: Context, sent: boolean): Response {
  c.header('WWW-Authenticate', sent ? 'Bearer error="invalid_token"' : 'Bearer');
  return problem(c, 401, { detail: 'A valid API key is needed: Authorization: Bearer ak_…' });
}

/** Whether a call shows a signature and no key. */
export function isSigned(c: Context): boolean {
  return c.req.header('authorization') === undefined && c.req.header('webhook-signature') !== undefined;
}

/** 401, the same whatever is wrong, so that nobody learns which sources there are. */
export function refuseSignature(c: Context): Response {
  c.header('WWW-Authenticate', 'Bearer');
  return problem(c, 401, {
    detail:
      'The signature is not valid. It covers id, timestamp and the body as it is sent, with a live secret of ?source=; clocks may differ by five minutes.',
    code: 'invalid-signature',
  });
}

/** 403, with the scope that is missing. */
export function refuseScope(c: Context, scope: Scope): Response {
  c.header('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`);
  return problem(c, 403, { detail: `This API key lacks the scope ${scope}.`, code: 'insufficient-scope' });
}
