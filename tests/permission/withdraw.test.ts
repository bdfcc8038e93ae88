import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { setClockOffset } from '../../shared/platform/clock.ts';
import { permissionOf } from '../../shared/permission/status.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { openPayload } from '../../shared/permission/seal.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import type { WithdrawInput } from '../../shared/permission/withdraw.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import {
  PERSON,
  act,
  brand,
  createPerson,
  draft,
  grant,
  granted,
  openLedger,
  reread,
  seedPermission,
  sister,
} from './person.ts';
import type { Deps } from './person.ts';

let deps: Deps;
beforeAll(async () => {
  deps = await openLedger();
});
afterEach(() => setClockOffset(0));

const oneClick = (contact: Contact, more: Partial<WithdrawInput> = {}): WithdrawInput => ({
  contactId: contact.id,
  brand,
  scope: { kind: 'uses', uses: ['newsletter'] },
  route: 'one-click',
  actor: PERSON,
  ...more,
});
const statusIn = (contact: Contact, use: string, of = brand.id) => permissionOf(contact, of, use)?.status;

describe('a withdrawal', () => {
  test('is one entry with who, how and why; what it is about stays out of the clear', async () => {
    const person = await createPerson(deps);
    const input = oneClick(person, { reason: 'too-often', ip: '192.0.2.7', userAgent: 'Thunderbird' });
    const outcome = await withdraw(deps, input);
    const entries = await readEntries(deps.db, person.id);
    const [, entry] = entries;
    expect(outcome).toEqual({ kind: 'withdrawn', entry, contact: await reread(deps.db, person.id) });
    expect(entry).toMatchObject({
      seq: 2,
      type: 'withdrawn',
      route: 'one-click',
      actor: PERSON,
      reason: 'too-often',
      changes: [{ use: 'newsletter', from: 'granted', to: 'withdrawn', topics: ['drives', 'service'] }],
    });
    expect(entry).not.toHaveProperty('noAdvertising');
    const master = await deps.secrets.evidenceMaster();
    expect(
      openPayload(master, person.salt, { contactId: person.id, seq: 2 }, entry?.sealed ?? ''),
    ).toMatchObject({
      address: person.address,
      ip: '192.0.2.7',
      userAgent: 'Thunderbird',
    });
  });

  test('U6 repeated, it writes nothing and says that it was so before', async () => {
    const person = await createPerson(deps);
    await withdraw(deps, oneClick(person));
    const contact = await reread(deps.db, person.id);
    deps.db.reset();
    expect(await withdraw(deps, oneClick(person))).toEqual({ kind: 'already', contact });
    expect(deps.db.units().write).toBe(0);
  });

  test('U6 20 at once leave one entry, and all are told that it is so', async () => {
    const person = await createPerson(deps);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => withdraw(deps, oneClick(person))));
    const kinds = outcomes.map(({ kind }) => kind).sort();
    expect(kinds).toEqual([...Array.from({ length: 19 }, () => 'already'), 'withdrawn']);
    const entries = await readEntries(deps.db, person.id);
    expect(entries).toHaveLength(2);
    expect(verifyChain(entries, (await reread(deps.db, person.id)).head).ok).toBe(true);
  });

  test('withdrawals of different uses at once all count', async () => {
    const person = await createPerson(
      deps,
      ['newsletter', 'tracking', 'profiling'].map((use) => granted(use)),
    );
    const scopes = ['newsletter', 'tracking', 'profiling'].map(
      (use) => ({ kind: 'uses', uses: [use] }) as const,
    );
    await Promise.all(scopes.map((scope) => withdraw(deps, oneClick(person, { scope }))));
    const contact = await reread(deps.db, person.id);
    expect(['newsletter', 'tracking', 'profiling'].map((use) => statusIn(contact, use))).toEqual(
      Array.from({ length: 3 }, () => 'withdrawn'),
    );
    expect(verifyChain(await readEntries(deps.db, person.id), contact.head)).toMatchObject({
      ok: true,
      entries: 4,
    });
  });

  test('of nobody, or of somebody of another controller, is unknown and writes nothing', async () => {
    const person = await createPerson(deps);
    const stranger = { ...brand, controller: { ...brand.controller, id: 'another-gmbh' } };
    deps.db.reset();
    expect(await withdraw(deps, oneClick({ ...person, id: 'con_nobody' }))).toEqual({ kind: 'unknown' });
    expect(await withdraw(deps, oneClick(person, { brand: stranger }))).toEqual({ kind: 'unknown' });
    expect(deps.db.units().write).toBe(0);
  });

  test('a storage failure changes nothing; where only the answer was lost, a repetition finds it done', async () => {
    const person = await createPerson(deps);
    let arrives = false;
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite' ? { error: serviceError('InternalServerError'), arrives } : undefined,
    );
    await expect(withdraw({ ...deps, db }, oneClick(person))).rejects.toThrow('InternalServerError');
    expect(await reread(deps.db, person.id)).toEqual(person);
    arrives = true;
    await expect(withdraw({ ...deps, db }, oneClick(person))).rejects.toThrow('InternalServerError');
    expect((await withdraw(deps, oneClick(person))).kind).toBe('already');
    expect(await readEntries(deps.db, person.id)).toHaveLength(2);
  });

  test('a topic goes, then the last one with its use', async () => {
    const person = await createPerson(deps);
    const leave = (topic: string) =>
      withdraw(deps, oneClick(person, { scope: { kind: 'topic', use: 'newsletter', topic } }));
    await leave('drives');
    const less = await reread(deps.db, person.id);
    const key = `${brand.id}#newsletter`;
    expect(less.permissions[key]).toEqual({ ...person.permissions[key], topics: ['service'], seq: 2 });
    expect((await leave('drives')).kind).toBe('already');
    await leave('service');
    expect(statusIn(await reread(deps.db, person.id), 'newsletter')).toBe('withdrawn');
  });
});

