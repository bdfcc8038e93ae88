import { SECOND, now, nowMs } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { DUE_SHARDS } from '../platform/keys.ts';
import type { Key, TableName } from '../platform/keys.ts';
import { errorFields, log, metric } from '../platform/log.ts';
import type { Database } from '../platform/table.ts';
import { dueKeys, wakeItem } from './store.ts';

/** Each shard may take this long in one run; what is left is found in the next. */
const SHARD_BUDGET = 40 * SECOND;
const PAGE = 100;

/** Does what is due for one item and moves it out of the way; false where it was not due any more. */
type WakeOne = (key: Key, at: Instant) => Promise<boolean>;

/**
 * Wakes everything that is due. An item stays in the index, five minutes later, until its consumer says what is
 * due next: a wake that is lost on the way heals itself.
 */
export async function wakeDue(db: Database): Promise<number> {
  return wakeEach(db, 'outbox', (key, at) => wakeItem(db, 'outbox', key, at));
}

/** Wakes all that is due in a table, shard by shard; what fails is told and stops nothing else. */
export async function wakeEach(db: Database, table: TableName, wakeOne: WakeOne): Promise<number> {
  const counts = await Promise.all(DUE_SHARDS.map((shard) => wakeShard(db, { table, shard, wakeOne })));
  const woken = counts.reduce((sum, count) => sum + count, 0);
  metric('woken', woken, { table });
  return woken;
}

async function wakeShard(
  db: Database,
  { table, shard, wakeOne }: { table: TableName; shard: string; wakeOne: WakeOne },
): Promise<number> {
  const stopAt = nowMs() + SHARD_BUDGET;
  const at = now();
  let woken = 0;
  let failed = 0;
  while (nowMs() < stopAt) {
    const keys = await dueKeys(db, table, shard, at, PAGE);
    const results = await Promise.allSettled(keys.map((key) => wakeOne(key, at)));
    for (const result of results) {
      if (result.status === 'fulfilled') woken += result.value ? 1 : 0;
      else {
        failed += 1;
        log('error', 'wake-failed', { shard, ...errorFields(result.reason) });
      }
    }
    // A short page was the last one; a page in which nothing moved would come again at once.
    const moved = results.some((result) => result.status === 'fulfilled' && result.value);
    if (keys.length < PAGE || !moved) break;
  }
  if (failed > 0) metric('wake-failed', failed, { table });
  return woken;
}
