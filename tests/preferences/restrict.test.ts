import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { contactAt } from '../../shared/decision/contact-at.ts';
import { decideContacts } from '../../shared/decision/decide-contacts.ts';
import { DAY, now } from '../../shared/platform/clock.ts';
import { blockContact } from '../../shared/permission/block.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { undoWithdrawal } from '../../shared/permission/undo.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { answerRequest, requestsOf } from '../../shared/preferences/person-request.ts';
import { liftRestriction, restrictContact } from '../../shared/preferences/restrict.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { policy } from '../../shared/settings/policy.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { createPerson, granted } from '../permission/person.ts';
import { CLICK, CONTROLLER, advanceClock, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const SISTER = { ...demoBrand, id: 'polarstern', name: 'Polarstern' };
/** A brand and a use of next year. */
const LATER = { ...demoBrand, id: 'suedwind', name: 'Südwind' };
const NAME = { de: 'Einladungen', en: 'Invitations' };
const USES = {
  ...demoUses,
  uses: [
    ...demoUses.uses,
    { id: 'webinar-invitation', channel: 'email', bulk: true, name: NAME, description: NAME } as const,
  ],
};
const PERSON = { kind: 'person' } as const;
const STAFF = { kind: 'staff', id: 'k.lund' } as const;

const system = await openTestSystem();
const { deps } = system;
beforeAll(() => system.set('brand', SISTER.id, SISTER));
afterAll(resetClock);

const subscriber = () => createPerson(deps, [granted('newsletter', ['drives']), granted('tracking')]);
/** Signs up and confirms, and the mail is known to have arrived. */
async function subscribe(email: string): Promise<Contact> {
  await system.signUp(email);
  await system.work();
  const mail = system.mailsTo(email).at(-1);
  await system.arrive(email);
  await system.confirm(linkIn(mail, 'confirm'));
  const contact = await system.contactOf(email);
  if (!contact) throw new Error('nobody confirmed');
  return contact;
}
const restrict = (contact: Contact, on = deps) =>
  restrictContact(on, {
    contact,
    brand: demoBrand.id,
    text: '',
    policy: policy.parse({ id: CONTROLLER }),
    at: now(),
  });
const answer = async ({ id }: Contact) => {
  const [asked] = await requestsOf(deps.db, CONTROLLER, id);
  await answerRequest(deps.db, CONTROLLER, asked?.id ?? '', { at: now(), by: 'k.lund', text: 'Settled.' });
};
const lift = ({ id: contactId }: Contact) =>
  liftRestriction(deps, { controller: CONTROLLER, contactId, reason: 'settled', actor: 'k.lund', at: now() });

/** All that stands against each use of each brand, by `brand#use`. */
async function decisions({ id }: Contact): Promise<Record<string, readonly string[]>> {
  const settled = { uses: USES, policy: policy.parse({ id: CONTROLLER }) };
  const asked = [demoBrand, SISTER, LATER].flatMap((brand) => USES.uses.map((use) => ({ brand, use })));
  const answers = asked.map(async ({ brand, use }) => {
    const question = { brand, use, at: now() };
    const candidates = [{ ref: { id } }];
    const [given] = await decideContacts(deps, {
      ...{ controller: CONTROLLER, candidates, question, settled },
      past: false,
    });
    if (given?.kind !== 'decided') throw new Error('nobody was decided on');
    return [`${brand.id}#${use.id}`, given.decision.reasons] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

async function expectStopped(contact: Contact): Promise<void> {
  for (const reasons of Object.values(await decisions(contact))) expect(reasons).toContain('restricted');
}

describe('a restriction', () => {
  test('refuses every use of every brand, also those of later; its end gives back exactly what was', async () => {
    const contact = await subscriber();
    await withdraw(deps, {
      contactId: contact.id,
      brand: SISTER,
      scope: { kind: 'uses', uses: ['call-centre'] },
      route: 'phone',
      actor: STAFF,
    });
    const before = [await readContact(deps.db, contact.id), await decisions(contact)] as const;
    expect(before[1][`${demoBrand.id}#newsletter`]).toEqual([]);

    const asked = await restrict(contact);
    expect(asked).toMatchObject({ kind: 'restriction', text: '' });
    await expectStopped(contact);
    const during = await readContact(deps.db, contact.id);

    await answer(contact);
    expect(await lift(contact)).toMatchObject({ kind: 'recorded' });
    expect(await lift(contact)).toMatchObject({ kind: 'unchanged' });
    const after = await readContact(deps.db, contact.id);
    expect(after?.permissions).toEqual(before[0]?.permissions);
    expect(after?.restricted).toBeUndefined();
    expect(await decisions(contact)).toEqual(before[1]);
    const entries = await readEntries(deps.db, contact.id);
    expect(entries.slice(2)).toMatchObject([
      { type: 'restricted', route: 'log-in', actor: PERSON, changes: [], brand: demoBrand.id },
      { type: 'unrestricted', route: 'staff', actor: STAFF, changes: [] },
    ]);
    expect(verifyChain(entries)).toMatchObject({ ok: true, entries: 4 });
    expect(JSON.stringify(entries)).not.toContain('settled');
    const then = after && (await contactAt(deps.db, after, during?.updatedAt ?? ''));
    expect(then?.restricted).toEqual(during?.restricted);
  });

  test('repeated, or five at once, it is one request and one entry', async () => {
    const contact = await subscriber();
    const asked = await Promise.all(Array.from({ length: 5 }, () => restrict(contact)));
    expect(new Set(asked.map((each) => each?.id)).size).toBe(1);
    await restrict(contact);
    const entries = await readEntries(deps.db, contact.id);
    expect(entries.filter(({ type }) => type === 'restricted')).toHaveLength(1);
    expect(await requestsOf(deps.db, CONTROLLER, contact.id)).toHaveLength(1);
  });

  test('art. 18(3) GDPR: it does not end before the person was told', async () => {
    const contact = await subscriber();
    await restrict(contact);
    await expect(lift(contact)).rejects.toMatchObject({ code: 'conflict' });
    await expectStopped(contact);
    await answer(contact);
    const ended = await Promise.all([lift(contact), lift(contact), lift(contact)]);
    expect(ended.map(({ kind }) => kind).toSorted()).toEqual(['recorded', 'unchanged', 'unchanged']);
  });

  test('a block of ours stays ours, and what is said meanwhile is kept', async () => {
    const contact = await subscriber();
    const about = { controller: CONTROLLER, contactId: contact.id, brand: demoBrand.id };
    const block = { ...about, uses: ['newsletter'], reason: 'in negotiations', actor: STAFF, at: now() };
    await blockContact(deps, block);
    await restrict(contact);
    await withdraw(deps, {
      contactId: contact.id,
      brand: demoBrand,
      scope: { kind: 'uses', uses: ['tracking'] },
      route: 'one-click',
      actor: PERSON,
    });
    await answer(contact);
    await lift(contact);
    const after = await decisions(contact);
    expect(after[`${demoBrand.id}#newsletter`]).toContain('blocked');
    expect(after[`${demoBrand.id}#tracking`]).toContain('withdrawn');
  });

  test('art. 18(2) GDPR: what the person agrees to anew may be used, what they bring back by undo may not', async () => {
    const email = 'anew@kunde.example';
    const contact = await subscribe(email);
    await restrict(contact);
    const gone = await withdraw(deps, {
      contactId: contact.id,
      brand: demoBrand,
      scope: { kind: 'uses', uses: ['newsletter'] },
      route: 'one-click',
      actor: PERSON,
    });
    const { seq } = (await readEntries(deps.db, contact.id)).at(-1) ?? { seq: 0 };
    expect(gone).toBeDefined();
    await undoWithdrawal(deps, { contactId: contact.id, seq, route: 'undo', ...CLICK });
    const undone = await decisions(contact);
    expect(undone[`${demoBrand.id}#newsletter`]).toEqual(['restricted']);
    // A mailbox gets no second confirmation mail at once.
    advanceClock(DAY);
    await subscribe(email);
    const anew = await decisions(contact);
    expect(anew[`${demoBrand.id}#newsletter`]).toEqual([]);
    expect(anew[`${demoBrand.id}#event-invitation`]).toContain('restricted');
  });

  test('cut short, one of us knows of it, and asked again it goes on where it stopped', async () => {
    const contact = await subscriber();
    let calls = 0;
    // The first is the request, the second the entry.
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite' && (calls += 1) > 1
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
