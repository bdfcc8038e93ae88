import type { Context } from 'hono';
import * as z from 'zod';

import { MINUTE, plus, toTtl } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { writeReturning } from '../../shared/platform/table.ts';
import type { Database } from '../../shared/platform/table.ts';
import { problem } from '../problem.ts';

const counter = z.object({ calls: z.int().positive() });

/** Where a key stands in the present minute. */
export type Quota = { limit: number; remaining: number; resetSeconds: number; exceeded: boolean };

/** Counts one call of a key, those refused included: one atomic update, so that no two containers disagree (W8). */
export async function countCall(
  db: Database,
  { keyId, limit, at }: { keyId: string; limit: number; at: Instant },
): Promise<Quota> {
  const counted = await writeReturning(db, {
    update: 'outbox',
    key: keys.apiLimit(keyId, at.slice(0, 16)),
    set: 'SET expiresAt = :gone ADD calls :one',
    values: { ':gone': toTtl(plus(at, 2 * MINUTE)), ':one': 1 },
  });
  const { calls } = counter.parse(counted);
  const resetSeconds = 60 - Number(at.slice(17, 19));
  return { limit, remaining: Math.max(0, limit - calls), resetSeconds, exceeded: calls > limit };
}

/** Tells the caller where it stands, in the fields of the RateLimit draft. */
export function tellQuota(c: Context, { limit, remaining, resetSeconds }: Quota): void {
  c.header('RateLimit-Policy', `"minute";q=${limit};w=60`);
  c.header('RateLimit', `"minute";r=${remaining};t=${resetSeconds}`);
}

/** 429 with the time after which a call has a chance again. */
export function refuseTooMany(c: Context, { limit, resetSeconds }: Quota): Response {
  c.header('Retry-After', String(resetSeconds));
  return problem(c, 429, {
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    detail: `No more than ${limit} calls a minute are taken.`,
    code: 'quota-exceeded',
  });
}
