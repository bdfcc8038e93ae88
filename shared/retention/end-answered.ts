import type { Instant } from '../platform/clock.ts';
import type { Key } from '../platform/keys.ts';
import { get, write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { personRequest } from '../preferences/person-request.ts';
import type { Settings } from '../settings/store.ts';
import { retainedUntil } from './schedule.ts';
import { removeItem } from './store.ts';

type EndDeps = { db: Database; settings: Pick<Settings, 'policy'> };

/** Forgets an answered request once nobody needs to prove the answer any more; until then it is due on that day. */
export async function endAnswered({ db, settings }: EndDeps, key: Key, at: Instant): Promise<void> {
  const request = await get(db, 'contacts', key, personRequest);
  if (!request?.answered) return;
  const policy = await settings.policy(request.controller);
  const until = retainedUntil('answered-request', request.answered.at, policy);
  if (until === undefined) return;
  if (until <= at) return removeItem(db, 'contacts', key);
  await write(db, {
    update: 'contacts',
    key,
    set: 'SET dueAt = :until',
    // An erasure may have taken it meanwhile (D4).
    condition: 'attribute_exists(pk)',
    values: { ':until': until },
  });
}
