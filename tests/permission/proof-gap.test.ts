import { beforeAll, describe, expect, test } from 'vitest';

import type { Contact, Incomplete } from '../../shared/contacts/contact.ts';
import { permissionKey } from '../../shared/contacts/contact.ts';
import { blockContact, unblockContact } from '../../shared/permission/block.ts';
import type { Change, EvidenceDraft } from '../../shared/permission/evidence.ts';
import { approveReview } from '../../shared/permission/review.ts';
import { undoWithdrawal } from '../../shared/permission/undo.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { now } from '../../shared/platform/clock.ts';
import { sha256 } from '../../shared/platform/ids.ts';
import { PERSON, act, asked, brand, createPerson, draft, granted, openLedger, reread } from './person.ts';
import type { Deps } from './person.ts';
import { contradictions } from './retold.ts';

let deps: Deps;
beforeAll(async () => {
  deps = await openLedger();
});

const PLACE = permissionKey(brand.id, 'newsletter');
const { signup, mail } = asked(now());
const { deliveredAt: _, ...taken } = mail;
const WAITS: Incomplete = { awaits: signup.requestId };
/** Confirmed before anybody told that the mail arrived. */
const EARLY = { signup, mail: taken };

const confirms = (change: Partial<Change> = {}, more: Partial<EvidenceDraft> = {}) =>
  draft([granted('newsletter', ['drives'], change)], more);
async function early(): Promise<Contact> {
  const { id } = await createPerson(deps, []);
  return (await act(deps, id, confirms({}, EARLY))).contact;
}
const arrives = ({ id }: Contact, requestId = signup.requestId) =>
  act(deps, id, {
    ...{ type: 'delivery', at: now(), actor: PERSON, route: 'delivery-report', changes: [] },
    delivery: { requestId, messageId: mail.messageId, deliveredAt: now() },
  });
async function leave({ id }: Contact, kind: 'brand' | 'all' = 'brand'): Promise<number> {
  const left = await withdraw(deps, {
    contactId: id,
    brand,
    scope: { kind },
    route: 'one-click',
    actor: PERSON,
  });
  if (left.kind !== 'withdrawn') throw new Error(left.kind);
  return left.entry.seq;
}
const move = ({ id, addressKey = '' }: Contact) =>
  act(deps, id, {
    ...{ type: 'address', at: now(), actor: PERSON, route: 'log-in', changes: [] },
    moved: { from: addressKey, to: `${addressKey}-new` },
  });
const undo = ({ id }: Contact, seq: number) =>
  undoWithdrawal(deps, { contactId: id, seq, route: 'undo', ip: '', userAgent: '' });
const told = ({ id }: Contact) => ({
  ...{ controller: brand.controller.id, contactId: id, brand: brand.id, reason: 'r', at: now() },
  actor: { kind: 'staff', id: 'a.sommer' } as const,
});
const block = (contact: Contact) => blockContact(deps, { ...told(contact), uses: ['newsletter'] });
const unblock = (contact: Contact) => unblockContact(deps, told(contact));

/** What the grant lacks as it is stored; the ledger tells the same. */
async function gapOf({ id }: Contact): Promise<Incomplete | 'no grant' | undefined> {
  expect(await contradictions(deps, [id])).toEqual([]);
  const permission = (await reread(deps.db, id)).permissions[PLACE];
  return permission?.status === 'granted' ? permission.incomplete : 'no grant';
}

