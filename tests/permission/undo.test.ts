import { beforeAll, describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import type { Change } from '../../shared/permission/evidence.ts';
import type { Scope } from '../../shared/permission/scope.ts';
import { permissionOf } from '../../shared/permission/status.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { undoWithdrawal, viewUndo } from '../../shared/permission/undo.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import {
  PERSON,
  WORDING,
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

const NEWSLETTER: Scope = { kind: 'uses', uses: ['newsletter'] };
const ALL: Scope = { kind: 'all' };
const NOTHING = { kind: 'nothing-to-undo' };

/** Withdraws and answers the number of the entry. */
async function leave({ id }: Contact, scope: Scope): Promise<number> {
  const outcome = await withdraw(deps, {
    contactId: id,
    brand,
    scope,
    route: 'unsubscribe-page',
    actor: PERSON,
  });
  if (outcome.kind !== 'withdrawn') throw new Error(`expected a withdrawal, got ${outcome.kind}`);
  return outcome.entry.seq;
}

const undo = ({ id }: Contact, seq: number) =>
  undoWithdrawal(deps, { contactId: id, seq, route: 'undo', ip: '192.0.2.7', userAgent: 'Firefox' });
const statusIn = async ({ id }: Contact, use: string, of = brand.id) =>
  permissionOf(await reread(deps.db, id), of, use)?.status;
const again = (use: string, more: Partial<Change> = {}) =>
  draft([granted(use, [], { from: 'withdrawn', ...more })]);

describe('an undo', () => {
  test('is a new grant with the declaration, form and topics of before; the withdrawal stays in the record', async () => {
    const person = await createPerson(deps);
    const seq = await leave(person, NEWSLETTER);
    const outcome = await undo(person, seq);
    const contact = await reread(deps.db, person.id);
    const entries = await readEntries(deps.db, person.id);
    expect(outcome).toEqual({ kind: 'restored', entry: entries[2], contact });
    expect(entries.map(({ type }) => type)).toEqual(['granted', 'withdrawn', 'granted']);
    expect(entries[2]).toMatchObject({
      route: 'undo',
      actor: PERSON,
      undoes: seq,
      changes: [{ from: 'withdrawn', to: 'granted', topics: ['drives', 'service'], wording: WORDING }],
    });
    const key = `${brand.id}#newsletter`;
    expect(contact.permissions[key]).toEqual({
      ...person.permissions[key],
      since: contact.updatedAt,
      seq: 3,
    });
    expect(verifyChain(entries, contact.head).ok).toBe(true);
  });

  test('restores no more than was taken', async () => {
    const person = await createPerson(deps, [granted('newsletter'), granted('tracking')]);
    await leave(person, { kind: 'uses', uses: ['tracking'] });
    const seq = await leave(person, { kind: 'brand' });
    await undo(person, seq);
    expect(await statusIn(person, 'newsletter')).toBe('granted');
    for (const use of ['tracking', 'profiling', 'event-invitation']) {
      expect(await statusIn(person, use)).toBe('withdrawn');
    }
  });

  test('gives a topic back and leaves consent, proof and start as they were', async () => {
    const person = await createPerson(deps);
    const seq = await leave(person, { kind: 'topic', use: 'newsletter', topic: 'drives' });
    await undo(person, seq);
    const key = `${brand.id}#newsletter`;
    const { permissions } = await reread(deps.db, person.id);
    expect(permissions[key]).toEqual({ ...person.permissions[key], topics: ['service', 'drives'], seq: 3 });
  });

  test('gives back the use that went with its last topic', async () => {
    const person = await createPerson(deps, [granted('newsletter', ['drives'])]);
    await undo(person, await leave(person, { kind: 'topic', use: 'newsletter', topic: 'drives' }));
    expect(await reread(deps.db, person.id)).toMatchObject({
      permissions: { [`${brand.id}#newsletter`]: { status: 'granted', topics: ['drives'] } },
    });
  });

  test('of “no advertising at all” lifts it and restores every brand', async () => {
    const person = await createPerson(deps, [
      granted('newsletter'),
      granted('newsletter', [], { brand: sister.id }),
    ]);
    await undo(person, await leave(person, ALL));
    const contact = await reread(deps.db, person.id);
    expect(contact).not.toHaveProperty('noAdvertising');
    expect(await statusIn(person, 'newsletter')).toBe('granted');
    expect(await statusIn(person, 'newsletter', sister.id)).toBe('granted');
    expect(await statusIn(person, 'tracking')).toBeUndefined();
  });
});

describe('an undo that comes too often or too late', () => {
  test('works once', async () => {
    const person = await createPerson(deps);
    const seq = await leave(person, NEWSLETTER);
    expect((await undo(person, seq)).kind).toBe('restored');
    expect(await undo(person, seq)).toEqual(NOTHING);
    await leave(person, NEWSLETTER);
    expect(await undo(person, seq)).toEqual(NOTHING);
    expect(await statusIn(person, 'newsletter')).toBe('withdrawn');
  });

  test('20 at once leave one entry', async () => {
    const person = await createPerson(deps);
    const seq = await leave(person, NEWSLETTER);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => undo(person, seq)));
    expect(outcomes.filter(({ kind }) => kind === 'restored')).toHaveLength(1);
    expect(await readEntries(deps.db, person.id)).toHaveLength(3);
  });

  test('leaves alone what the person agreed to anew in the meantime', async () => {
    const person = await createPerson(deps, [granted('newsletter', ['drives']), granted('tracking')]);
    const seq = await leave(person, { kind: 'brand' });
    await act(deps, person.id, again('newsletter', { topics: ['service'] }));
    await undo(person, seq);
    const { permissions } = await reread(deps.db, person.id);
    expect(permissions[`${brand.id}#newsletter`]).toMatchObject({ topics: ['service'], seq: 3 });
    expect(permissions[`${brand.id}#tracking`]).toMatchObject({ status: 'granted', seq: 4 });
  });

  test('does not reach over a second topic left since', async () => {
    const person = await createPerson(deps, [granted('newsletter', ['drives', 'service', 'automation'])]);
    const seq = await leave(person, { kind: 'topic', use: 'newsletter', topic: 'drives' });
    await leave(person, { kind: 'topic', use: 'newsletter', topic: 'service' });
    expect(await undo(person, seq)).toEqual(NOTHING);
  });

  test('does not reach over a block set since', async () => {
    const person = await createPerson(deps);
    const seq = await leave(person, NEWSLETTER);
    const underneath = { status: 'withdrawn', since: person.updatedAt, seq } as const;
    const block = { status: 'blocked', since: person.updatedAt, seq: seq + 1, underneath } as const;
    await seedPermission(deps.db, person.id, 'newsletter', block);
    expect(await undo(person, seq)).toEqual(NOTHING);
  });

  test('does not reach over “no advertising at all” said since', async () => {
    const person = await createPerson(deps, [granted('newsletter'), granted('tracking')]);
    const seq = await leave(person, NEWSLETTER);
    await leave(person, ALL);
    expect(await undo(person, seq)).toEqual(NOTHING);
    expect(await statusIn(person, 'newsletter')).toBe('withdrawn');
  });

  test('does not lift “no advertising at all” that the person said again', async () => {
    const person = await createPerson(deps, [granted('newsletter'), granted('tracking')]);
    const seq = await leave(person, ALL);
    await act(deps, person.id, again('newsletter'));
    await leave(person, ALL);
    expect(await undo(person, seq)).toEqual(NOTHING);
    expect(await statusIn(person, 'tracking')).toBe('withdrawn');
  });

  test('a withdrawal of one use since does not stand in the way of another', async () => {
    const person = await createPerson(deps, [granted('newsletter'), granted('tracking')]);
    const seq = await leave(person, NEWSLETTER);
    await leave(person, { kind: 'uses', uses: ['tracking'] });
    expect((await undo(person, seq)).kind).toBe('restored');
    expect(await statusIn(person, 'tracking')).toBe('withdrawn');
  });
});

