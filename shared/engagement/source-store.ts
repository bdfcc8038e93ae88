import * as z from 'zod';

import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { keys } from '../platform/keys.ts';
import { getMany, queryPartition } from '../platform/read-many.ts';
import { get, transact, write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { SES_SOURCE } from './event.ts';
import { nextGenerations, source } from './source.ts';
import type { Source } from './source.ts';

/** One source of one controller, now. */
type Addressed = { controller: string; id: string; at: Instant };

/** A source by its id, whosever it is; read anew each time, so that a new secret counts at once. */
export async function findSource(db: Database, id: string): Promise<Source | undefined> {
  return get(db, 'config', keys.source(id), source);
}

/** Registers a source. An id is used once: what was posted under it keeps its meaning. */
export async function createSource(
  db: Database,
  { controller, id, at, name }: Addressed & { name: string },
): Promise<Source> {
  const made: Source = { id, controller, name, generations: [{ n: 1 }], createdAt: at };
  const condition = 'attribute_not_exists(pk)';
  const taken = new AppError('conflict', 'There is a source of this id, or was one.', { reason: 'exists' });
  if (id === SES_SOURCE) throw taken;
  const { done } = await transact(db, [
    { put: 'config', item: { ...keys.source(id), ...made }, condition },
    { put: 'config', item: keys.sources(controller, id), condition },
  ]);
  if (!done) throw taken;
  return made;
}

/** All sources of a controller by their ids, those revoked included. */
export async function listSources(db: Database, controller: string): Promise<Source[]> {
  const listed = await Array.fromAsync(
    queryPartition(db, 'config', keys.sources(controller, '').pk, z.object({ sk: z.string() })),
  );
  const wanted = listed.map(({ sk }) => keys.source(sk));
  return (await getMany(db, 'config', wanted, source)).filter((found) => found !== undefined);
}

/** Gives a source a new secret; the former is taken for a day more. */
export async function rotateSource(db: Database, { controller, id, at }: Addressed): Promise<Source> {
  const found = await findOwn(db, controller, id);
  if (found.revokedAt !== undefined) throw unknownSource();
  const generations = nextGenerations(found, at);
  const written = await write(db, {
    update: 'config',
    key: keys.source(id),
    set: 'SET generations = :next',
    condition: 'generations = :was AND attribute_not_exists(revokedAt)',
    values: { ':was': found.generations, ':next': generations },
  });
  // The other one's answer holds the newest secret: two that both believe so would help nobody.
  if (!written)
    throw new AppError('conflict', 'Somebody changed this source just now.', { reason: 'changed' });
  return { ...found, generations };
}

/** Ends a source for good: nothing signed by it is taken any more. */
export async function revokeSource(db: Database, { controller, id, at }: Addressed): Promise<void> {
  await findOwn(db, controller, id);
  await write(db, {
    update: 'config',
    key: keys.source(id),
    set: 'SET revokedAt = :at',
    condition: 'attribute_not_exists(revokedAt)',
    values: { ':at': at },
  });
}

async function findOwn(db: Database, controller: string, id: string): Promise<Source> {
  const found = await findSource(db, id);
  if (found?.controller !== controller) throw unknownSource();
  return found;
}

function unknownSource(): AppError {
  return new AppError('not-found', 'There is no such source.');
}
