import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { tellVolume } from '../../shared/decision/volume.ts';
import type { VolumeItem } from '../../shared/decision/volume.ts';
import { DAY, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { countMailings, openVolume } from '../../shared/preferences/volume.ts';
import { brand, uses } from '../permission/person.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { openTestDatabase } from '../support/engine.ts';
import type { TestDatabase } from '../support/engine.ts';
import { advanceClock, resetClock } from '../support/system.ts';

const AT = '2026-11-22T07:25:00.000Z';
const ago = (days: number) => plus(AT, -days * DAY).slice(0, 10);
const sent = (mailing: string, more: Partial<VolumeItem> = {}): VolumeItem => ({
  day: ago(1),
  use: 'newsletter',
  mailing,
  ...more,
});
const counted = (...items: VolumeItem[]) => {
  const { uses: byUse, topics } = countMailings(items, AT);
  return { uses: Object.fromEntries(byUse), topics: Object.fromEntries(topics) };
};

describe('mailings of the last 90 days', () => {
  test('each counts once, whatever days and batches it took', () => {
    const drives = { topic: 'drives' };
    expect(
      counted(
        sent('one', drives),
        sent('one', { ...drives, day: ago(2) }),
        sent('one', { topic: 'service' }),
        sent('two', drives),
        sent('three'),
      ),
    ).toEqual({ uses: { newsletter: 3 }, topics: { drives: 2, service: 1 } });
  });

  test('a name used for two uses is two mailings', () => {
    expect(counted(sent('one'), sent('one', { use: 'event-invitation' })).uses).toEqual({
      newsletter: 1,
      'event-invitation': 1,
    });
  });

  test.each([
    [89, 1],
    [90, undefined],
    [100, undefined],
  ])('one of %i days ago counts: %j', (days, expected) => {
    expect(counted(sent('one', { day: ago(days) })).uses['newsletter']).toBe(expected);
  });

  test('of nothing, nothing is known', () => {
    expect(counted()).toEqual({ uses: {}, topics: {} });
  });
});

describe('the count of a brand', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(resetClock);
  const [newsletter] = uses.uses;
  const tell = (mailing: string, topics: string[], of = brand) => {
    if (!newsletter) throw new Error('the demo company has no newsletter');
    return tellVolume(db, { brand: of, use: newsletter, at: now() }, { mailing, topics });
  };

  test('is its own, and read at most every five minutes', async () => {
    const volumeOf = openVolume(db);
    await tell('one', ['drives']);
    await tell('theirs', ['drives'], { ...brand, id: 'polarstern' });
    expect((await volumeOf(brand.id)).topics).toEqual(new Map([['drives', 1]]));
    await tell('two', ['drives']);
    db.reset();
    expect((await volumeOf(brand.id)).topics.get('drives')).toBe(1);
    expect(db.units().read).toBe(0);
    advanceClock(5 * MINUTE + 1);
    expect((await volumeOf(brand.id)).topics.get('drives')).toBe(2);
  });

  test('is not known where it cannot be read, and nobody waits for it', async () => {
    const error = serviceError('ProvisionedThroughputExceededException');
    const faulty = await faultyDatabase(db, () => ({ error, arrives: false }));
    expect(await openVolume(faulty)(brand.id)).toEqual({ uses: new Map(), topics: new Map() });
  });
});
