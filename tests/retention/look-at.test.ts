import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';

import { readLegalHold } from '../../shared/contacts/legal-hold.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { permissionKey } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { DAY, MINUTE, now, plus, plusMonths, toMs } from '../../shared/platform/clock.ts';
import { dueShard, keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { readErased } from '../../shared/retention/store.ts';
import { wakeContacts } from '../../shared/retention/wake-contacts.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { BRAND, advanceClock, captureLog, resetClock } from '../support/system.ts';
import { STAFF, openRetaining } from './somebody.ts';
import type { Retaining } from './somebody.ts';

afterAll(resetClock);
afterEach(() => vi.restoreAllMocks());

const NEWSLETTER = permissionKey(BRAND, 'newsletter');

/** Lets time pass until `at`, then does what the clock does. */
async function until(system: Retaining, at: string): Promise<Record<string, unknown>[]> {
  advanceClock(toMs(at) - toMs(now()));
  const lines = captureLog();
  await wakeContacts(system.deps);
  vi.restoreAllMocks();
  return lines.filter(({ level }) => level !== undefined);
}
const said = (lines: Record<string, unknown>[], event: string) =>
  lines.filter((line) => line['event'] === event);
const dueOf = async ({ deps }: Retaining, id: string) => (await readContact(deps.db, id))?.dueAt;

async function subscriber(system: Retaining): Promise<Contact> {
  return system.somebody(`anna-${now().slice(11, 23).replaceAll(/\W/g, '')}@example.com`);
}

describe('the clock over contacts', () => {
  test('G8 warns once at 18 months and lapses at 24, however long nothing ran between', async () => {
    const system = await openRetaining();
    const { db } = system.deps;
    const person = await subscriber(system);
    const since = person.permissions[NEWSLETTER]?.since ?? '';
    const [warning, lapse] = [plusMonths(since, 18), plusMonths(since, 24)];
    expect(said(await until(system, plus(warning, -MINUTE)), 'consent-lapses-soon')).toEqual([]);
    expect(await dueOf(system, person.id)).toBe(warning);
    const told = said(await until(system, warning), 'consent-lapses-soon');
    expect(told).toMatchObject([{ contactId: person.id, brand: BRAND, use: 'newsletter' }]);
    expect(said(await until(system, plus(warning, 40 * DAY)), 'consent-lapses-soon')).toEqual([]);

    await until(system, plus(lapse, -MINUTE));
    expect((await readContact(db, person.id))?.permissions[NEWSLETTER]?.status).toBe('granted');
    await until(system, plus(lapse, MINUTE));
    const after = await readContact(db, person.id);
    expect(after).toMatchObject({ permissions: {}, lapses: { [NEWSLETTER]: { seq: 2 } } });
    expect(verifyChain(await readEntries(db, person.id), after?.head)).toMatchObject({
      ok: true,
      entries: 2,
    });
  });

  test('DOMAIN 8 forgets who has neither grant nor business 24 months after the last own act', async () => {
    const system = await openRetaining();
    const { db } = system.deps;
    const person = await system.stranger();
    const end = plusMonths(person.createdAt, 24);
    await until(system, plus(end, -MINUTE));
    expect(await readContact(db, person.id)).toBeDefined();
    await until(system, plus(end, MINUTE));
    expect(await readContact(db, person.id)).toBeUndefined();
    expect(await readErased(db, person.id)).toMatchObject({
      requestedBy: 'retention',
      clearedAt: expect.any(String),
    });
    const last = (await readEntries(db, person.id)).at(-1);
    expect(last).toMatchObject({ type: 'erased', route: 'clock', actor: { kind: 'system', name: 'clock' } });
  });

  test.each(['customer', 'partner', 'prospect'])(
    'keeps a quiet %s only where it is business',
    async (kind) => {
      const system = await openRetaining();
      const { db } = system.deps;
      const at = now();
      const account = {
        schema: 1,
        id: 'acc_1',
        controller: 'nordlicht-gmbh',
        externalIds: {},
        name: 'Berger KG',
        class: kind,
        domains: [],
        createdAt: at,
        updatedAt: at,
        rev: 1,
      };
      await write(db, { put: 'contacts', item: { ...keys.account('acc_1'), ...account } });
      const person = await system.stranger({ accountId: 'acc_1' });
      const late = plus(plusMonths(person.createdAt, 24), MINUTE);
      await until(system, late);
      const kept = await readContact(db, person.id);
      expect(kept !== undefined).toBe(kind !== 'prospect');
      // Whoever stays is asked for again.
      const again = kept?.lookedAt && plus(kept.lookedAt, 28 * DAY);
      expect(kept?.dueAt).toBe(again);
    },
  );

  test('G10 says on day 25, once, who has not been told that we hold their data', async () => {
    const system = await openRetaining();
    const person = await system.stranger();
    const told = await system.stranger({ informedAt: now(), addressKey: 'another' });
    const day = plus(person.createdAt, 25 * DAY);
    expect(said(await until(system, plus(day, -MINUTE)), 'contact-not-informed')).toEqual([]);
    const lines = said(await until(system, plus(day, MINUTE)), 'contact-not-informed');
    expect(lines).toMatchObject([{ contactId: person.id }]);
    expect(JSON.stringify(lines)).not.toContain(told.id);
    expect(said(await until(system, plus(day, 5 * DAY)), 'contact-not-informed')).toEqual([]);
  });

  test('a policy that was tightened holds within four weeks', async () => {
    const system = await openRetaining();
    const person = await subscriber(system);
    await until(system, plus(now(), 5 * 30 * DAY));
    await system.set('policy', person.controller, {
      id: person.controller,
      lapse: { months: 3, warnMonths: 2 },
    });
    await until(system, plus(now(), 28 * DAY));
    expect((await readContact(system.deps.db, person.id))?.permissions).toEqual({});
  });

  test('G14 H5 destroys the salt on its date, and the chain stays whole', async () => {
    const system = await openRetaining();
    const { db } = system.deps;
    const person = await subscriber(system);
    await system.erase(person.id);
    const hold = await readLegalHold(db, person.id);
    await until(system, plus(hold?.until ?? '', -MINUTE));
    expect(await readLegalHold(db, person.id)).toEqual(hold);
    await until(system, plus(hold?.until ?? '', MINUTE));
    expect(await readLegalHold(db, person.id)).toBeUndefined();
    expect(await system.everything()).not.toContain(person.salt.toLowerCase());
    const head = (await readErased(db, person.id))?.head;
    expect(verifyChain(await readEntries(db, person.id), head)).toMatchObject({ ok: true });
  });

  test('runs at once or again do nothing twice, and one that fails stops no other', async () => {
    const system = await openRetaining();
    const { db } = system.deps;
    const people = await Promise.all(
      Array.from({ length: 6 }, (_, at) => system.stranger({ addressKey: `k${at}` })),
    );
    const poison = keys.contact('con_poison');
    await write(db, {
      put: 'contacts',
      item: { ...poison, id: 'con_poison', dueAt: now(), dueShard: dueShard(poison.pk) },
    });
    await write(db, { put: 'contacts', item: { pk: 'Z#1', sk: 'WHAT', dueAt: now(), dueShard: 'D0' } });
    advanceClock(toMs(plusMonths(now(), 24)) - toMs(now()) + MINUTE);
    const lines = captureLog();
    await Promise.all([wakeContacts(system.deps), wakeContacts(system.deps)]);
    expect(said(lines, 'wake-failed').filter(({ level }) => level === 'error')).toHaveLength(2);
    for (const { id } of people) {
      expect((await readEntries(db, id)).map(({ type }) => type)).toEqual(['known', 'erased']);
    }
    expect(await wakeContacts(system.deps)).toBe(0);
    advanceClock(6 * MINUTE);
    lines.length = 0;
    await wakeContacts(system.deps);
    expect(said(lines, 'wake-failed').filter(({ level }) => level === 'error')).toHaveLength(2);
  });

  test('an erasure that was cut short after its first step is finished', async () => {
    const system = await openRetaining();
    const person = await subscriber(system);
    const db = await faultyDatabase(system.deps.db, (operation) =>
      operation === 'Delete' ? { error: serviceError('InternalServerError'), arrives: false } : undefined,
    );
    const { deps } = system;
    const cut = await system.erase(person.id, {}, { ...deps, db });
    expect(cut).toMatchObject({ kind: 'erased' });
    expect(cut.kind === 'erased' && cut.erased.clearedAt).toBeUndefined();
    expect(await readContact(deps.db, person.id)).toBeUndefined();
    expect(await system.dump('engagement')).not.toEqual([]);
    await until(system, plus(now(), 6 * MINUTE));
    expect(await system.dump('engagement')).toEqual([]);
    expect((await readErased(deps.db, person.id))?.clearedAt).toBeDefined();
  });

  test('who acts in the very moment is not forgotten as idle', async () => {
    const system = await openRetaining();
    const person = await system.stranger();
    const outcome = await system.erase(person.id, {
      requestedBy: 'retention',
      actor: STAFF,
      onlyIf: () => false,
    });
    expect(outcome).toEqual({ kind: 'kept' });
    expect(await readContact(system.deps.db, person.id)).toEqual(person);
  });
});
