import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Account } from '../../shared/contacts/account.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { CRITERIA, potentialFacts, potentialOf } from '../../shared/scoring/potential.ts';
import type { Criterion, PotentialFacts } from '../../shared/scoring/potential.ts';
import { AUTHORITIES, BUYING_ROLES, POSITIONS, scoring } from '../../shared/settings/scoring.ts';
import { newPerson } from '../permission/person.ts';

const AT = '2026-11-12T08:00:00.000Z';
const defaults = scoring.parse({ id: 'nordlicht-gmbh' });
/** Every criterion in use. */
const rules = {
  ...defaults,
  potential: {
    ...defaults.potential,
    department: { words: ['einkauf', 'konstruktion'], points: 10 },
    industry: { industries: ['maschinenbau'], points: 15 },
    country: { countries: ['DE', 'AT'], points: 5 },
    decisionAuthority: { alone: 10, shared: 4, none: 0 },
  },
};
const partOf = (criterion: Criterion, facts: PotentialFacts) =>
  potentialOf(facts, rules).parts.find((part) => part.criterion === criterion);

describe('DOMAIN 6 what each fact is worth', () => {
  test.each<[Criterion, PotentialFacts, number]>([
    ['position', { position: 'owner' }, 25],
    ['position', { position: 'board' }, 25],
    ['position', { position: 'head' }, 20],
    ['position', { position: 'manager' }, 12],
    ['position', { position: 'specialist' }, 6],
    ['position', { position: 'student' }, -50],
    ['position', { jobTitle: 'Vertriebsleiterin' }, 20],
    ['position', { position: 'board', jobTitle: 'Werkstudent' }, 25],
    ['department', { department: 'Einkauf' }, 10],
    ['department', { department: 'Strategischer EINKAUF, Team 2' }, 10],
    ['department', { department: 'Elektrokonstruktion' }, 10],
    ['department', { department: 'Buchhaltung' }, 0],
    ['companySize', { employees: 0 }, 0],
    ['companySize', { employees: 1 }, 2],
    ['companySize', { employees: 9 }, 2],
    ['companySize', { employees: 10 }, 6],
    ['companySize', { employees: 49 }, 6],
    ['companySize', { employees: 50 }, 12],
    ['companySize', { employees: 249 }, 12],
    ['companySize', { employees: 250 }, 16],
    ['companySize', { employees: 999 }, 16],
    ['companySize', { employees: 1_000 }, 20],
    ['revenue', { revenueMillions: 0 }, 2],
    ['revenue', { revenueMillions: 1.99 }, 2],
    ['revenue', { revenueMillions: 2 }, 6],
    ['revenue', { revenueMillions: 9.99 }, 6],
    ['revenue', { revenueMillions: 10 }, 10],
    ['revenue', { revenueMillions: 50 }, 10],
    ['revenue', { revenueMillions: 50.01 }, 15],
    ['industry', { industry: 'Maschinenbau' }, 15],
    ['industry', { industry: 'Sondermaschinenbau' }, 15],
    ['industry', { industry: 'Handel' }, 0],
    ['country', { country: 'AT' }, 5],
    ['country', { country: 'FR' }, 0],
    ['decisionAuthority', { decisionAuthority: 'alone' }, 10],
    ['decisionAuthority', { decisionAuthority: 'shared' }, 4],
    ['decisionAuthority', { decisionAuthority: 'none' }, 0],
    ['buyingRole', { buyingRole: 'decider' }, 20],
    ['buyingRole', { buyingRole: 'buyer' }, 12],
    ['buyingRole', { buyingRole: 'influencer' }, 10],
    ['buyingRole', { buyingRole: 'initiator' }, 8],
    ['buyingRole', { buyingRole: 'user' }, 5],
    ['buyingRole', { buyingRole: 'gatekeeper' }, 3],
    ['referenceValue', { reference: true }, 10],
    ['referenceValue', { reference: false }, 0],
  ])('%s %o: %i', (criterion, facts, points) => {
    const potential = potentialOf(facts, rules);
    expect(partOf(criterion, facts)?.points).toBe(points);
    expect(potential).toMatchObject({ points, known: { known: 1, of: CRITERIA.length } });
  });

  test.each([
    [75, 'A'],
    [74, 'B'],
    [50, 'B'],
    [49, 'C'],
    [25, 'C'],
    [24, 'D'],
    [-50, 'D'],
  ] as const)('%i points are grade %s', (points, grade) => {
    const potential = { ...rules.potential, country: { countries: ['DE'], points } };
    expect(potentialOf({ country: 'DE' }, { ...rules, potential }).grade).toBe(grade);
  });
});

