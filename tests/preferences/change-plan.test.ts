import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Contact, Permission } from '../../shared/contacts/contact.ts';
import type { Acts } from '../../shared/preferences/acts.ts';
import { planChanges } from '../../shared/preferences/change-plan.ts';
import type { ChangePlan } from '../../shared/preferences/change-plan.ts';
import { plus } from '../../shared/platform/clock.ts';
import { brand, grant, newPerson, uses } from '../permission/person.ts';
import { NO_ACTS } from './no-acts.ts';

const SHOWN_AT = '2026-11-22T07:25:00.000Z';
const [BEFORE, SINCE] = [plus(SHOWN_AT, -1), plus(SHOWN_AT, 1)];
const granted = grant(1, ['drives', 'service'], BEFORE);
const withdrawn = (since: string): Permission => ({ status: 'withdrawn', since, seq: 2 });
const blocked = (underneath?: Permission): Permission => ({
  status: 'blocked',
  since: BEFORE,
  seq: 3,
  ...(underneath && underneath.status !== 'blocked' ? { underneath } : {}),
});

function person(permission?: Permission, more: Partial<Contact> = {}): Contact {
  return {
    ...newPerson(),
    permissions: permission ? { [`${brand.id}#newsletter`]: permission } : {},
    head: { seq: 3, hash: '0'.repeat(64) },
    updatedAt: BEFORE,
    ...more,
  };
}
const acts = (some: Partial<Acts>): Acts => ({
  ...NO_ACTS,
  ...some,
});
const plan = (some: Partial<Acts>, contact: Contact): ChangePlan =>
  planChanges(acts(some), contact, { brand, uses, shownAt: SHOWN_AT });
const NOTHING: ChangePlan = { changes: [], choices: {}, join: [], overtaken: [], conflicts: [] };
const OVERTAKEN = { ...NOTHING, overtaken: ['newsletter'] };
const JOIN = { ...NOTHING, join: ['newsletter'] };

describe('joining a use, by what it is now', () => {
  test.each<[string, Permission | undefined, ChangePlan]>([
    ['unknown', undefined, JOIN],
    ['granted meanwhile', granted, NOTHING],
    ['withdrawn before the page was shown', withdrawn(BEFORE), JOIN],
    ['withdrawn at that very instant', withdrawn(SHOWN_AT), JOIN],
    ['withdrawn since', withdrawn(SINCE), OVERTAKEN],
    ['blocked', blocked(), JOIN],
    ['blocked over a no of before', blocked(withdrawn(BEFORE)), JOIN],
    ['blocked over a no since', blocked(withdrawn(SINCE)), OVERTAKEN],
  ])('%s', (_, permission, expected) => {
    expect(plan({ joinUses: ['newsletter'] }, person(permission))).toEqual(expected);
  });

  test('"no advertising at all" said since stands over it', () => {
    const noAdvertising = { since: SINCE, seq: 9 };
    expect(plan({ joinUses: ['tracking'] }, person(granted, { noAdvertising }))).toMatchObject({
      join: [],
      overtaken: ['tracking'],
    });
  });

  test('G3 no page that a mail leads to asks for calls or letters', () => {
    const wanted = ['call-centre', 'field-sales', 'direct-mail', 'profiling'];
    expect(plan({ joinUses: wanted }, person())).toEqual({ ...NOTHING, join: ['profiling'] });
  });
});

describe('leaving a use, by what it is now', () => {
  test.each<[string, Permission | undefined, object[]]>([
    ['unknown', undefined, [{ to: 'withdrawn' }]],
    ['granted', granted, [{ from: 'granted', to: 'withdrawn', topics: ['drives', 'service'] }]],
    ['withdrawn already', withdrawn(BEFORE), []],
    ['blocked', blocked(), [{ from: 'blocked', to: 'blocked', beneath: 'withdrawn' }]],
    ['blocked over a no', blocked(withdrawn(BEFORE)), []],
  ])('%s', (_, permission, changes) => {
    expect(plan({ leaveUses: ['newsletter'] }, person(permission)).changes).toMatchObject(changes);
  });

  test('calls and letters likewise', () => {
    const { changes } = plan({ refuse: ['call-centre', 'direct-mail'] }, person());
    expect(changes.map(({ use, to }) => [use, to])).toEqual([
      ['call-centre', 'withdrawn'],
      ['direct-mail', 'withdrawn'],
    ]);
  });
});

