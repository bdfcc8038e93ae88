import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { decideContacts } from '../../shared/decision/decide-contacts.ts';
import { now } from '../../shared/platform/clock.ts';
import { blockContact, unblockContact } from '../../shared/permission/block.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { requestsOf } from '../../shared/preferences/person-request.ts';
import { restrictContact } from '../../shared/preferences/restrict.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { policy } from '../../shared/settings/policy.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { createPerson, granted } from '../permission/person.ts';
import { CONTROLLER, openTestSystem, resetClock } from '../support/system.ts';

const SISTER = { ...demoBrand, id: 'polarstern', name: 'Polarstern' };
const STAFF = { kind: 'staff', id: 'k.lund' } as const;
const ALL_USES = demoUses.uses.map(({ id }) => id);

const system = await openTestSystem();
const { deps } = system;
beforeAll(() => system.set('brand', SISTER.id, SISTER));
afterAll(resetClock);

const subscriber = () => createPerson(deps, [granted('newsletter', ['drives']), granted('tracking')]);
const restrict = (contact: Contact, on = deps) =>
  restrictContact(on, { contact, text: '', policy: policy.parse({ id: CONTROLLER }), at: now() });
const lift = async ({ id: contactId }: Contact) => {
  for (const brand of [demoBrand.id, SISTER.id]) {
    const about = { controller: CONTROLLER, contactId, brand, reason: 'settled' };
    await unblockContact(deps, { ...about, actor: STAFF, at: now() });
  }
};

/** All that stands against each use of each brand. */
async function decisions({ id }: Contact): Promise<readonly string[][]> {
  const settled = { uses: demoUses, policy: policy.parse({ id: CONTROLLER }) };
  const asked = [demoBrand, SISTER].flatMap((brand) => demoUses.uses.map((use) => ({ brand, use })));
  const answers = asked.map(async ({ brand, use }) => {
    const question = { brand, use, at: now() };
    const candidates = [{ ref: { id } }];
    const [answer] = await decideContacts(deps, {
      ...{ controller: CONTROLLER, candidates, question, settled },
      past: false,
    });
    if (answer?.kind !== 'decided') throw new Error('nobody was decided on');
    return answer.decision.allowed ? [] : [...answer.decision.reasons];
  });
  return Promise.all(answers);
}

async function expectStopped(contact: Contact): Promise<void> {
  for (const reasons of await decisions(contact)) expect(reasons).toContain('blocked');
}

describe('a restriction', () => {
  test('refuses every use of every brand at once; its end gives back exactly what was before', async () => {
    const contact = await subscriber();
    await withdraw(deps, {
      contactId: contact.id,
      brand: SISTER,
      scope: { kind: 'uses', uses: ['call-centre'] },
      route: 'phone',
      actor: STAFF,
    });
    const before = [await readContact(deps.db, contact.id), await decisions(contact)] as const;
    expect(before[1]).toContainEqual([]);
    expect(before[1].flat()).not.toContain('blocked');

    const asked = await restrict(contact);
    expect(asked).toMatchObject({ kind: 'restriction', text: '' });
    await expectStopped(contact);

    await lift(contact);
    expect((await readContact(deps.db, contact.id))?.permissions).toEqual(before[0]?.permissions);
    expect(await decisions(contact)).toEqual(before[1]);
    const entries = await readEntries(deps.db, contact.id);
    expect(entries.slice(2, 4)).toMatchObject([
      { type: 'blocked', route: 'log-in', actor: { kind: 'person' } },
      { type: 'blocked', route: 'log-in', actor: { kind: 'person' } },
    ]);
    expect(verifyChain(entries)).toMatchObject({ ok: true, entries: 6 });
    expect(JSON.stringify(entries)).not.toContain('restriction');
  });

  test('repeated, or five at once, it is one request and one entry for each brand', async () => {
    const contact = await subscriber();
    const asked = await Promise.all(Array.from({ length: 5 }, () => restrict(contact)));
    expect(new Set(asked.map((each) => each?.id)).size).toBe(1);
    await restrict(contact);
    const entries = await readEntries(deps.db, contact.id);
    expect(entries.filter(({ type }) => type === 'blocked')).toHaveLength(2);
    expect(await requestsOf(deps.db, CONTROLLER, contact.id)).toHaveLength(1);
  });

  test('a block of ours from before stays ours, and what is said meanwhile is kept beneath', async () => {
    const contact = await subscriber();
    const about = {
      controller: CONTROLLER,
      contactId: contact.id,
      brand: demoBrand.id,
      uses: ['newsletter'],
    };
    await blockContact(deps, { ...about, reason: 'in negotiations', actor: STAFF, at: now() });
    await restrict(contact);
    await withdraw(deps, {
      contactId: contact.id,
      brand: demoBrand,
      scope: { kind: 'uses', uses: ['tracking'] },
      route: 'one-click',
      actor: { kind: 'person' },
    });
    const lifted = ALL_USES.filter((use) => use !== 'newsletter');
    await unblockContact(deps, { ...about, uses: lifted, reason: 'settled', actor: STAFF, at: now() });
    const after = await readContact(deps.db, contact.id);
    expect(after?.permissions[`${demoBrand.id}#newsletter`]?.status).toBe('blocked');
    expect(after?.permissions[`${demoBrand.id}#tracking`]?.status).toBe('withdrawn');
  });

  test('cut short, one of us knows of it, and asked again it goes on where it stopped', async () => {
    const contact = await subscriber();
    let calls = 0;
    // The first is the request, the second the first brand.
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite' && (calls += 1) > 2
        ? { error: serviceError('ValidationException'), arrives: false }
        : undefined,
    );
    await expect(restrict(contact, { ...deps, db: { ...deps.db, ...db } })).rejects.toThrow();
    expect(await requestsOf(deps.db, CONTROLLER, contact.id)).toHaveLength(1);
    await restrict(contact);
    await expectStopped(contact);
    expect(await requestsOf(deps.db, CONTROLLER, contact.id)).toHaveLength(1);
  });

  test('nobody who is erased can be restricted', async () => {
    const contact = await subscriber();
    const stranger = { ...contact, id: 'con_nobody' };
    await expect(restrict(stranger)).rejects.toMatchObject({ code: 'not-found' });
  });
});