describe('what is unknown', () => {
  test('is no part of the points and not counted as known', () => {
    const { points, grade, known, parts } = potentialOf({ jobTitle: 'Vertrieb', employees: 0 }, rules);
    expect([points, grade, known]).toEqual([0, 'D', { known: 1, of: 9 }]);
    expect(parts.map(({ criterion }) => criterion)).toEqual(CRITERIA);
    expect(parts.filter((part) => 'points' in part)).toEqual([
      { criterion: 'companySize', value: '0', points: 0 },
    ]);
  });

  test('is not asked for where the rules do not use it', () => {
    const criteria = potentialOf({ department: 'Einkauf', country: 'DE' }, defaults);
    expect(criteria).toMatchObject({ points: 0, known: { known: 0, of: 5 } });
    expect(criteria.parts.map(({ criterion }) => criterion)).toEqual([
      'position',
      'companySize',
      'revenue',
      'buyingRole',
      'referenceValue',
    ]);
  });
});

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const someFacts: fc.Arbitrary<PotentialFacts> = fc.record({
  position: maybe(fc.constantFrom(...POSITIONS)),
  jobTitle: maybe(fc.oneof(fc.constantFrom('Leiterin Einkauf', 'Werkstudent', 'Zauberer'), fc.string())),
  department: maybe(fc.oneof(fc.constantFrom('Einkauf', 'Kantine'), fc.string())),
  employees: maybe(fc.nat(5_000)),
  revenueMillions: maybe(fc.double({ min: 0, max: 500, noNaN: true })),
  industry: maybe(fc.constantFrom('Maschinenbau', 'Handel')),
  country: maybe(fc.constantFrom('DE', 'FR')),
  decisionAuthority: maybe(fc.constantFrom(...AUTHORITIES)),
  buyingRole: maybe(fc.constantFrom(...BUYING_ROLES)),
  reference: maybe(fc.boolean()),
});

test('the points are the sum of the parts, and taking a fact away takes exactly its part away', () => {
  fc.assert(
    fc.property(someFacts, fc.constantFrom(...CRITERIA), (facts, criterion) => {
      const { points, known, parts } = potentialOf(facts, rules);
      expect(points).toBe(parts.reduce((sum, part) => sum + (part.points ?? 0), 0));
      expect(known.known).toBe(parts.filter((part) => part.points !== undefined).length);
      const without = potentialOf({ ...facts, ...UNKNOWN[criterion] }, rules);
      const part = parts.find((each) => each.criterion === criterion);
      expect(without.points).toBe(points - (part?.points ?? 0));
      expect(without.parts.find((each) => each.criterion === criterion)).toEqual({ criterion });
    }),
  );
});
const UNKNOWN: Record<Criterion, PotentialFacts> = {
  position: { position: undefined, jobTitle: undefined },
  department: { department: undefined },
  companySize: { employees: undefined },
  revenue: { revenueMillions: undefined },
  industry: { industry: undefined },
  country: { country: undefined },
  decisionAuthority: { decisionAuthority: undefined },
  buyingRole: { buyingRole: undefined },
  referenceValue: { reference: undefined },
};

describe('the facts of a contact', () => {
  const told = <V extends string>(value: V) => ({ value, source: 'staff', at: AT }) as const;
  const contact: Contact = {
    ...newPerson({
      country: 'AT',
      fields: { jobTitle: told('Einkäuferin'), department: told('Einkauf') },
      assessed: { position: told('head'), buyingRole: told('buyer') },
    }),
    updatedAt: AT,
    permissions: {},
    head: { seq: 1, hash: '' },
  };
  const account: Account = {
    schema: 1,
    id: 'acc_1',
    controller: 'nordlicht-gmbh',
    externalIds: {},
    name: 'Maschinenbau AG',
    class: 'prospect',
    domains: [],
    createdAt: AT,
    updatedAt: AT,
    rev: 1,
    employees: 300,
    revenueMillions: 60,
    industry: 'Maschinenbau',
    country: 'DE',
    reference: true,
  };

  test('are those of the person and their company, whose country comes first', () => {
    expect(potentialFacts(contact, account)).toEqual({
      position: 'head',
      jobTitle: 'Einkäuferin',
      department: 'Einkauf',
      buyingRole: 'buyer',
      employees: 300,
      revenueMillions: 60,
      industry: 'Maschinenbau',
      country: 'DE',
      reference: true,
    });
    expect(potentialOf(potentialFacts(contact, account), rules)).toMatchObject({
      points: 20 + 10 + 16 + 15 + 15 + 5 + 12 + 10,
      grade: 'A',
      known: { known: 8, of: 9 },
    });
  });

  test('are fewer without a company', () => {
    expect(potentialOf(potentialFacts(contact, undefined), rules)).toMatchObject({
      points: 20 + 10 + 5 + 12,
      known: { known: 4, of: 9 },
    });
  });
});