describe('under a block (DOMAIN 2)', () => {
  const block = { status: 'blocked', since: '2026-11-20T08:00:00.000Z', seq: 1 } as const;

  test.each([
    ['with nothing beneath', block],
    ['with a grant beneath', { ...block, underneath: grant(1, ['drives']) }],
  ])('%s the no is remembered, the block stays, a second no adds nothing', async (_, permission) => {
    const person = await createPerson(deps);
    await seedPermission(deps.db, person.id, 'newsletter', permission);
    const outcome = await withdraw(deps, oneClick(person));
    const contact = await reread(deps.db, person.id);
    const { head, updatedAt } = contact;
    expect(outcome).toMatchObject({
      kind: 'withdrawn',
      entry: { changes: [{ to: 'blocked', beneath: 'withdrawn' }] },
    });
    expect(contact.permissions[`${brand.id}#newsletter`]).toEqual({
      ...block,
      underneath: { status: 'withdrawn', since: updatedAt, seq: head.seq },
    });
    expect((await withdraw(deps, oneClick(person))).kind).toBe('already');
    expect(await readEntries(deps.db, person.id)).toHaveLength(2);
  });

  test('V4 a complaint is remembered as well', async () => {
    const person = await createPerson(deps);
    await seedPermission(deps.db, person.id, 'newsletter', { ...block, underneath: grant(1) });
    const scope = { kind: 'email', grantedBefore: '2026-11-21T08:00:00.000Z' } as const;
    await withdraw(deps, oneClick(person, { scope, route: 'complaint' }));
    const contact = await reread(deps.db, person.id);
    expect(contact.permissions[`${brand.id}#newsletter`]).toMatchObject({
      status: 'blocked',
      underneath: { status: 'withdrawn' },
    });
    expect(statusIn(contact, 'event-invitation')).toBe('withdrawn');
    expect(statusIn(contact, 'tracking')).toBeUndefined();
  });
});

describe('no advertising at all', () => {
  const nothing = { scope: { kind: 'all' } } as const;

  test('withdraws what is stored and covers other brands and uses that come later', async () => {
    const person = await createPerson(deps, [
      granted('newsletter'),
      granted('newsletter', [], { brand: sister.id }),
    ]);
    const outcome = await withdraw(deps, oneClick(person, nothing));
    const contact = await reread(deps.db, person.id);
    expect(outcome).toMatchObject({ kind: 'withdrawn', entry: { noAdvertising: true } });
    expect(contact.noAdvertising).toEqual({ since: contact.updatedAt, seq: 2 });
    for (const of of [brand.id, sister.id, 'brand-of-next-year']) {
      for (const use of ['newsletter', 'use-of-next-year'])
        expect(statusIn(contact, use, of)).toBe('withdrawn');
    }
    expect((await withdraw(deps, oneClick(person, nothing))).kind).toBe('already');
    expect((await withdraw(deps, oneClick(person))).kind).toBe('already');
  });

  test('is recorded for somebody who never agreed to anything', async () => {
    const person = await createPerson(deps, []);
    expect((await withdraw(deps, oneClick(person, nothing))).kind).toBe('withdrawn');
    const contact = await reread(deps.db, person.id);
    expect(contact.permissions).toEqual({});
    expect(statusIn(contact, 'newsletter')).toBe('withdrawn');
  });

  test('ends for a use that the person agrees to anew, for that use alone, until said again', async () => {
    const person = await createPerson(deps);
    await withdraw(deps, oneClick(person, nothing));
    await act(deps, person.id, draft([granted('newsletter', ['drives'], { from: 'withdrawn' })]));
    const anew = await reread(deps.db, person.id);
    expect([statusIn(anew, 'newsletter'), statusIn(anew, 'tracking')]).toEqual(['granted', 'withdrawn']);
    expect((await withdraw(deps, oneClick(person, nothing))).kind).toBe('withdrawn');
    const again = await reread(deps.db, person.id);
    expect(statusIn(again, 'newsletter')).toBe('withdrawn');
    expect(again.noAdvertising).toEqual(anew.noAdvertising);
  });

  test('leaves a block where it is and is remembered beneath', async () => {
    const person = await createPerson(deps);
    const block = { status: 'blocked', since: '2026-11-20T08:00:00.000Z', seq: 1 } as const;
    await seedPermission(deps.db, person.id, 'newsletter', { ...block, underneath: grant(1) });
    await withdraw(deps, oneClick(person, nothing));
    const contact = await reread(deps.db, person.id);
    expect(contact.permissions[`${brand.id}#newsletter`]).toMatchObject({
      status: 'blocked',
      underneath: { status: 'withdrawn', seq: 2 },
    });
  });
});
