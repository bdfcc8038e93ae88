import { afterAll, expect, test } from 'vitest';

import { readLegalHold } from '../../shared/contacts/legal-hold.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { write } from '../../shared/platform/table.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { reapplyErasures } from '../../shared/retention/reapply.ts';
import { readErased } from '../../shared/retention/store.ts';
import { advanceClock, resetClock } from '../support/system.ts';
import { ANNA, openRetaining } from './somebody.ts';
import type { Retaining } from './somebody.ts';

afterAll(resetClock);

const MUTABLE = ['contacts', 'engagement', 'outbox'] as const;

/** What a restore of the mutable tables to this moment brings back. */
async function backUp(system: Retaining): Promise<() => Promise<void>> {
  const kept = await Promise.all(MUTABLE.map(async (table) => ({ table, items: await system.dump(table) })));
  return async () => {
    for (const { table, items } of kept) {
      for (const key of await system.dump(table)) await system.forget(table, key);
      for (const item of items) await write(system.deps.db, { put: table, item });
    }
  };
}

test('N11 a restored backup forgets again whom we were told to forget, and nobody else', async () => {
  const system = await openRetaining();
  const { db } = system.deps;
  const [person, other] = [await system.somebody(), await system.somebody('carl@elsewhere.org')];
  const since = now();
  const restore = await backUp(system);
  await system.erase(person.id);
  const [hold, erased] = [await readLegalHold(db, person.id), await readErased(db, person.id)];
  await restore();
  expect((await system.contactOf(ANNA))?.id).toBe(person.id);

  expect(await reapplyErasures(db, since)).toBe(1);
  expect(await readContact(db, person.id)).toBeUndefined();
  expect((await system.everything()).replaceAll('carl@elsewhere.org', '')).not.toContain('anna.berger');
  expect(await readLegalHold(db, person.id)).toEqual(hold);
  expect(await readErased(db, person.id)).toMatchObject({ erasedAt: erased?.erasedAt, head: erased?.head });
  expect((await system.pointerOf(ANNA))?.erasedAt).toBe(erased?.erasedAt);
  expect(verifyChain(await readEntries(db, person.id), erased?.head)).toMatchObject({ ok: true });
  expect(await system.contactOf('carl@elsewhere.org')).toEqual(other);
  expect(await reapplyErasures(db, since)).toBe(0);
});

test('N11 an empty table learns from the journal who was erased, and from when', async () => {
  const system = await openRetaining();
  const { db } = system.deps;
  const first = await system.stranger({ addressKey: 'a1' });
  await system.erase(first.id);
  advanceClock(40 * 24 * 60 * MINUTE);
  const second = await system.stranger({ addressKey: 'a2' });
  const since = now();
  await system.erase(second.id, { at: since });
  for (const key of await system.dump('contacts')) await system.forget('contacts', key);

  expect(await reapplyErasures(db, since)).toBe(0);
  expect(await readErased(db, first.id)).toBeUndefined();
  expect(await readErased(db, second.id)).toMatchObject({ erasedAt: since, clearedAt: expect.any(String) });
  await reapplyErasures(db, plus(since, -60 * 24 * 60 * MINUTE));
  expect(await readErased(db, first.id)).toBeDefined();
  expect(await readErased(db, second.id)).toBeDefined();
});
