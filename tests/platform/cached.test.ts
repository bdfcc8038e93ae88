import { afterEach, describe, expect, test } from 'vitest';

import { cachedFor } from '../../shared/platform/cached.ts';
import { MINUTE, setClockOffset } from '../../shared/platform/clock.ts';

afterEach(() => setClockOffset(0));

describe('a cached answer', () => {
  test('is loaded once per id, also by those who ask at once', async () => {
    const loaded: string[] = [];
    const read = cachedFor(MINUTE, (id) => Promise.resolve(`${id}${loaded.push(id)}`));
    expect(await Promise.all([read('a'), read('a'), read('b')])).toEqual(['a1', 'a1', 'b2']);
    expect(await read('a')).toBe('a1');
    expect(loaded).toEqual(['a', 'b']);
  });

  test('is kept for its time and no longer', async () => {
    let loads = 0;
    const read = cachedFor(MINUTE, () => Promise.resolve((loads += 1)));
    await read('a');
    setClockOffset(MINUTE - 1_000);
    expect(await read('a')).toBe(1);
    setClockOffset(MINUTE);
    expect(await read('a')).toBe(2);
  });

  test('“there is none” is an answer, a failure is not', async () => {
    let loads = 0;
    const read = cachedFor(MINUTE, (id) => {
      loads += 1;
      return id === 'bad' && loads === 1 ? Promise.reject(new Error('down')) : Promise.resolve(undefined);
    });
    await expect(read('bad')).rejects.toThrow('down');
    expect(await read('bad')).toBeUndefined();
    expect(await read('bad')).toBeUndefined();
    expect(loads).toBe(2);
  });

  test('does not pile up: after 500 ids it starts anew', async () => {
    let loads = 0;
    const read = cachedFor(MINUTE, () => Promise.resolve((loads += 1)));
    for (let id = 0; id < 501; id += 1) await read(String(id));
    expect(await read('500')).toBe(501);
    expect(await read('0')).toBe(502);
  });
});
