import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { permissionKey } from '../../shared/contacts/contact.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { saveAccount } from '../../shared/contacts/save-account.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { blockContact } from '../../shared/permission/block.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { joinUses } from '../../shared/preferences/join-uses.ts';
import type { Session } from '../../shared/preferences/session.ts';
import type { RecordDeps } from '../../shared/permission/record.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { wordingHash } from '../../shared/settings/form.ts';
import type { VersionedForm } from '../../shared/settings/form.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { CLICK, CONTROLLER, advanceClock, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
const { deps } = system;
afterAll(resetClock);
let form: VersionedForm;
beforeAll(async () => {
  const found = await deps.settings.form('preferences');
  if (!found) throw new Error('the demo brand has no form for its choices');
  form = found;
});

let people = 0;
/** Somebody who gets the newsletter and has just logged in. */
async function person(domain = 'example.com') {
  const email = `join-${(people += 1)}@${domain}`;
  await system.signUp(email, { topics: ['drives'] });
  await system.work();
  await system.confirm(linkIn(system.mailsTo(email)[0], 'confirm'));
  advanceClock(MINUTE);
  const contact = await system.contactOf(email);
  if (!contact) throw new Error(`${email} was not confirmed`);
  return contact;
}
const sessionOf = ({ id, addressKey = '' }: Contact): Session => ({
  contactId: id,
  controller: CONTROLLER,
  brand: demoBrand.id,
  addressKey,
  hash: 'b'.repeat(64),
  since: now(),
  seenAt: now(),
  device: 'Firefox, Windows',
  loginId: 'a'.repeat(32),
});
const join = (contact: Contact, some: { deps?: RecordDeps; shownAt?: string; use?: string } = {}) =>
  joinUses(some.deps ?? deps, {
    contact,
    brand: demoBrand,
    uses: demoUses,
    form,
    join: [some.use ?? 'event-invitation'],
    topics: ['drives'],
    language: 'en',
    shownAt: some.shownAt ?? plus(now(), -MINUTE),
    pageToken: 'page',
    session: sessionOf(contact),
    ...CLICK,
  });
const heldBy = async ({ id }: Contact, use = 'event-invitation') =>
  (await readContact(deps.db, id))?.permissions[permissionKey(demoBrand.id, use)];
const about = ({ id }: Contact) => ({
  contactId: id,
  brand: demoBrand,
  actor: { kind: 'person' as const },
  ...CLICK,
});
const count = async ({ id }: Contact) => (await readEntries(deps.db, id)).length;

describe('joining a use after a log-in', () => {
  test('G9 is granted for the wording shown, in the language of the page', async () => {
    const contact = await person();
    const joined = await join(contact, { use: 'tracking' });
    const wording = form.uses.find(({ use }) => use === 'tracking')?.wording.en ?? '';
    expect(joined).toMatchObject({
      kind: 'joined',
      entry: {
        type: 'granted',
        route: 'log-in',
        signup: { language: 'en', boxes: { tracking: wordingHash(wording) }, topics: [] },
      },
    });
    expect(await heldBy(contact, 'tracking')).toMatchObject({
      status: 'granted',
      proof: 'double',
      wording: wordingHash(wording),
    });
  });

  test('of ten posts at once one is an act', async () => {
    const contact = await person();
    const known = await count(contact);
    const joined = await Promise.all(Array.from({ length: 10 }, () => join(contact)));
    expect(joined.map(({ kind }) => kind).sort()).toEqual(['joined', ...Array<string>(9).fill('nothing')]);
    expect(await count(contact)).toBe(known + 1);
  });

  test('a no that came after the page was shown stands', async () => {
    const contact = await person();
    const shownAt = now();
    advanceClock(MINUTE);
    await withdraw(deps, { ...about(contact), scope: { kind: 'all' }, route: 'unsubscribe-page' });
    expect(await join(contact, { shownAt })).toEqual({ kind: 'nothing' });
    expect(await heldBy(contact)).toBeUndefined();
    advanceClock(MINUTE);
    expect(await join(contact)).toMatchObject({ kind: 'joined' });
  });

  test('what we blocked waits for one of us, once', async () => {
    const contact = await person();
    await blockContact(deps, {
      controller: CONTROLLER,
      contactId: contact.id,
      brand: demoBrand.id,
      uses: ['event-invitation'],
      reason: 'in talks',
      actor: { kind: 'staff', id: 'eva' },
      at: now(),
    });
    expect(await join(contact)).toMatchObject({ kind: 'joined', entry: { type: 'review' } });
    expect(await join(contact)).toEqual({ kind: 'nothing' });
    expect(await heldBy(contact)).toMatchObject({ status: 'blocked' });
  });

  test('DOMAIN 4 a competitor waits for one of us; what is only measured does not', async () => {
    const contact = await person('rival.example');
    const told = { name: 'Rival', class: 'competitor' as const, domains: ['rival.example'] };
    await saveAccount(deps, { controller: CONTROLLER, told, at: now() });
    expect(await join(contact)).toMatchObject({ kind: 'joined', entry: { type: 'review' } });
    expect(await heldBy(contact)).toBeUndefined();
    expect(await join(contact, { use: 'tracking' })).toMatchObject({ entry: { type: 'granted' } });
  });

  test('the log-in of an address that is no longer theirs proves nothing', async () => {
    const contact = await person();
    expect(await join({ ...contact, addressKey: 'another' })).toEqual({ kind: 'nothing' });
  });

  test('nobody is left to join', async () => {
    const contact = await person();
    expect(await join({ ...contact, id: 'con_gone' })).toEqual({ kind: 'nothing' });
  });

  test('a storage failure grants nothing, and the next attempt succeeds', async () => {
    const contact = await person();
    const known = await count(contact);
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite'
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    await expect(join(contact, { deps: { ...deps, db } })).rejects.toThrow('InternalServerError');
    expect([await heldBy(contact), await count(contact)]).toEqual([undefined, known]);
    expect(await join(contact)).toMatchObject({ kind: 'joined' });
  });

  test('where the answer of the storage is lost, a repetition finds it done', async () => {
    const contact = await person();
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite' ? { error: serviceError('TimeoutError'), arrives: true } : undefined,
    );
    await expect(join(contact, { deps: { ...deps, db } })).rejects.toThrow('TimeoutError');
    expect(await join(contact)).toEqual({ kind: 'nothing' });
    expect(await heldBy(contact)).toMatchObject({ status: 'granted' });
  });
});
