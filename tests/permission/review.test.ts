import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { permissionKey } from '../../shared/contacts/contact.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { now } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { remove } from '../../shared/platform/table.ts';
import { blockContact } from '../../shared/permission/block.ts';
import type { Change } from '../../shared/permission/evidence.ts';
import { record } from '../../shared/permission/record.ts';
import { approveReview, denyReview } from '../../shared/permission/review.ts';
import type { ReviewInput } from '../../shared/permission/review.ts';
import { readEntries, readWaiting } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import {
  PERSON,
  WORDING,
  act,
  brand,
  createPerson,
  draft,
  granted,
  newPerson,
  openLedger,
  reread,
} from './person.ts';
import type { Deps } from './person.ts';

let deps: Deps;
beforeAll(async () => {
  deps = await openLedger();
});
const CONTROLLER = brand.controller.id;
const PLACE = permissionKey(brand.id, 'newsletter');
const NAMED = { kind: 'staff', id: 'a.sommer' } as const;

afterEach(async () => {
  for (const { id } of (await readWaiting(deps.db, CONTROLLER, { limit: 100 })).contacts) {
    await remove(deps.db, { remove: 'contacts', key: keys.review(CONTROLLER, id) });
  }
});

const input = ({ id }: Pick<Contact, 'id'>, more: Partial<ReviewInput> = {}): ReviewInput => ({
  controller: CONTROLLER,
  contactId: id,
  brand: brand.id,
  use: 'newsletter',
  actor: NAMED,
  at: now(),
  ...more,
});
const approve = (contact: Contact, more: Partial<ReviewInput> = {}) =>
  approveReview(deps, input(contact, more));
const deny = (contact: Contact) => denyReview(deps, input(contact, { reason: 'a competitor' }));
const leave = ({ id }: Contact, kind: 'brand' | 'all' = 'brand') =>
  withdraw(deps, { contactId: id, brand, scope: { kind }, route: 'one-click', actor: PERSON });
const block = (contact: Contact) =>
  blockContact(deps, { ...input(contact), uses: ['newsletter'], reason: 'r' });
/** The person asks where somebody of ours must say yes. */
const ask = ({ id }: Contact, from: Change['from'], more: Partial<Change> = {}) =>
  act(
    deps,
    id,
    draft([granted('newsletter', ['drives'], { from, to: from, review: true, ...more })], { type: 'review' }),
  );
const waiting = async (limit = 100, after?: string) => {
  const { contacts, next } = await readWaiting(deps.db, CONTROLLER, { limit, after });
  return { ids: contacts.map(({ id }) => id), next };
};
const NOT_WAITING = { code: 'conflict', reason: 'not-waiting' };

/** A competitor who asks at the first contact. */
async function competitor(): Promise<Contact> {
  const contact = newPerson();
  const asks = granted('newsletter', ['drives'], { to: 'unclear', review: true });
  await record(deps, { contact, draft: draft([asks], { type: 'review' }), payload: {} });
  return reread(deps.db, contact.id);
}

/** Somebody blocked who asks; before it they may have said no. */
async function blocked(saidNo = false): Promise<Contact> {
  const person = await createPerson(deps);
  if (saidNo) await leave(person);
  await block(person);
  await ask(person, 'blocked');
  return reread(deps.db, person.id);
}

describe('the review list', () => {
  test('holds who asks, once, until the last of it is settled', async () => {
    const [one, two] = [await competitor(), await blocked()];
    await ask(two, 'blocked', { topics: ['service'] });
    await ask(two, 'unclear', { use: 'event-invitation' });
    expect((await waiting()).ids).toEqual([one.id, two.id].sort());
    await deny(one);
    await deny(two);
    expect((await waiting()).ids).toEqual([two.id]);
    await denyReview(deps, input(two, { use: 'event-invitation' }));
    expect((await waiting()).ids).toEqual([]);
  });

  test('reads page by page', async () => {
    const ids = (await Promise.all([competitor(), competitor(), competitor()])).map(({ id }) => id).sort();
    const first = await waiting(2);
    expect(first).toEqual({ ids: ids.slice(0, 2), next: ids[1] });
    expect(await waiting(2, first.next)).toEqual({ ids: ids.slice(2), next: undefined });
    expect((await readWaiting(deps.db, 'another-gmbh', { limit: 10 })).contacts).toEqual([]);
  });

  test('ends with the person’s own no, also with “no advertising at all” where nothing was stored', async () => {
    const [one, two, three] = [await competitor(), await competitor(), await blocked()];
    await leave(one);
    await leave(two, 'all');
    await leave(three);
    expect((await waiting()).ids).toEqual([]);
    for (const contact of [one, two, three])
      await expect(approve(contact)).rejects.toMatchObject(NOT_WAITING);
  });

  test('is written with the act or not at all', async () => {
    const person = await createPerson(deps);
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite'
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    const asks = granted('newsletter', [], { from: 'granted', review: true });
    const made = { contact: person, draft: draft([asks], { type: 'review' as const }), payload: {} };
    await expect(record({ ...deps, db }, made)).rejects.toThrow('InternalServerError');
    expect((await waiting()).ids).toEqual([]);
  });
});

