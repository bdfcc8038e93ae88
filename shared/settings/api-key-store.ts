import * as z from 'zod';

import type { Instant } from '../platform/clock.ts';
import { DAY, plus, toTtl } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { keys } from '../platform/keys.ts';
import { getMany, queryPartition } from '../platform/read-many.ts';
import { get, transact, write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { apiKey, newApiKeyText } from './api-key.ts';
import type { ApiKey } from './api-key.ts';

const entry = z.object({ sk: z.string(), hash: z.string() });
const use = z.object({ day: z.string() });

/** The key that hashes to this, revoked and expired ones included: the hash is the look-up, so nothing is compared. */
export async function findApiKey(db: Database, hash: string): Promise<ApiKey | undefined> {
  return get(db, 'config', keys.apiKey(hash), apiKey);
}

/** Makes a key of a controller and answers its text, which nobody can read again. A controller may have many. */
export async function createApiKey(
  db: Database,
  wish: Pick<ApiKey, 'controller' | 'name' | 'scopes' | 'createdAt' | 'expiresAt'>,
): Promise<{ key: ApiKey; text: string }> {
  const { id, text, hash } = newApiKeyText();
  const key = { ...wish, id, hash };
  const condition = 'attribute_not_exists(pk)';
  const { done } = await transact(db, [
    { put: 'config', item: { ...keys.apiKey(hash), ...key }, condition },
    { put: 'config', item: { ...keys.apiKeys(key.controller, id), hash }, condition },
  ]);
  if (!done) throw new AppError('conflict', `the key ${id} exists already`);
  return { key, text };
}

/** All keys of a controller, oldest first, with the day each was last used. */
export async function listApiKeys(
  db: Database,
  controller: string,
): Promise<(ApiKey & { lastUsedOn?: string })[]> {
  const hashes: string[] = [];
  for await (const { hash } of queryPartition(db, 'config', keys.apiKeys(controller, '').pk, entry))
    hashes.push(hash);
  const found = await getMany(
    db,
    'config',
    hashes.map((hash) => keys.apiKey(hash)),
    apiKey,
  );
  const known = found.filter((key) => key !== undefined);
  const uses = await getMany(
    db,
    'outbox',
    known.map(({ id }) => keys.apiKeyUse(id)),
    use,
  );
  return known
    .map((key, at) => ({ ...key, ...(uses[at] ? { lastUsedOn: uses[at].day } : {}) }))
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** Ends a key for good, within a minute everywhere; `false` where it had ended before. */
export async function revokeApiKey(
  db: Database,
  { controller, id, at }: { controller: string; id: string; at: Instant },
): Promise<boolean> {
  const found = await get(db, 'config', keys.apiKeys(controller, id), entry);
  if (!found) throw new AppError('not-found', `${controller} has no key ${id}`);
  return write(db, {
    update: 'config',
    key: keys.apiKey(found.hash),
    set: 'SET revokedAt = :at',
    condition: 'attribute_exists(pk) AND attribute_not_exists(revokedAt)',
    values: { ':at': at },
  });
}

/**
 * Notes the day of a use. It stands in `outbox`, because what answers requests from everywhere must not need to write
 * where keys and their scopes are kept.
 */
export async function noteApiKeyUse(db: Database, id: string, at: Instant): Promise<void> {
  const day = at.slice(0, 10);
  await write(db, {
    update: 'outbox',
    key: keys.apiKeyUse(id),
    set: 'SET #day = :day, expiresAt = :gone',
    condition: 'attribute_not_exists(#day) OR #day < :day',
    names: { '#day': 'day' },
    values: { ':day': day, ':gone': toTtl(plus(at, 400 * DAY)) },
  });
}