describe('topics, by what is held now', () => {
  test.each<[string, Partial<Acts>, Permission | undefined, Partial<ChangePlan>]>([
    ['one more', { joinTopics: ['automation'] }, granted, to(['drives', 'service', 'automation'])],
    ['one that is there already', { joinTopics: ['drives'] }, granted, {}],
    ['one less', { leaveTopics: ['drives'] }, granted, to(['service'])],
    ['one that is gone already', { leaveTopics: ['automation'] }, granted, {}],
    ['of a use withdrawn meanwhile', { joinTopics: ['automation'] }, withdrawn(SINCE), OVERTAKEN],
    ['left, of a use withdrawn meanwhile', { leaveTopics: ['drives'] }, withdrawn(SINCE), {}],
    ['of a use blocked meanwhile', { joinTopics: ['automation'] }, blocked(granted), OVERTAKEN],
    ['with their use', { joinTopics: ['drives'], joinUses: ['newsletter'] }, undefined, JOIN],
  ])('%s', (_, some, permission, expected) => {
    expect(plan(some, person(permission))).toMatchObject({ ...NOTHING, ...expected });
  });

  test('the last one, where another tab left the others, leaves the use', () => {
    const { changes } = plan({ leaveTopics: ['drives'] }, person(grant(1, ['drives'], BEFORE)));
    expect(changes).toMatchObject([{ use: 'newsletter', to: 'withdrawn', topics: ['drives'] }]);
  });

  function to(topics: string[]): Partial<ChangePlan> {
    const held = { brand: brand.id, use: 'newsletter', from: 'granted', to: 'granted', topics } as const;
    return { changes: [expect.objectContaining(held)] };
  }
});

describe('wishes, by what they are now', () => {
  const UNTIL = '2027-02-22T07:25:00.000Z';
  test.each<[string, Partial<Acts>, Partial<Contact>, Partial<ChangePlan>]>([
    ['as shown', wish('monthly'), {}, { choices: { wish: { from: undefined, to: 'monthly' } } }],
    ['changed to the same', wish('monthly'), { wish: 'monthly' }, {}],
    ['changed to something else', wish('monthly'), { wish: 'weekly' }, { conflicts: ['wish'] }],
    [
      'a pause as shown',
      { pausedUntil: { was: undefined, to: UNTIL } },
      {},
      { choices: { pausedUntil: { from: undefined, to: UNTIL } } },
    ],
    [
      'a pause changed meanwhile',
      { pausedUntil: { was: undefined, to: undefined } },
      { pausedUntil: UNTIL },
      { conflicts: ['pausedUntil'] },
    ],
    [
      'a pause after one that was over when the page was shown',
      { pausedUntil: { was: undefined, to: UNTIL } },
      { pausedUntil: BEFORE },
      { choices: { pausedUntil: { from: undefined, to: UNTIL } } },
    ],
    [
      'a language as shown',
      { language: { was: 'de', to: 'en' } },
      {},
      { choices: { language: { from: 'de', to: 'en' } } },
    ],
  ])('%s', (_, some, contact, expected) => {
    expect(plan(some, person(granted, contact))).toEqual({ ...NOTHING, ...expected });
  });

  function wish(asked: 'weekly' | 'monthly'): Partial<Acts> {
    return { wish: { was: undefined, to: asked } };
  }
});

test('DOMAIN 2 whatever is asked on a stale page, nothing that was withdrawn since is granted or joined', () => {
  const USES = ['newsletter', 'event-invitation', 'tracking', 'call-centre'];
  const ids = fc.subarray(USES);
  const asked = fc.record({
    leaveUses: ids,
    joinUses: ids,
    leaveTopics: fc.subarray(['drives', 'automation', 'service']),
    joinTopics: fc.subarray(['drives', 'automation', 'service']),
    refuse: fc.subarray(['call-centre', 'direct-mail']),
    loose: fc.constant<string[]>([]),
  });
  fc.assert(
    fc.property(asked, ids, (some, gone) => {
      const permissions = Object.fromEntries(gone.map((use) => [`${brand.id}#${use}`, withdrawn(SINCE)]));
      const { changes, join } = plan(some, person(undefined, { permissions }));
      for (const use of gone) {
        expect(join).not.toContain(use);
        expect(changes.filter((change) => change.use === use)).toEqual([]);
      }
      expect(join.filter((use) => some.leaveUses.includes(use))).toEqual([]);
    }),
  );
});
