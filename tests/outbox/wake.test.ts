import { afterAll, describe, expect, test } from 'vitest';

import { HOUR, MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { DUE_SHARDS, dueShard, keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { wakeDue } from '../../shared/outbox/wake.ts';
import { advanceClock, openTestSystem, resetClock } from '../support/system.ts';

afterAll(resetClock);

async function withDue(instants: Record<string, string>) {
  const system = await openTestSystem();
  await Promise.all(
    Object.entries(instants).map(([id, dueAt]) => {
      const key = keys.mail(id);
      const item = { ...key, id, dueAt, dueShard: dueShard(key.pk) };
      return write(system.deps.db, { put: 'outbox', item });
    }),
  );
  const items = async () => new Map((await system.dump('outbox')).map((item) => [String(item['id']), item]));
  return { ...system, items };
}

describe('the clock', () => {
  test('wakes exactly what is due, to the millisecond, and leaves it due in five minutes', async () => {
    const at = plus(now(), SECOND);
    const { deps, items } = await withDue({
      past: plus(at, -HOUR),
      now: at,
      soon: plus(at, 10 * SECOND),
      later: plus(at, HOUR),
    });
    const before = await items();
    advanceClock(SECOND);
    expect(await wakeDue(deps.db)).toBe(2);
    const after = await items();
    for (const id of ['past', 'now']) {
      const item = after.get(id);
      expect(item).toMatchObject({ todo: 'mail', wokenAt: expect.any(String) });
      expect(item?.['dueAt']).toBe(plus(String(item?.['wokenAt']), 5 * MINUTE));
    }
    for (const id of ['soon', 'later']) expect(after.get(id)).toEqual(before.get(id));
  });

  test('run again or twice at once it wakes nothing twice; what nobody handled comes back after five minutes', async () => {
    const { deps } = await withDue({ one: now(), two: now() });
    const [first, second] = await Promise.all([wakeDue(deps.db), wakeDue(deps.db)]);
    expect(first + second).toBe(2);
    expect(await wakeDue(deps.db)).toBe(0);
    advanceClock(5 * MINUTE - SECOND);
    expect(await wakeDue(deps.db)).toBe(0);
    advanceClock(2 * SECOND);
    expect(await wakeDue(deps.db)).toBe(2);
  });

  test('wakes more than a page in every shard in one run', async () => {
    const ids = Array.from({ length: 620 }, (_, index) => `page-${index}`);
    const counts = Map.groupBy(ids, (id) => dueShard(keys.mail(id).pk));
    expect([...counts.keys()].sort()).toEqual([...DUE_SHARDS]);
    expect(Math.min(...[...counts.values()].map((shard) => shard.length))).toBeGreaterThan(100);
    const { deps, items } = await withDue(Object.fromEntries(ids.map((id) => [id, now()])));
    expect(await wakeDue(deps.db)).toBe(620);
    expect([...(await items()).values()].every((item) => item['todo'] === 'mail')).toBe(true);
  });

  test('finds nothing in an empty table', async () => {
    const { deps } = await withDue({});
    expect(await wakeDue(deps.db)).toBe(0);
  });
});
