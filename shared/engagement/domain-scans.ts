import * as z from 'zod';

import { addressKey } from '../contacts/address-key.ts';
import { isPublicProvider } from '../contacts/public-providers.ts';
import { DAY, nowMs, plus, toTtl } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { sha256 } from '../platform/ids.ts';
import { keys } from '../platform/keys.ts';
import type { Key } from '../platform/keys.ts';
import { get, write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';

/** More mails say no more about a domain. */
const MOST = 50;
const KEPT_DAYS = 31;

const item = z.object({ messages: z.set(z.string()), expiresAt: z.int() });

/**
 * Where the history of a domain is kept: under a pseudonym, because a domain may be one person's. Undefined where
 * anybody can have a mailbox, so that the history would say nothing.
 * @param domain in ASCII, lower case
 */
export function domainScansKey(pepper: string, controller: string, domain: string): Key | undefined {
  if (isPublicProvider(domain)) return undefined;
  return keys.domainScans(controller, addressKey(pepper, `${controller}\n@${domain}`));
}

/** Remembers that a machine gave itself away in a mail to a domain; the same mail counts once. */
export async function noteScan(db: Database, key: Key, messageId: string, at: Instant): Promise<void> {
  const day = `${at.slice(0, 10)}T00:00:00.000Z`;
  await write(db, {
    update: 'engagement',
    key,
    set: 'SET expiresAt = :expiresAt ADD messages :message',
    // Of a history past its time nothing must live on (N8).
    condition: 'attribute_not_exists(pk) OR (expiresAt > :now AND size(messages) < :most)',
    values: {
      // By whole days, so that the news of one day may come in any order (V7).
      ':expiresAt': toTtl(plus(day, (KEPT_DAYS + 1) * DAY)),
      ':message': new Set([hashed(messageId)]),
      ':now': Math.floor(nowMs() / 1_000),
      ':most': MOST,
    },
  });
}

/** How many other mails to the domain a machine gave itself away in. */
export async function countScans(db: Database, key: Key, messageId: string): Promise<number> {
  const known = await get(db, 'engagement', key, item, { consistent: false });
  if (!known || known.expiresAt * 1_000 <= nowMs()) return 0;
  return [...known.messages].filter((message) => message !== hashed(messageId)).length;
}

function hashed(messageId: string): string {
  return sha256(messageId).slice(0, 16);
}
