import { beforeAll, describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { permissionKey } from '../../shared/contacts/contact.ts';
import { now } from '../../shared/platform/clock.ts';
import { blockContact, unblockContact } from '../../shared/permission/block.ts';
import type { BlockInput } from '../../shared/permission/block.ts';
import { openPayload } from '../../shared/permission/seal.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { PERSON, act, brand, createPerson, draft, granted, openLedger, reread, uses } from './person.ts';
import type { Deps } from './person.ts';

let deps: Deps;
beforeAll(async () => {
  deps = await openLedger();
});

const SALES = { kind: 'staff', id: 'm.petersen' } as const;
const BULK = uses.uses.filter(({ bulk }) => bulk).map(({ id }) => id);
const input = (contact: Contact, more: Partial<BlockInput> = {}): BlockInput => ({
  controller: brand.controller.id,
  contactId: contact.id,
  brand: brand.id,
  reason: 'Frau Berger is in a dispute with us',
  actor: SALES,
  at: now(),
  ...more,
});
const block = (contact: Contact, more: Partial<BlockInput> = {}) => blockContact(deps, input(contact, more));
const unblock = (contact: Contact, more: Partial<BlockInput> = {}) =>
  unblockContact(deps, input(contact, more));
const blockedIn = ({ permissions }: Contact) =>
  BULK.concat('field-sales', 'sales-email').filter(
    (use) => permissions[permissionKey(brand.id, use)]?.status === 'blocked',
  );
const leave = (contact: Contact, use: string) =>
  withdraw(deps, {
    contactId: contact.id,
    brand,
    scope: { kind: 'uses', uses: [use] },
    route: 'one-click',
    actor: PERSON,
  });

describe('a block', () => {
  test('covers all bulk uses unless some are named: the owner goes on working', async () => {
    const all = await createPerson(deps);
    expect(blockedIn((await block(all)).contact)).toEqual(BULK);
    const some = await createPerson(deps);
    const named = await block(some, { uses: ['field-sales', 'newsletter', 'newsletter'] });
    expect(blockedIn(named.contact)).toEqual(['newsletter', 'field-sales']);
  });

  test('is one entry with the named person; the words stay out of the clear', async () => {
    const person = await createPerson(deps);
    const outcome = await block(person, { uses: ['newsletter', 'tracking'] });
    const entries = await readEntries(deps.db, person.id);
    expect(outcome).toEqual({
      kind: 'recorded',
      entry: entries[1],
      contact: await reread(deps.db, person.id),
    });
    expect(entries[1]).toMatchObject({
      type: 'blocked',
      route: 'staff',
      actor: SALES,
      changes: [
        { brand: brand.id, use: 'newsletter', from: 'granted', to: 'blocked' },
        { brand: brand.id, use: 'tracking', from: 'unclear', to: 'blocked' },
      ],
    });
    expect(JSON.stringify(entries[1])).not.toContain('dispute');
    const place = { contactId: person.id, seq: 2 };
    const master = await deps.secrets.evidenceMaster();
    expect(openPayload(master, person.salt, place, entries[1]?.sealed ?? '')).toMatchObject({
      notes: { reason: 'Frau Berger is in a dispute with us' },
    });
  });

  test('again changes nothing and writes no second entry; what is new in it is added', async () => {
    const person = await createPerson(deps);
    await block(person, { uses: ['newsletter'] });
    const contact = await reread(deps.db, person.id);
    deps.db.reset();
    expect(await block(person, { uses: ['newsletter'] })).toEqual({ kind: 'unchanged', contact });
    expect(deps.db.units().write).toBe(0);
    const wider = await block(person, { uses: ['newsletter', 'tracking'] });
    expect(wider).toMatchObject({ kind: 'recorded', entry: { changes: [{ use: 'tracking' }] } });
  });

  test('10 at once leave one entry', async () => {
    const person = await createPerson(deps);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => block(person)));
    expect(outcomes.filter(({ kind }) => kind === 'recorded')).toHaveLength(1);
    expect(await readEntries(deps.db, person.id)).toHaveLength(2);
  });

  test('at the same time as the person’s no, both are remembered', async () => {
    const person = await createPerson(deps);
    await Promise.all([block(person), leave(person, 'newsletter')]);
    const contact = await reread(deps.db, person.id);
    expect(contact.permissions[permissionKey(brand.id, 'newsletter')]).toMatchObject({
      status: 'blocked',
      underneath: { status: 'withdrawn' },
    });
    expect(verifyChain(await readEntries(deps.db, person.id), contact.head)).toMatchObject({ entries: 3 });
  });

  test('of another’s contact, brand or use is refused and writes nothing', async () => {
    const person = await createPerson(deps);
    deps.db.reset();
    await expect(block(person, { controller: 'another-gmbh' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(block(person, { contactId: 'con_nobody' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(block(person, { brand: 'nobodys' })).rejects.toMatchObject({
      errors: [{ pointer: '/brand' }],
    });
    await expect(block(person, { uses: ['newsletter', 'telex'] })).rejects.toMatchObject({
      errors: [{ pointer: '/uses/1' }],
    });
    expect(deps.db.units().write).toBe(0);
  });

  test('a storage failure changes nothing; where only the answer was lost, a repetition finds it done', async () => {
    const person = await createPerson(deps);
    let arrives = false;
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite' ? { error: serviceError('InternalServerError'), arrives } : undefined,
    );
    await expect(blockContact({ ...deps, db }, input(person))).rejects.toThrow('InternalServerError');
    expect(await reread(deps.db, person.id)).toEqual(person);
    arrives = true;
    await expect(blockContact({ ...deps, db }, input(person))).rejects.toThrow('InternalServerError');
    expect((await block(person)).kind).toBe('unchanged');
  });
});

describe('the end of a block', () => {
  test('brings back exactly what was, use by use', async () => {
    const person = await createPerson(deps, [granted('newsletter', ['drives']), granted('tracking')]);
    await leave(person, 'tracking');
    const before = await reread(deps.db, person.id);
    await block(person);
    const { contact } = await unblock(person);
    expect(contact.permissions).toEqual(before.permissions);
    const entries = await readEntries(deps.db, person.id);
    expect(entries.at(-1)).toMatchObject({ type: 'unblocked', route: 'staff', actor: SALES });
    const told = entries.at(-1)?.changes.map(({ use, from, to }) => `${use} ${from}→${to}`);
    expect(told).toEqual([
      'call-centre blocked→unclear',
      'direct-mail blocked→unclear',
      'event-invitation blocked→unclear',
      'newsletter blocked→granted',
      'product-information blocked→unclear',
      'profiling blocked→unclear',
      'tracking blocked→withdrawn',
    ]);
  });

  test('ends it for the uses named, and for those alone', async () => {
    const person = await createPerson(deps);
    await block(person);
    const { contact } = await unblock(person, { uses: ['newsletter'] });
    expect(blockedIn(contact)).toEqual(BULK.filter((use) => use !== 'newsletter'));
  });

  test('does not bring back what the person took away beneath it', async () => {
    const person = await createPerson(deps);
    await block(person);
    await leave(person, 'newsletter');
    const { contact } = await unblock(person);
    expect(contact.permissions[permissionKey(brand.id, 'newsletter')]).toMatchObject({ status: 'withdrawn' });
  });

  test('leaves waiting what the person asked for under it', async () => {
    const person = await createPerson(deps);
    await leave(person, 'newsletter');
    await block(person, { uses: ['newsletter'] });
    const asks = granted('newsletter', [], { from: 'blocked', to: 'blocked', review: true });
    await act(deps, person.id, draft([asks], { type: 'review' }));
    const { contact } = await unblock(person);
    expect(contact.permissions[permissionKey(brand.id, 'newsletter')]).toMatchObject({ status: 'withdrawn' });
    expect(contact.reviews).toHaveProperty([permissionKey(brand.id, 'newsletter'), 'why'], 'blocked');
  });

  test('of nothing blocked writes nothing', async () => {
    const person = await createPerson(deps);
    expect(await unblock(person)).toEqual({ kind: 'unchanged', contact: person });
    expect(await readEntries(deps.db, person.id)).toHaveLength(1);
  });
});