describe('a yes', () => {
  test('grants what the person declared, with the name of who allowed it', async () => {
    const person = await competitor();
    const { entry, contact } = await approve(person);
    expect(entry).toMatchObject({
      type: 'granted',
      route: 'review',
      actor: NAMED,
      changes: [{ from: 'unclear', to: 'granted', topics: ['drives'], wording: WORDING, proof: 'double' }],
    });
    expect(contact.permissions[PLACE]).toMatchObject({
      status: 'granted',
      topics: ['drives'],
      proof: 'double',
      form: { id: 'newsletter', version: 1 },
      addressKey: person.addressKey,
      approved: true,
    });
    expect(contact.reviews).toBeUndefined();
    expect(await reread(deps.db, person.id)).toEqual(contact);
  });

  test('ends the block, in the same entry', async () => {
    const { entry, contact } = await approve(await blocked());
    expect(entry.changes).toMatchObject([{ from: 'blocked', to: 'granted' }]);
    expect(contact.permissions[PLACE]).toMatchObject({ status: 'granted', topics: ['drives'] });
  });

  test('leads out of a no where the person’s own double opt-in came after it, and only there', async () => {
    const after = await blocked(true);
    expect((await approve(after)).contact.permissions[PLACE]).toMatchObject({ status: 'granted' });
    const unproven = await createPerson(deps);
    await leave(unproven);
    await ask(unproven, 'withdrawn', { proof: 'confirmed' });
    await expect(approve(unproven)).rejects.toMatchObject({ code: 'conflict', reason: 'withdrawn' });
    // One of us may still settle it.
    expect((await deny(unproven)).contact.permissions[PLACE]).toMatchObject({ status: 'withdrawn' });
  });

  test('to a declaration that is not known is refused', async () => {
    const person = await createPerson(deps, []);
    await ask(person, 'unclear', { wording: undefined, proof: undefined });
    await expect(approve(person)).rejects.toMatchObject({ code: 'conflict', reason: 'incomplete' });
  });

  test('to nothing, to somebody of another controller, for another’s brand is refused', async () => {
    const person = await createPerson(deps);
    await expect(approve(person)).rejects.toMatchObject(NOT_WAITING);
    await expect(approve(await competitor(), { use: 'tracking' })).rejects.toMatchObject(NOT_WAITING);
    await expect(approve(person, { controller: 'another-gmbh' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(approve(person, { contactId: 'con_nobody' })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a no of ours', () => {
  test.each([
    ['a competitor', competitor, undefined],
    ['somebody blocked', blocked, 'blocked'],
  ] as const)('to %s leaves the permission what it is', async (_, made, status) => {
    const person = await made();
    const { entry, contact } = await deny(person);
    expect(entry).toMatchObject({ type: 'denied', route: 'review', actor: NAMED });
    expect(JSON.stringify(entry)).not.toContain('a competitor');
    expect(contact.permissions).toEqual(person.permissions);
    expect(contact.permissions[PLACE]?.status).toBe(status);
    expect(contact.reviews).toBeUndefined();
  });

  test('can be followed by the person asking again', async () => {
    const person = await competitor();
    await deny(person);
    await ask(person, 'unclear');
    expect((await approve(person)).contact.permissions[PLACE]).toMatchObject({ status: 'granted' });
  });
});

describe('decisions at once', () => {
  test('of yes and no the first wins, the others learn that nothing waits', async () => {
    const person = await blocked();
    const made = await Promise.allSettled([approve(person), deny(person), approve(person), deny(person)]);
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = made.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []));
    for (const refusal of refusals) expect(refusal).toMatchObject(NOT_WAITING);
    expect(await readEntries(deps.db, person.id)).toHaveLength(4);
  });

  test('the person’s no is never lost to a yes of ours', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => blocked()));
    for (const person of people) {
      await Promise.allSettled([approve(person), leave(person)]);
      const contact = await reread(deps.db, person.id);
      const held = contact.permissions[PLACE];
      const told = held?.status === 'blocked' ? held.underneath : held;
      expect(told?.status).toBe('withdrawn');
      expect(contact.reviews).toBeUndefined();
      expect(verifyChain(await readEntries(deps.db, person.id), contact.head).ok).toBe(true);
    }
  });
});
