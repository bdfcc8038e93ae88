import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';

import { readContact, updateProfile } from '../../shared/contacts/store.ts';
import { updateFrequency } from '../../shared/frequency/store.ts';
import { MINUTE, now } from '../../shared/platform/clock.ts';
import { write } from '../../shared/platform/table.ts';
import type { Database } from '../../shared/platform/table.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { askUs } from '../../shared/preferences/person-request.ts';
import { readErased } from '../../shared/retention/store.ts';
import { wakeContacts } from '../../shared/retention/wake-contacts.ts';
import { brand } from '../permission/person.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { advanceClock, linkIn, resetClock } from '../support/system.ts';
import { ANNA, STAFF, TRACES, openRetaining, question } from './somebody.ts';

afterAll(resetClock);

const RIVALS = ['confirm', 'withdraw', 'patch', 'book', 'sign-up', 'ask', 'erase', 'clock'] as const;
type Rival = (typeof RIVALS)[number];

/** The `nth` call of the database fails, before or after it is done. */
async function failing(db: Database, nth: number, arrives: boolean): Promise<Database> {
  let left = nth;
  return faultyDatabase(db, () =>
    left-- === 0 ? { error: serviceError('InternalServerError'), arrives } : undefined,
  );
}

test('D4 whatever else happens in the same moment, and wherever storage fails, nothing of the person comes back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.constantFrom(...RIVALS), { minLength: 1, maxLength: 5 }),
      fc.nat({ max: 30 }),
      fc.boolean(),
      async (rivals, nth, arrives) => {
        const system = await openRetaining();
        const { deps } = system;
        const person = await system.somebody();
        await system.pass(16 * MINUTE);
        await system.signUp(ANNA, { form: 'open-house', fields: { lastName: 'Bergermann' } });
        await system.work();
        const token = linkIn(system.mailsTo(ANNA).at(-1), 'confirm');
        const acts: Record<Rival, () => Promise<unknown>> = {
          confirm: () => system.confirm(token),
          withdraw: () =>
            withdraw(deps, {
              contactId: person.id,
              brand,
              scope: { kind: 'brand' },
              route: 'one-click',
              actor: STAFF,
            }),
          patch: async () => {
            const read = await readContact(deps.db, person.id);
            const fields = { city: { value: 'example.com', source: 'crm', at: now() } } as const;
            if (read) await write(deps.db, updateProfile(read, { ...read, fields }, now()));
          },
          book: async () => {
            const read = await readContact(deps.db, person.id);
            if (read) await write(deps.db, updateFrequency(read, { rev: 1, slots: [] }));
          },
          'sign-up': () => system.look(ANNA),
          ask: () => askUs(deps.db, question(person.id, 'Why do you write to Bergermann?')),
          erase: () => system.erase(person.id),
          clock: () => wakeContacts(deps),
        };
        const db = await failing(deps.db, nth, arrives);
        const first = system.erase(person.id, {}, { ...deps, db });
        await Promise.allSettled([first, ...rivals.map((rival) => acts[rival]())]);

        await system.erase(person.id);
        advanceClock(6 * MINUTE);
        await wakeContacts(deps);
        await Promise.allSettled(RIVALS.map((rival) => acts[rival]()));
        expect(await system.traces()).toEqual([]);
        expect(await system.contactOf(ANNA)).toBeUndefined();
        const erased = await readErased(deps.db, person.id);
        expect(erased?.clearedAt).toBeDefined();
        const entries = await readEntries(deps.db, person.id);
        expect(entries.filter(({ type }) => type === 'erased')).toHaveLength(1);
        expect(verifyChain(entries, erased?.head)).toMatchObject({ ok: true });
      },
    ),
    { numRuns: 25 },
  );
}, 120_000);

test('the traces that this looks for are there before', async () => {
  const system = await openRetaining();
  await system.somebody();
  expect(await system.traces()).toEqual(TRACES);
});
