import { afterAll, expect, test } from 'vitest';

import { permissionKey } from '../../shared/contacts/contact.ts';
import { readLegalHold } from '../../shared/contacts/legal-hold.ts';
import { buildPack } from '../../shared/evidence/build-pack.ts';
import { recordConsent } from '../../shared/permission/record-consent.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { MINUTE, now, plus, plusMonths, toMs } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { readErased } from '../../shared/retention/store.ts';
import { wakeContacts } from '../../shared/retention/wake-contacts.ts';
import { testSigner } from '../evidence/signer.ts';
import { BRAND, CONTROLLER, resetClock } from '../support/system.ts';
import { openRetaining } from './somebody.ts';
import type { Retaining } from './somebody.ts';

afterAll(resetClock);

const WORDING = 'May we call you about drives, Ms Bergermann?';

/** Anna agreed to calls, and two were made that nothing else in the tables is like. */
async function called(system: Retaining) {
  const { deps } = system;
  const { id, salt } = await system.somebody();
  const at = now();
  await recordConsent(deps, {
    controller: CONTROLLER,
    contactId: id,
    at,
    told: {
      ...{ kind: 'oral', brand: BRAND, use: 'call-centre', actor: 'k.lund', wording: WORDING, givenAt: at },
      ...{ name: 'Anna Bergermann', address: 'Kai 3, Kiel', company: 'Bergermann KG', scope: 'drives' },
      ...{ addressee: 'Nordlicht Antriebstechnik GmbH', manner: 'asked on the phone' },
    },
  });
  const calls = [at, plusMonths(at, 1)].map((day, nth) => ({
    ...{ sendId: `p_call_${nth}_of_anna`, at: plus(day, 3 * MINUTE + nth), channel: 'phone' },
    ...{ brand: BRAND, use: 'call-centre', mailing: `spring-calls-${nth}` },
  }));
  for (const call of calls) {
    const item = { ...keys.promotion(id, call.at, call.sendId), ...call };
    await write(deps.db, { put: 'engagement', item });
    await write(deps.db, { put: 'engagement', item: { ...keys.send(call.sendId), contactId: id } });
  }
  const last = calls.at(-1)?.at ?? '';
  await write(deps.db, {
    update: 'contacts',
    key: keys.contact(id),
    set: 'SET lastUses = :uses',
    values: { ':uses': { [permissionKey(BRAND, 'call-centre')]: last } },
  });
  await system.pass(toMs(plus(last, MINUTE)) - toMs(now()));
  return { id, salt, calls, last };
}
/** Lets time pass until `at`, then does what the clock does. */
async function until(system: Retaining, at: string): Promise<void> {
  await system.pass(toMs(at) - toMs(now()));
  await wakeContacts(system.deps);
}
type Called = Awaited<ReturnType<typeof called>>;

/** What of the calls, of the consent in them and of the salt stands somewhere. */
async function standing(system: Retaining, { salt, calls }: Called): Promise<string[]> {
  const all = await system.everything();
  const looked = [...calls.flatMap(({ sendId, at, mailing }) => [sendId, at, mailing]), WORDING, salt];
  return looked.filter((each) => all.includes(each.toLowerCase()));
}

test('G7 the calls of an erased person are sealed while the proof is held, and gone with it: from every table', async () => {
  const system = await openRetaining();
  const { db } = system.deps;
  const anna = await called(system);
  expect(await standing(system, anna)).toHaveLength(7);
  await system.erase(anna.id);
  expect(await standing(system, anna)).toEqual([anna.salt]);
  const hold = await readLegalHold(db, anna.id);
  const end = plusMonths(anna.last, 60);
  expect(hold).toMatchObject({ reason: 'phone-consent', until: end });

  await until(system, plus(end, -MINUTE));
  expect(await readLegalHold(db, anna.id)).toEqual(hold);
  await until(system, plus(end, MINUTE));
  expect(await readLegalHold(db, anna.id)).toBeUndefined();
  expect(await standing(system, anna)).toEqual([]);
  expect(await system.traces()).toEqual([]);
  const erased = await readErased(db, anna.id);
  expect(Object.keys(erased ?? {}).toSorted()).toEqual(
    [
      ...['addressKeys', 'clearedAt', 'contactId', 'controller', 'erasedAt'],
      ...['externalIds', 'head', 'kept', 'requestedBy'],
    ].toSorted(),
  );
  expect(Object.keys(erased?.kept ?? {}).toSorted()).toEqual(['reason', 'until']);
  expect(verifyChain(await readEntries(db, anna.id), erased?.head)).toMatchObject({ ok: true });
});

test('G7 until then the pack names each call to those who may read what is held', async () => {
  const system = await openRetaining();
  const anna = await called(system);
  await system.erase(anna.id);
  const deps = { ...system.deps, signer: testSigner() };
  const asked = { contactId: anna.id, controller: CONTROLLER, at: now() };
  expect((await buildPack(deps, { ...asked, mayReadHold: true })).uses).toEqual(anna.calls);
  expect((await buildPack(deps, { ...asked, mayReadHold: false })).uses).toEqual([]);
});
