import type { Context } from 'hono';

import { sourceId } from '../../shared/engagement/event.ts';
import { liveSecrets } from '../../shared/engagement/source.ts';
import { findSource } from '../../shared/engagement/source-store.ts';
import { realMs } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { faultOfWebhook } from '../../shared/platform/webhook-signature.ts';
import type { ApiDeps } from './deps.ts';
import type { Caller, Refused } from './endpoint.ts';

/** The source named in the query, if it signed the bytes that came (W1, W2). */
export async function whoSigned(
  { db, secrets }: Pick<ApiDeps, 'db' | 'secrets'>,
  c: Context,
  at: Instant,
): Promise<Caller | Refused> {
  const { data: id } = sourceId.safeParse(c.req.query('source'));
  if (id === undefined) return { refused: 'no-source' };
  const header = (name: string) => c.req.header(`webhook-${name}`) ?? '';
  const headers = { id: header('id'), timestamp: header('timestamp'), signature: header('signature') };
  const found = await findSource(db, id);
  const live = found ? await liveSecrets(secrets, found, at) : [];
  const fault = faultOfWebhook(live, headers, new Uint8Array(await c.req.arrayBuffer()), realMs());
  const key = `source:${id}`;
  if (!found) return { refused: 'unknown', id: key };
  if (fault) return { refused: found.revokedAt === undefined ? fault : 'revoked', id: key };
  return {
    keyId: key,
    controller: found.controller,
    scopes: ['engagement:write'],
    actor: { kind: 'api', key },
  };
}
