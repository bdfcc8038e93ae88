import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { HOUR, MINUTE, now, plus, setClockOffset } from '../../shared/platform/clock.ts';
import { blockContact, unblockContact } from '../../shared/permission/block.ts';
import { TOLD_ROUTES, recordWithdrawal } from '../../shared/permission/record-withdrawal.ts';
import type { ToldWithdrawal } from '../../shared/permission/record-withdrawal.ts';
import { permissionOf } from '../../shared/permission/status.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { undoWithdrawal } from '../../shared/permission/undo.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { PERSON, act, brand, createPerson, draft, granted, openLedger, reread, sister } from './person.ts';
import type { Deps } from './person.ts';

let deps: Deps;
beforeAll(async () => {
  deps = await openLedger();
});
afterEach(() => setClockOffset(0));

const SERVICE = { kind: 'staff', id: 'k.lund' } as const;
const tell = (contact: Contact, more: Partial<ToldWithdrawal> = {}) =>
  recordWithdrawal(deps, {
    controller: brand.controller.id,
    contactId: contact.id,
    brand: brand.id,
    route: 'phone',
    receivedAt: contact.updatedAt,
    actor: SERVICE,
    at: now(),
    ...more,
  });
const statusIn = (contact: Contact, use: string, of = brand.id) => permissionOf(contact, of, use)?.status;

/** An hour passes; answers the instant half-way. */
function pass(hours: number): string {
  const from = now();
  setClockOffset(hours * HOUR);
  return plus(from, 30 * MINUTE);
}

