import type { Context } from 'hono';
import * as z from 'zod';

import { DAY, MINUTE, plus, toTtl } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { newId, sha256 } from '../../shared/platform/ids.ts';
import { keys } from '../../shared/platform/keys.ts';
import { errorFields, log } from '../../shared/platform/log.ts';
import { get, write } from '../../shared/platform/table.ts';
import type { Database } from '../../shared/platform/table.ts';
import { problem } from '../problem.ts';
import type { Answer } from './endpoint.ts';
import { openAnswer, sealAnswer } from './sealed-answer.ts';

/** Longer than any request can run: then the one before it has ended, whatever became of it. */
const LEASE = MINUTE;
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/;
const BARE = /^[\x21\x23-\x7e][\x20-\x7e]{0,254}$/;

const remembered = z.object({
  fingerprint: z.string(),
  expiresAt: z.int(),
  sealed: z.instanceof(Uint8Array).optional(),
});

/** One request with an Idempotency-Key: of which API key, and its method, path and body. */
export type Attempt = { keyId: string; key: string; method: string; path: string; text: string; at: Instant };

/** The header's key, bare or as a quoted string (W7); undefined where none was sent. */
export function readIdempotencyKey(c: Context): { key: string | undefined } | Response {
  const header = c.req.header('idempotency-key')?.trim();
  if (header === undefined) return { key: undefined };
  const quoted = QUOTED.exec(header)?.[1];
  if (quoted !== undefined) return { key: quoted.replaceAll(/\\(["\\])/g, '$1') };
  if (BARE.test(header)) return { key: header };
  const detail = 'Idempotency-Key takes 1 to 255 printable characters.';
  return problem(c, 400, { detail, code: 'invalid-idempotency-key' });
}

/** Acts once for all requests that carry the same key within a day, however many come at a time. */
export async function actOnce(
  c: Context,
  db: Database,
  attempt: Attempt,
  act: () => Promise<Answer>,
): Promise<Answer | Response> {
  const claim = await claimKey(db, attempt);
  switch (claim.kind) {
    case 'claimed':
      return keepAnswer(db, attempt, claim.id, act);
    case 'answered':
      return claim.answer;
    case 'in-flight':
      c.header('Retry-After', '1');
      return problem(c, 409, {
        detail: 'The request with this Idempotency-Key is still running.',
        code: 'idempotency-key-in-use',
      });
    case 'other-request':
      return problem(c, 422, {
        detail: 'This Idempotency-Key was used for another request.',
        code: 'idempotency-key-reused',
      });
  }
}

type Claim =
  | { kind: 'claimed'; id: string }
  | { kind: 'answered'; answer: Answer }
  | { kind: 'in-flight' }
  | { kind: 'other-request' };

async function claimKey(db: Database, attempt: Attempt): Promise<Claim> {
  const { at } = attempt;
  const fingerprint = sha256(requestText(attempt));
  const id = newId('try');
  const leaseUntil = plus(at, LEASE);
  for (;;) {
    const claimed = await write(db, {
      put: 'outbox',
      item: { ...keyOf(attempt), fingerprint, claim: id, leaseUntil, expiresAt: toTtl(plus(at, DAY)) },
      // DynamoDB's own expiry is late (N8); a lease that ran out belongs to a request that died.
      condition:
        'attribute_not_exists(pk) OR expiresAt <= :seconds OR ' +
        '(fingerprint = :fingerprint AND attribute_not_exists(sealed) AND leaseUntil <= :at)',
      values: { ':seconds': toTtl(at), ':fingerprint': fingerprint, ':at': at },
    });
    if (claimed) return { kind: 'claimed', id };
    const found = await get(db, 'outbox', keyOf(attempt), remembered);
    // Given up between our two calls: it is free now.
    if (!found || found.expiresAt <= toTtl(at)) continue;
    if (found.fingerprint !== fingerprint) return { kind: 'other-request' };
    if (!found.sealed) return { kind: 'in-flight' };
    return { kind: 'answered', answer: openAnswer(requestText(attempt), found.sealed) };
  }
}

/** Acts and keeps the answer; an error is no answer, so it leaves the key free for the next attempt. */
async function keepAnswer(
  db: Database,
  attempt: Attempt,
  claim: string,
  act: () => Promise<Answer>,
): Promise<Answer> {
  const end = async (set: string, value: unknown) => {
    const update = { update: 'outbox', key: keyOf(attempt), set, condition: 'claim = :claim' } as const;
    try {
      await write(db, { ...update, values: { ':claim': claim, ':value': value } });
    } catch (error) {
      // What was done is done: that it could not be noted must not read as if it had failed. The lease ends by itself.
      log('error', 'idempotency-not-noted', { key: attempt.keyId, ...errorFields(error) });
    }
  };
  let answer: Answer;
  try {
    answer = await act();
  } catch (error) {
    await end('SET expiresAt = :value', toTtl(attempt.at));
    throw error;
  }
  await end('SET sealed = :value', sealAnswer(requestText(attempt), answer));
  return answer;
}

function keyOf({ keyId, key }: Attempt) {
  return keys.idempotency(keyId, sha256(key));
}

/** What must be alike; with the key in it, a body cannot be guessed from the hash that is stored. */
function requestText({ key, method, path, text }: Attempt): string {
  return [key, method, path, text].join('\n');
}
