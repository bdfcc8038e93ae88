import { beforeAll, describe, expect, test } from 'vitest';

import { addressKey } from '../../shared/contacts/address-key.ts';
import { claimAddress, readAddress, tellAddress } from '../../shared/contacts/store.ts';
import type { SuppressionNews } from '../../shared/contacts/suppression.ts';
import { isSuppressed } from '../../shared/contacts/suppression.ts';
import { DAY, plus } from '../../shared/platform/clock.ts';
import { randomToken } from '../../shared/platform/ids.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { openTestDatabase } from '../support/engine.ts';
import type { TestDatabase } from '../support/engine.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});

const CONTROLLER = 'nordlicht-gmbh';
const AT = '2026-11-22T07:25:00.000Z';
const someKey = () => randomToken(16);
const tell = (key: string, news: SuppressionNews) => tellAddress(db, CONTROLLER, key, news);

describe('D5 the key of an address', () => {
  test('D5 depends on pepper and address: 128 bits of HMAC-SHA-256, never a plain hash', () => {
    const [one, other] = ['A'.repeat(43), 'B'.repeat(43)];
    const key = addressKey(one, 'anna@example.com');
    // printf 'anna@example.com' | openssl dgst -sha256 -mac HMAC -macopt hexkey:<32 zero bytes>
    expect(key).toBe('e43fbcfcbd406e02ced6eb614b73f34a');
    expect(addressKey(other, 'anna@example.com')).not.toBe(key);
    expect(addressKey(one, 'anna@example.org')).not.toBe(key);
  });
});

describe('claiming an address', () => {
  const claim = (id: string, key: string, controller = CONTROLLER) =>
    write(db, claimAddress(controller, key, id));

  test('D4 a tombstone gives way to the person’s own sign-up alone', async () => {
    const key = someKey();
    await write(db, { put: 'contacts', item: { ...keys.address(CONTROLLER, key), erasedAt: AT } });
    expect(await write(db, claimAddress(CONTROLLER, key, 'con_import', { lifts: false }))).toBe(false);
    expect(await write(db, claimAddress(CONTROLLER, key, 'con_person'))).toBe(true);
    expect(await readAddress(db, CONTROLLER, key)).toEqual({ contactId: 'con_person' });
  });

  test('the first contact gets it, the next one does not', async () => {
    const key = someKey();
    expect(await claim('con_1', key)).toBe(true);
    expect(await claim('con_2', key)).toBe(false);
    expect(await readAddress(db, CONTROLLER, key)).toEqual({ contactId: 'con_1' });
  });

  test('of 20 at once one gets it', async () => {
    const key = someKey();
    const claims = await Promise.all(Array.from({ length: 20 }, (_, index) => claim(`con_${index}`, key)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  test('each controller has its own', async () => {
    const key = someKey();
    expect(await claim('con_1', key)).toBe(true);
    expect(await claim('con_2', key, 'another-gmbh')).toBe(true);
  });

  test('lifts a tombstone and keeps what is known of the mailbox', async () => {
    const key = someKey();
    const complaint = await tell(key, { kind: 'complaint', at: AT });
    await write(db, {
      update: 'contacts',
      key: keys.address(CONTROLLER, key),
      set: 'SET erasedAt = :at',
      values: { ':at': AT },
    });
    expect(await claim('con_1', key)).toBe(true);
    expect(await readAddress(db, CONTROLLER, key)).toEqual({
      contactId: 'con_1',
      suppression: complaint,
      rev: 1,
    });
  });
});

describe('news about mail to an address', () => {
  test('V7 told again writes nothing', async () => {
    const key = someKey();
    const news = { kind: 'hard-bounce', at: AT, reason: 'Permanent/General' } as const;
    const state = await tell(key, news);
    db.reset();
    expect(await tell(key, news)).toEqual(state);
    expect(db.units().write).toBe(0);
    expect(await readAddress(db, CONTROLLER, key)).toEqual({ suppression: state, rev: 1 });
  });

  test('V7 told by 20 at once, all of it counts', async () => {
    const key = someKey();
    const news = Array.from(
      { length: 20 },
      (_, n) => ({ kind: 'soft-bounce', at: plus(AT, n), id: `b${n}` }) as const,
    );
    await Promise.all(news.map((one) => tell(key, one)));
    const known = await readAddress(db, CONTROLLER, key);
    expect(known?.suppression?.soft.map(({ id }) => id)).toEqual(news.map(({ id }) => id));
    expect(known?.rev).toBe(20);
    expect(isSuppressed(known?.suppression, plus(AT, DAY))).toEqual({
      suppressed: true,
      reason: 'soft-bounces',
    });
  });

  test('leaves the owner of the address alone', async () => {
    const key = someKey();
    await write(db, claimAddress(CONTROLLER, key, 'con_1'));
    const suppression = await tell(key, { kind: 'complaint', at: AT });
    expect(await readAddress(db, CONTROLLER, key)).toEqual({ contactId: 'con_1', suppression, rev: 1 });
  });

  test('that cannot be stored is an error, not lost', async () => {
    const key = someKey();
    const failing = await faultyDatabase(db, (operation) =>
      operation === 'Update' ? { error: serviceError('InternalServerError'), arrives: false } : undefined,
    );
    const told = tellAddress(failing, CONTROLLER, key, { kind: 'complaint', at: AT });
    await expect(told).rejects.toThrow('InternalServerError');
    expect(await readAddress(db, CONTROLLER, key)).toBeUndefined();
  });
});
