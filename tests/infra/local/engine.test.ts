import { describe, expect, test } from 'vitest';
import { get, transact, write } from '../../../shared/platform/table.ts';
import * as z from 'zod';
import { openTestDatabase } from '../../support/engine.ts';

describe('the test engine', () => {
  test('gives each caller a database of its own and counts its units', async () => {
    const [one, two] = await Promise.all([openTestDatabase(), openTestDatabase()]);
    const key = { pk: 'a', sk: 'b' };
    expect(await write(one, { put: 'outbox', item: { ...key, n: 1, gone: undefined } })).toBe(true);
    expect(one.units()).toEqual({ read: 0, write: 1 });
    const item = z.looseObject({ n: z.number() });
    expect(await get(one, 'outbox', key, item)).toEqual({ ...key, n: 1 });
    expect(await get(two, 'outbox', key, item)).toBeUndefined();
    expect(one.units()).toEqual({ read: 1, write: 1 });
    one.reset();
    expect(one.units()).toEqual({ read: 0, write: 0 });
    await transact(one, [{ put: 'config', item: key }]);
    expect(one.units()).toEqual({ read: 0, write: 2 });
  });
});