describe('what cannot be undone', () => {
  test('a withdrawal that took no grant', async () => {
    const person = await createPerson(deps, []);
    expect(await undo(person, await leave(person, NEWSLETTER))).toEqual(NOTHING);
  });

  test('a no that was remembered under a block', async () => {
    const person = await createPerson(deps);
    const block = { status: 'blocked', since: person.updatedAt, seq: 1, underneath: grant(1) } as const;
    await seedPermission(deps.db, person.id, 'newsletter', block);
    expect(await undo(person, await leave(person, NEWSLETTER))).toEqual(NOTHING);
  });

  test('a grant, an entry that does not exist, the entry of a person that does not exist', async () => {
    const person = await createPerson(deps);
    expect(await undo(person, 1)).toEqual(NOTHING);
    expect(await undo(person, 99)).toEqual(NOTHING);
    expect(await undo({ ...person, id: 'con_nobody' }, 1)).toEqual(NOTHING);
  });

  test('looking at what an undo would do changes nothing', async () => {
    const person = await createPerson(deps);
    const seq = await leave(person, NEWSLETTER);
    deps.db.reset();
    const view = await viewUndo(deps, person.id, seq);
    expect(view?.changes).toMatchObject([{ use: 'newsletter', from: 'withdrawn', to: 'granted' }]);
    expect(deps.db.units().write).toBe(0);
  });
});
