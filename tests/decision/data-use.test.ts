import { describe, expect, test } from 'vitest';

import type { Contact, Permission } from '../../shared/contacts/contact.ts';
import { permissionKey } from '../../shared/contacts/contact.ts';
import { dataUseSettings, mayUse } from '../../shared/decision/data-use.ts';
import { plus } from '../../shared/platform/clock.ts';
import { demoUses } from '../../shared/settings/demo.ts';
import { policy } from '../../shared/settings/policy.ts';
import { brand, grant, newPerson, sister } from '../permission/person.ts';
import { AT, WITHDRAWN, blocked } from './snapshots.ts';

const settled = {
  brands: [brand, sister],
  uses: demoUses,
  policy: policy.parse({ id: brand.controller.id }),
};
const YES = grant(3);
/** Somebody who answered the question at the one brand, and at its sister. */
const person = (here?: Permission, there?: Permission, more: Partial<Contact> = {}): Contact => ({
  ...newPerson(),
  updatedAt: AT,
  permissions: {
    ...(here ? { [permissionKey(brand.id, 'tracking')]: here } : {}),
    ...(there ? { [permissionKey(sister.id, 'tracking')]: there } : {}),
  },
  head: { seq: 9, hash: '' },
  ...more,
});
const may = (contact: Contact, brandId?: string) => mayUse('tracking', contact, settled, AT, brandId);

describe('G12 whether somebody may be tracked', () => {
  const CASES: [string, Permission | undefined, Permission | undefined, [boolean, boolean, boolean]][] = [
    ['nobody asked', undefined, undefined, [false, false, false]],
    ['granted here', YES, undefined, [true, false, true]],
    ['granted there', undefined, YES, [false, true, true]],
    ['granted at both', YES, YES, [true, true, true]],
    ['withdrawn there', YES, WITHDRAWN, [true, false, false]],
    ['blocked there', YES, blocked(), [true, false, false]],
    ['blocked over a grant', blocked(YES), undefined, [false, false, false]],
    ['unproven', { ...YES, proof: 'confirmed' }, undefined, [false, false, false]],
    ['a proof that lacks the delivery', { ...YES, incomplete: {} }, undefined, [false, false, false]],
  ];
  test.each(CASES)('%s', (_, here, there, expected) => {
    const contact = person(here, there);
    expect([may(contact, brand.id), may(contact, sister.id), may(contact)]).toEqual(expected);
  });

  test('"no advertising at all" takes every grant before it and none after it', () => {
    const told = (seq: number) => person(YES, undefined, { noAdvertising: { since: AT, seq } });
    expect(may(told(4), brand.id)).toBe(false);
    expect(may(told(2), brand.id)).toBe(true);
    // The sister's resting status is a no since then.
    expect(may(told(2))).toBe(false);
  });

  test('a restriction stops it everywhere but where the person agreed anew', () => {
    const restricted = { since: AT, seq: 8 };
    expect(may(person(YES, undefined, { restricted }), brand.id)).toBe(false);
    const anew = { ...restricted, except: [permissionKey(brand.id, 'tracking')] };
    const contact = person(YES, YES, { restricted: anew });
    expect([may(contact, brand.id), may(contact, sister.id), may(contact)]).toEqual([true, false, false]);
  });

  test('a lapse ends it to the millisecond', () => {
    const end = '2028-11-20T08:00:00.000Z';
    expect(mayUse('tracking', person(YES), settled, plus(end, -1), brand.id)).toBe(true);
    expect(mayUse('tracking', person(YES), settled, end, brand.id)).toBe(false);
  });

  test('an unknown brand and a use that the operator took out of the list are no', () => {
    expect(may(person(YES), 'elsewhere')).toBe(false);
    const none = { ...settled, uses: { ...demoUses, uses: [] } };
    expect(mayUse('tracking', person(YES), none, AT)).toBe(false);
  });
});

test('G15 profiling is a permission of its own', () => {
  const contact = person(YES);
  expect(mayUse('profiling', contact, settled, AT)).toBe(false);
  const both = { ...contact.permissions, [permissionKey(brand.id, 'profiling')]: YES };
  expect(mayUse('profiling', { ...contact, permissions: both }, settled, AT)).toBe(true);
});

test('settings are read of the brands that the contact has permissions with, and of this controller alone', async () => {
  const foreign = { ...sister, id: 'foreign', controller: { ...sister.controller, id: 'foreign-gmbh' } };
  const asked: string[] = [];
  const settings = {
    brand: (id: string) => {
      asked.push(id);
      return Promise.resolve([brand, sister, foreign].find((each) => each.id === id));
    },
    uses: () => Promise.resolve(demoUses),
    policy: () => Promise.resolve(settled.policy),
  };
  const places = [permissionKey(brand.id, 'tracking'), 'foreign#tracking', 'gone#tracking'];
  const permissions = Object.fromEntries([...places, `${brand.id}#newsletter`].map((place) => [place, YES]));
  const read = await dataUseSettings(settings, { controller: brand.controller.id, permissions });
  expect(read).toEqual({ brands: [brand], uses: demoUses, policy: settled.policy });
  expect(asked).toEqual([brand.id, 'foreign', 'gone']);
});