describe('a no that one of us was told', () => {
  test.each(TOLD_ROUTES)('by %s has the force of a click: entry, instant, name', async (route) => {
    const person = await createPerson(deps);
    const outcome = await tell(person, { route, uses: ['newsletter'], reason: 'Too much' });
    expect(statusIn(outcome.contact, 'newsletter')).toBe('withdrawn');
    expect(statusIn(outcome.contact, 'tracking')).toBeUndefined();
    const [, entry] = await readEntries(deps.db, person.id);
    expect(entry).toMatchObject({ type: 'withdrawn', route, receivedAt: person.updatedAt, actor: SERVICE });
    expect(JSON.stringify(entry)).not.toContain('Too much');
  });

  test('without uses is every use of the brand, and of no other', async () => {
    const person = await createPerson(deps, [
      granted('newsletter'),
      granted('newsletter', [], { brand: sister.id }),
    ]);
    const { contact } = await tell(person);
    for (const use of ['newsletter', 'call-centre', 'profiling'])
      expect(statusIn(contact, use)).toBe('withdrawn');
    expect(statusIn(contact, 'newsletter', sister.id)).toBe('granted');
  });

  test('of all advertising covers every brand and uses to come, and needs no brand', async () => {
    const person = await createPerson(deps, [granted('newsletter', [], { brand: sister.id })]);
    const { contact } = await tell(person, { brand: undefined, uses: 'all' });
    expect(statusIn(contact, 'newsletter', sister.id)).toBe('withdrawn');
    expect(statusIn(contact, 'use-of-next-year', 'brand-of-next-year')).toBe('withdrawn');
  });

  test('told twice, or after a click, is one entry', async () => {
    const person = await createPerson(deps);
    await tell(person);
    expect((await tell(person)).kind).toBe('unchanged');
    const other = await createPerson(deps);
    await withdraw(deps, {
      contactId: other.id,
      brand,
      scope: { kind: 'all' },
      route: 'one-click',
      actor: PERSON,
    });
    expect((await tell(other, { uses: 'all' })).kind).toBe('unchanged');
    expect(await readEntries(deps.db, person.id)).toHaveLength(2);
  });

  test('10 at once are one entry', async () => {
    const person = await createPerson(deps);
    await Promise.all(Array.from({ length: 10 }, () => tell(person, { uses: 'all' })));
    expect(await readEntries(deps.db, person.id)).toHaveLength(2);
  });

  test('under a block it is remembered', async () => {
    const person = await createPerson(deps);
    const block = { controller: brand.controller.id, contactId: person.id, brand: brand.id } as const;
    await blockContact(deps, { ...block, reason: 'r', actor: SERVICE, at: now() });
    await tell(person);
    const { contact } = await unblockContact(deps, { ...block, reason: 'r', actor: SERVICE, at: now() });
    expect(statusIn(contact, 'newsletter')).toBe('withdrawn');
  });

  test.each([
    ['in the future', (at: string) => ({ receivedAt: plus(at, MINUTE) }), '/receivedAt'],
    ['before we knew the person', (at: string) => ({ receivedAt: plus(at, -HOUR) }), '/receivedAt'],
    ['of uses without a brand', () => ({ brand: undefined, uses: ['newsletter'] }), '/brand'],
    ['of nothing', () => ({ brand: undefined }), '/brand'],
    ['of a use nobody has', () => ({ uses: ['telex'] }), '/uses/0'],
    ['of another’s brand', () => ({ brand: 'nobodys' }), '/brand'],
  ])('%s is refused and changes nothing', async (_, more, pointer) => {
    const person = await createPerson(deps);
    await expect(tell(person, more(now()))).rejects.toMatchObject({ code: 'invalid', errors: [{ pointer }] });
    expect(await reread(deps.db, person.id)).toEqual(person);
  });

  test('of another’s contact is not found', async () => {
    const person = await createPerson(deps);
    await expect(tell(person, { contactId: 'con_nobody' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(tell(person, { controller: 'another-gmbh' })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a no written down after the person agreed anew', () => {
  /** Agreed to the newsletter, then half an hour later said no, then agreed to tracking; written down only now. */
  async function late(more: Parameters<typeof granted>[2] = {}, made: Parameters<typeof draft>[1] = {}) {
    const person = await createPerson(deps);
    const receivedAt = pass(1);
    await act(deps, person.id, draft([granted('tracking', [], more)], made));
    return { person, receivedAt };
  }

  test('ends what is older; what the person confirmed after it stays', async () => {
    const { person, receivedAt } = await late();
    const { contact } = await tell(person, { receivedAt });
    expect([statusIn(contact, 'newsletter'), statusIn(contact, 'tracking')]).toEqual([
      'withdrawn',
      'granted',
    ]);
  });

  test('“no advertising at all” spares it too, but no use created later', async () => {
    const { person, receivedAt } = await late();
    const { contact } = await tell(person, { receivedAt, uses: 'all' });
    expect(['newsletter', 'tracking', 'use-of-next-year'].map((use) => statusIn(contact, use))).toEqual([
      'withdrawn',
      'granted',
      'withdrawn',
    ]);
    expect((await tell(person, { receivedAt, uses: 'all' })).kind).toBe('unchanged');
    // Said again later, it ends that as well.
    const again = await tell(person, { receivedAt: now(), uses: 'all' });
    expect(statusIn(again.contact, 'tracking')).toBe('withdrawn');
  });

  test('spares it under a block, and a block it stays', async () => {
    const { person, receivedAt } = await late();
    const block = {
      controller: brand.controller.id,
      contactId: person.id,
      brand: brand.id,
      at: now(),
    } as const;
    await blockContact(deps, { ...block, reason: 'r', actor: SERVICE });
    const { contact } = await tell(person, { receivedAt, uses: 'all' });
    expect(statusIn(contact, 'tracking')).toBe('blocked');
    const unblocked = await unblockContact(deps, { ...block, reason: 'r', actor: SERVICE });
    expect([statusIn(unblocked.contact, 'newsletter'), statusIn(unblocked.contact, 'tracking')]).toEqual([
      'withdrawn',
      'granted',
    ]);
  });

  test.each([
    ['a grant that proves no mailbox', { proof: 'confirmed' }, { route: 'confirmed-opt-in' }],
    ['a consent by phone', { proof: 'oral' }, { route: 'oral' }],
  ] as const)('%s does not stay: it would not have been one', async (_, more, made) => {
    const { person, receivedAt } = await late(more, made);
    const { contact } = await tell(person, { receivedAt });
    expect(statusIn(contact, 'tracking')).toBe('withdrawn');
  });

  test('takes away nothing that an undo of an older withdrawal could lift', async () => {
    const person = await createPerson(deps, [granted('newsletter'), granted('tracking')]);
    await withdraw(deps, {
      contactId: person.id,
      brand,
      scope: { kind: 'brand' },
      route: 'one-click',
      actor: PERSON,
    });
    const receivedAt = pass(1);
    await act(deps, person.id, draft([granted('newsletter', [], { from: 'withdrawn' })]));
    await tell(person, { receivedAt, uses: 'all' });
    const undone = await undoWithdrawal(deps, {
      contactId: person.id,
      seq: 2,
      route: 'receipt-link',
      ip: '192.0.2.7',
      userAgent: 'Firefox',
    });
    expect(undone.kind).toBe('nothing-to-undo');
    const contact = await reread(deps.db, person.id);
    expect([statusIn(contact, 'newsletter'), statusIn(contact, 'tracking')]).toEqual([
      'granted',
      'withdrawn',
    ]);
    expect(contact.noAdvertising).toMatchObject({ seq: 2, toldIn: 4 });
  });
});
