import { beforeAll, describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { now } from '../../shared/platform/clock.ts';
import type { Profile } from '../../shared/permission/apply-entry.ts';
import type { Change, EvidenceDraft } from '../../shared/permission/evidence.ts';
import { record } from '../../shared/permission/record.ts';
import type { Scope } from '../../shared/permission/scope.ts';
import { permissionOf } from '../../shared/permission/status.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { canBeUndone, undoWithdrawal, viewUndo } from '../../shared/permission/undo.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import type { Wish } from '../../shared/preferences/acts.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
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
  recorded,
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

describe('an undo of choices', () => {
  type Choice = Partial<Pick<EvidenceDraft, 'changes' | 'choices'>> & { profile?: Profile };
  /** One act on the choices page; answers the number of its entry. */
  async function choose({ id }: Contact, { changes = [], choices, profile }: Choice): Promise<number> {
    const { entry } = await recorded(
      record(deps, {
        contact: await reread(deps.db, id),
        draft: {
          type: 'choices',
          at: now(),
          actor: PERSON,
          route: 'preferences',
          brand: brand.id,
          changes,
          ...(choices ? { choices } : {}),
        },
        payload: {},
        ...(profile ? { profile } : {}),
      }),
    );
    return entry.seq;
  }
  const topics = (all: string[], more: Partial<Change>) => ({
    changes: [
      { brand: brand.id, use: 'newsletter', from: 'granted', to: 'granted', topics: all, ...more } as const,
    ],
  });
  const often = (from: Wish | undefined, to: Wish | undefined) => ({
    choices: { wish: { from, to } },
    profile: { wish: to },
  });
  const wishOf = async ({ id }: Contact) => (await reread(deps.db, id)).wish;
  const topicsOf = async ({ id }: Contact) => {
    const held = permissionOf(await reread(deps.db, id), brand.id, 'newsletter');
    return held?.status === 'granted' ? held.topics : undefined;
  };

  test('gives topics and wishes of one act back together, once', async () => {
    const person = await createPerson(deps);
    const joined = topics(['service', 'automation'], {
      topicsJoined: ['automation'],
      topicsLeft: ['drives'],
    });
    const seq = await choose(person, { ...joined, ...often(undefined, 'weekly') });
    expect(await undo(person, seq)).toMatchObject({ kind: 'restored', entry: { undoes: seq } });
    expect([await topicsOf(person), await wishOf(person)]).toEqual([['service', 'drives'], undefined]);
    expect(await undo(person, seq)).toEqual(NOTHING);
    expect(await readEntries(deps.db, person.id)).toHaveLength(3);
  });

  test('20 at once leave one entry', async () => {
    const person = await createPerson(deps);
    const seq = await choose(person, often(undefined, 'weekly'));
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => undo(person, seq)));
    expect(outcomes.filter(({ kind }) => kind === 'restored')).toHaveLength(1);
    expect(await readEntries(deps.db, person.id)).toHaveLength(3);
  });

  test('does not overwrite a later choice', async () => {
    const person = await createPerson(deps);
    const seq = await choose(person, often(undefined, 'weekly'));
    await choose(person, often('weekly', 'monthly'));
    expect(await undo(person, seq)).toEqual(NOTHING);
    expect(await wishOf(person)).toBe('monthly');
  });

  test('does not overwrite a later choice of the same, either: it was made again', async () => {
    const person = await createPerson(deps);
    const seq = await choose(person, often(undefined, 'weekly'));
    await undo(person, seq);
    await choose(person, often(undefined, 'weekly'));
    expect(await undo(person, seq)).toEqual(NOTHING);
    expect(await wishOf(person)).toBe('weekly');
  });

  test('gives back what is untouched beside a later choice of something else', async () => {
    const person = await createPerson(deps);
    const seq = await choose(person, {
      ...topics(['service'], { topicsLeft: ['drives'] }),
      ...often(undefined, 'weekly'),
    });
    await choose(person, often('weekly', 'monthly'));
    await choose(person, topics(['service', 'automation'], { topicsJoined: ['automation'] }));
    expect((await undo(person, seq)).kind).toBe('restored');
    expect(await topicsOf(person)).toEqual(['service', 'automation', 'drives']);
    expect(await wishOf(person)).toBe('monthly');
  });

  test('a topic left, joined and left again is what it was chosen to be last', async () => {
    const person = await createPerson(deps);
    const seq = await choose(person, topics(['service'], { topicsLeft: ['drives'] }));
    await choose(person, topics(['service', 'drives'], { topicsJoined: ['drives'] }));
    await choose(person, topics(['service'], { topicsLeft: ['drives'] }));
    expect(await undo(person, seq)).toEqual(NOTHING);
    expect(await topicsOf(person)).toEqual(['service']);
  });

  test('does not take the last topic: nothing would be sent under the consent', async () => {
    const person = await createPerson(deps, [granted('newsletter', ['drives'])]);
    const seq = await choose(person, topics(['drives', 'service'], { topicsJoined: ['service'] }));
    await choose(person, topics(['service'], { topicsLeft: ['drives'] }));
    expect(await undo(person, seq)).toEqual(NOTHING);
    expect(await topicsOf(person)).toEqual(['service']);
  });

  test.each<[string, Scope]>([
    ['the use', NEWSLETTER],
    ['a topic of it on the unsubscribe page', { kind: 'topic', use: 'newsletter', topic: 'service' }],
    ['everything', ALL],
  ])('a withdrawal of %s since wins', async (_, scope) => {
    const person = await createPerson(deps, [granted('newsletter', ['drives', 'service', 'automation'])]);
    const seq = await choose(person, topics(['service', 'automation'], { topicsLeft: ['drives'] }));
    await leave(person, scope);
    const before = await reread(deps.db, person.id);
    expect(await undo(person, seq)).toEqual(NOTHING);
    expect(await reread(deps.db, person.id)).toEqual(before);
  });

  test('a consent given anew since stands as it was given', async () => {
    const person = await createPerson(deps);
    const seq = await choose(person, topics(['service'], { topicsLeft: ['drives'] }));
    await act(deps, person.id, draft([granted('newsletter', ['automation'], { from: 'granted' })]));
    expect(await undo(person, seq)).toEqual(NOTHING);
    expect(await topicsOf(person)).toEqual(['automation']);
  });

  test('of another brand since does not stand in its way', async () => {
    const person = await createPerson(deps, [
      granted('newsletter', ['drives', 'service']),
      granted('newsletter', ['drives'], { brand: sister.id }),
    ]);
    const seq = await choose(person, topics(['service'], { topicsLeft: ['drives'] }));
    await act(
      deps,
      person.id,
      draft([granted('newsletter', ['drives'], { brand: sister.id, from: 'granted' })]),
    );
    expect((await undo(person, seq)).kind).toBe('restored');
  });

  test('D3 ends with the address that it was offered to', async () => {
    const person = await createPerson(deps);
    const chosen = await choose(person, often(undefined, 'weekly'));
    const left = await leave(person, NEWSLETTER);
    const { addressKey: from = '' } = person;
    const move = { type: 'address', route: 'log-in', moved: { from, to: 'another' } } as const;
    await act(deps, person.id, draft([], { ...move, signup: undefined, mail: undefined }));
    for (const seq of [chosen, left]) expect(await undo(person, seq)).toEqual(NOTHING);
    expect(await statusIn(person, 'newsletter')).toBe('withdrawn');
  });

  test('a storage failure changes nothing, and the next attempt gives it back', async () => {
    const person = await createPerson(deps);
    const seq = await choose(person, often(undefined, 'weekly'));
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite'
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    const input = { contactId: person.id, seq, route: 'undo', ip: '192.0.2.7', userAgent: '' } as const;
    await expect(undoWithdrawal({ ...deps, db }, input)).rejects.toThrow('InternalServerError');
    expect(await wishOf(person)).toBe('weekly');
    expect((await undo(person, seq)).kind).toBe('restored');
  });

  test('only what an act moved can be taken back at all', async () => {
    const person = await createPerson(deps);
    await leave(person, { kind: 'uses', uses: ['call-centre'] });
    await leave(person, NEWSLETTER);
    await choose(person, often(undefined, 'weekly'));
    const entries = await readEntries(deps.db, person.id);
    expect(entries.map(canBeUndone)).toEqual([false, false, true, true]);
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
