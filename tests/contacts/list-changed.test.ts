import { beforeEach, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { cursor, listChanged } from '../../shared/contacts/list-changed.ts';
import { updateProfile } from '../../shared/contacts/store.ts';
import { DAY, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { keys, updatedShard } from '../../shared/platform/keys.ts';
import { remove, write } from '../../shared/platform/table.ts';
import { newPerson } from '../permission/person.ts';
import { openTestDatabase } from '../support/engine.ts';
import type { TestDatabase } from '../support/engine.ts';

const START = plus(now(), -DAY);
const CONTROLLER = newPerson().controller;

let db: TestDatabase;
beforeEach(async () => {
  db = await openTestDatabase();
});

/** Somebody as stored, who changed `seconds` after the start. */
async function person(seconds: number, controller = CONTROLLER): Promise<Contact> {
  const { address: _, addressKey: __, ...made } = newPerson({ controller });
  const contact = {
    ...made,
    updatedAt: plus(START, seconds * SECOND),
    permissions: {},
    head: { seq: 1, hash: '0' },
  };
  const key = keys.contact(contact.id);
  await write(db, {
    put: 'contacts',
    item: { ...key, ...contact, updatedShard: updatedShard(controller, key.pk) },
  });
  return contact;
}
const people = (count: number, secondsOf: (index: number) => number) =>
  Promise.all(Array.from({ length: count }, (_, index) => person(secondsOf(index))));
/** Somebody moves to another town. */
async function change(contact: Contact, at = now()): Promise<void> {
  const city = { value: 'Bremen', source: 'crm', at } as const;
  expect(await write(db, updateProfile(contact, { ...contact, fields: { city } }, at))).toBe(true);
}
/** Reads on until nothing is left; `between` pages something happens. */
async function follow(options: {
  limit: number;
  at?: string;
  from?: string;
  between?: (page: number) => Promise<void>;
}) {
  const seen: Contact[] = [];
  let from = options.from === undefined ? { since: START } : cursor.parse(options.from);
  for (let page = 0; ; page += 1) {
    const answer = await listChanged(db, CONTROLLER, from, { limit: options.limit, at: options.at ?? now() });
    seen.push(...answer.contacts);
    from = cursor.parse(answer.cursor);
    if (!answer.more) return { seen, cursor: answer.cursor };
    await options.between?.(page);
  }
}
const ids = (contacts: readonly Contact[]) => contacts.map(({ id }) => id);

test('1,000 contacts come once each, in the order in which they changed, many of them in the same millisecond', async () => {
  const all = await people(1_000, (index) => Math.floor(index / 50));
  const { seen } = await follow({ limit: 37 });
  expect(ids(seen).toSorted()).toEqual(ids(all).toSorted());
  const instants = seen.map(({ updatedAt }) => updatedAt);
  expect(instants).toEqual(instants.toSorted());
});

test('who changes between two pages comes again at the end; nobody is left out', async () => {
  const all = await people(1_000, (index) => index);
  const moved = all.filter((_, index) => index % 10 === 0);
  const { seen, cursor: end } = await follow({
    limit: 100,
    between: async (page) => {
      await Promise.all(moved.slice(page * 12, page * 12 + 12).map((contact) => change(contact)));
    },
  });
  expect(new Set([...ids(seen), ...ids(moved)])).toEqual(new Set(ids(all)));
  // Twelve seconds later all of them are settled, and each is told as it is now.
  const { seen: later } = await follow({ limit: 100, from: end, at: plus(now(), 12 * SECOND) });
  expect(ids(later).toSorted()).toEqual(ids(moved).toSorted());
  expect(later.every(({ fields }) => fields.city?.value === 'Bremen')).toBe(true);
});

test('what changed in the last ten seconds waits for a later page', async () => {
  const contact = await person(0);
  const at = plus(START, 100 * SECOND);
  await change(contact, at);
  const first = await follow({ limit: 10, at: plus(at, 10 * SECOND - 1) });
  expect(first.seen).toEqual([]);
  const second = await follow({ limit: 10, from: first.cursor, at: plus(at, 10 * SECOND) });
  expect(ids(second.seen)).toEqual([contact.id]);
});

test('a place stays good when its contact is gone; who is gone is left out', async () => {
  const [first, second, third] = await people(3, (index) => index);
  if (!first || !second || !third) throw new Error('three were made');
  const page = await listChanged(db, CONTROLLER, { since: START }, { limit: 1, at: now() });
  expect(ids(page.contacts)).toEqual([first.id]);
  for (const { id } of [first, second]) await remove(db, { remove: 'contacts', key: keys.contact(id) });
  const { seen } = await follow({ limit: 1, from: page.cursor });
  expect(ids(seen)).toEqual([third.id]);
});

test('a page holds contacts of one controller, from the instant asked for on', async () => {
  await person(5, 'somebody-else');
  const [, late] = await people(2, (index) => index * 10);
  const answer = await listChanged(
    db,
    CONTROLLER,
    { since: plus(START, 5 * SECOND) },
    { limit: 10, at: now() },
  );
  expect(ids(answer.contacts)).toEqual([late?.id]);
  expect(answer.more).toBe(false);
});

test('a page costs four index queries and its contacts, however many there are', async () => {
  await people(300, (index) => index);
  db.reset();
  await listChanged(db, CONTROLLER, { since: START }, { limit: 20, at: now() });
  expect(db.units().read).toBeLessThanOrEqual(4 * 1 + 20);
});

test('a cursor that was cut, changed or made up is refused', async () => {
  await person(0);
  const { cursor: text } = await follow({ limit: 10 });
  const [body = '', checksum = ''] = text.split('.');
  const forged = Buffer.from('yesterday a b c').toString('base64url');
  for (const bad of [
    '',
    'x',
    body,
    `${body.slice(0, -2)}.${checksum}`,
    `${forged}.${checksum}`,
    `A${text.slice(1)}`,
  ]) {
    expect(cursor.safeParse(bad).success).toBe(false);
  }
});