describe('G5 a double opt-in', () => {
  test('of which nothing is missing has no gap', async () => {
    const person = await createPerson(deps);
    expect(person.permissions[PLACE]).not.toHaveProperty('incomplete');
    expect(await gapOf(person)).toBeUndefined();
  });

  test('before the news of its mail waits for it, and for no other', async () => {
    const person = await early();
    expect(await gapOf(person)).toEqual(WAITS);
    await arrives(person, 'another');
    expect(await gapOf(person)).toEqual(WAITS);
    const { contact } = await arrives(person);
    expect(contact.permissions[PLACE]).not.toHaveProperty('incomplete');
    expect(await gapOf(person)).toBeUndefined();
    // Told twice it says nothing new.
    await arrives(person);
    expect(await gapOf(person)).toBeUndefined();
  });

  test('without mail or click stays incomplete, whatever arrives', async () => {
    const { confirmPageShownAt: _shown, ...unclicked } = signup;
    for (const more of [
      { signup, mail: undefined },
      { signup: unclicked, mail: taken },
    ]) {
      const { id } = await createPerson(deps, []);
      const { contact } = await act(deps, id, confirms({}, more));
      await arrives(contact);
      expect(await gapOf(contact)).toEqual({});
    }
  });

  test('keeps its gap when topics change, and loses it with a new one that is complete', async () => {
    const person = await early();
    const topics: Change = {
      brand: brand.id,
      use: 'newsletter',
      from: 'granted',
      to: 'granted',
      topics: [],
    };
    await act(deps, person.id, draft([topics], { type: 'choices', route: 'preferences' }));
    expect(await gapOf(person)).toEqual(WAITS);
    await act(deps, person.id, confirms({ from: 'granted' }));
    expect(await gapOf(person)).toBeUndefined();
  });

  test('that was complete stays so when it is renewed in the same words before the news, with more topics too', async () => {
    const { id } = await createPerson(deps);
    const renewed: Partial<Change> = { from: 'granted', topics: ['drives', 'service', 'software'] };
    for (const more of [EARLY, { ...EARLY, mail: undefined }]) {
      const { contact } = await act(deps, id, confirms(renewed, more));
      expect(contact.permissions[PLACE]).toMatchObject({ seq: contact.head.seq, topics: renewed.topics });
      expect(await gapOf(contact)).toBeUndefined();
    }
    const { contact } = await act(deps, id, confirms(renewed, EARLY));
    expect(await gapOf(contact)).toBeUndefined();
    const seq = await leave(contact);
    await undo(contact, seq);
    expect(await gapOf(contact)).toBeUndefined();
  });

  test.each<[string, (contact: Contact) => Promise<unknown>, Partial<Change>]>([
    ['in other words', () => Promise.resolve(), { from: 'granted', wording: sha256('Yes, daily.') }],
    ['after a withdrawal', (contact) => leave(contact), { from: 'withdrawn' }],
    ['after "no advertising at all"', (contact) => leave(contact, 'all'), { from: 'withdrawn' }],
    ['for another address', move, { from: 'granted' }],
  ])('that was complete waits for the news of its own mail %s', async (_, happens, renewed) => {
    const person = await createPerson(deps);
    await happens(person);
    const { contact } = await act(deps, person.id, confirms(renewed, EARLY));
    expect(await gapOf(contact)).toEqual(WAITS);
    await arrives(contact);
    expect(await gapOf(contact)).toBeUndefined();
  });

  test('that is no renewal of a click: an accepted mail proves none', async () => {
    const { id } = await createPerson(deps, []);
    const accepted = granted('newsletter', ['drives'], { proof: 'confirmed' });
    await act(deps, id, draft([accepted], { ...EARLY, route: 'confirmed-opt-in' }));
    const { contact } = await act(deps, id, confirms({ from: 'granted' }, EARLY));
    expect(await gapOf(contact)).toEqual(WAITS);
  });

  test('and no other proof: consent by word or by a mail alone is graded, not awaited', async () => {
    const { id } = await createPerson(deps, []);
    const oral = granted('call-centre', [], { proof: 'oral' });
    const accepted = granted('newsletter', [], { proof: 'confirmed' });
    await act(deps, id, draft([oral], { route: 'oral' }));
    const { contact } = await act(deps, id, draft([accepted], { ...EARLY, route: 'confirmed-opt-in' }));
    for (const held of Object.values(contact.permissions)) expect(held).not.toHaveProperty('incomplete');
  });
});

describe('G5 the gap stays with what was declared', () => {
  test('under a block, where the news finds it', async () => {
    const [one, two] = [await early(), await early()];
    for (const person of [one, two]) await block(person);
    await arrives(one);
    for (const person of [one, two]) await unblock(person);
    expect([await gapOf(one), await gapOf(two)]).toEqual([undefined, WAITS]);
  });

  test.each(['brand', 'all'] as const)('through a withdrawal of %s and its undo', async (kind) => {
    const [before, between, after] = [await early(), await early(), await early()];
    await arrives(before);
    const seqs = [await leave(before, kind), await leave(between, kind), await leave(after, kind)];
    await arrives(between);
    for (const [at, person] of [before, between, after].entries()) await undo(person, seqs[at] ?? 0);
    expect([await gapOf(before), await gapOf(between)]).toEqual([undefined, undefined]);
    expect(await gapOf(after)).toEqual(WAITS);
    await arrives(after);
    expect(await gapOf(after)).toBeUndefined();
  });

  test('through the review list and a yes of ours', async () => {
    const people = await Promise.all([1, 2, 3].map(() => createPerson(deps, [])));
    const approve = (contact: Contact) => approveReview(deps, { ...told(contact), use: 'newsletter' });
    for (const { id } of people) {
      await act(deps, id, confirms({ to: 'unclear', review: true }, { ...EARLY, type: 'review' }));
    }
    const [before, after, never] = people;
    if (!before || !after || !never) throw new Error('three people');
    expect((await reread(deps.db, never.id)).reviews?.[PLACE]?.incomplete).toEqual(WAITS);
    await arrives(before);
    expect((await reread(deps.db, before.id)).reviews?.[PLACE]).not.toHaveProperty('incomplete');
    for (const person of people) await approve(person);
    await arrives(after);
    expect([await gapOf(before), await gapOf(after)]).toEqual([undefined, undefined]);
    expect(await gapOf(never)).toEqual(WAITS);
  });

  test('a complete one beneath a block is not touched by what is asked for above it', async () => {
    const person = await createPerson(deps);
    await block(person);
    const asks = confirms({ from: 'blocked', to: 'blocked', review: true }, { ...EARLY, type: 'review' });
    await act(deps, person.id, asks);
    await unblock(person);
    expect(await gapOf(person)).toBeUndefined();
  });

  test('whether news, withdrawal and block come one by one or at once', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, early));
    for (const person of people) {
      await Promise.all([arrives(person), block(person), leave(person)]);
      await unblock(person);
      expect(await gapOf(person)).toBe('no grant');
      expect((await reread(deps.db, person.id)).permissions[PLACE]).not.toHaveProperty('incomplete');
    }
  });
});
