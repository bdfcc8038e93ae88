import { describe, expect, test } from 'vitest';

import { FLOOR_DATA } from '../../shared/decision/floor-data.ts';
import { floorRow } from '../../shared/decision/floor-row.ts';
import { floorFor, staleCountries } from '../../shared/decision/legal-floor.ts';
import type { FloorOverride } from '../../shared/settings/brand.ts';
import { CHANNELS } from '../../shared/settings/uses.ts';
import { AT } from './snapshots.ts';

type Person = Parameters<typeof floorFor>[0];
/** Somebody at a company, by a personal address; corporate subscriber or not is unknown. */
const business: Person = { accountId: 'acc_1', address: 'anna.berger@example.com' };
const soft = { rule: 'OPT_IN', customer: true };
const optIn = { rule: 'OPT_IN' };
const optOut = { rule: 'OPT_OUT' };
const presumed = { rule: 'PRESUMED' };

/** REQUIREMENTS 2.3 for a business contact: e-mail, phone; post is opt-out everywhere. */
const TABLE = {
  DE: [soft, presumed],
  AT: [soft, optIn],
  CH: [soft, optOut],
  FR: [optOut, optOut],
  GB: [soft, optOut],
  IE: [optOut, optOut],
  NL: [soft, optIn],
  BE: [optIn, optOut],
  LU: [optIn, optOut],
  PT: [optIn, optOut],
  SE: [optIn, optOut],
  FI: [optIn, optOut],
  EE: [optIn, optOut],
  HU: [optIn, optOut],
  LV: [optIn, optOut],
  PL: [optIn, optIn],
  IT: [soft, optOut],
  ES: [soft, presumed],
  DK: [soft, optOut],
  NO: [soft, optOut],
  CZ: [soft, optIn],
  SK: [soft, optIn],
  SI: [soft, optIn],
  RO: [soft, optIn],
  BG: [soft, optIn],
  HR: [soft, optIn],
  GR: [soft, optIn],
  CY: [soft, optIn],
  MT: [soft, optIn],
  LT: [soft, optIn],
  US: [optOut, optOut],
  CA: [{ rule: 'OPT_IN', implied: true }, optOut],
  JP: [optIn, optOut],
  AU: [soft, optOut],
  unknown: [{ rule: 'OPT_IN', double: true }, optIn],
} as const;

const essence = ({ rule, customer, implied, double }: ReturnType<typeof floorFor>) =>
  JSON.parse(JSON.stringify({ rule, customer, implied, double })) as object;
const of = (country: string, channel: 'email' | 'phone' | 'post' | 'data', more: Partial<Person> = {}) =>
  floorFor({ ...business, ...(country === 'unknown' ? {} : { country }), ...more }, channel, AT);

describe('C1 the legal floor is dated, cited data', () => {
  test.each(FLOOR_DATA.map((row) => ({ row, countries: row.countries.join(' ') })))(
    '$countries',
    ({ row }) => {
      expect(floorRow.parse(row)).toEqual(row);
    },
  );

  test('it has exactly the countries of the table, each once', () => {
    expect(FLOOR_DATA.flatMap(({ countries }) => countries).sort()).toEqual(Object.keys(TABLE).sort());
  });

  test.each(Object.entries(TABLE))('%s', (country, [email, phone]) => {
    expect(essence(of(country, 'email'))).toEqual(email);
    expect(essence(of(country, 'phone'))).toEqual(phone);
    expect(essence(of(country, 'post'))).toEqual(optOut);
  });

  test('a country without a row is as strict as an unknown one', () => {
    for (const channel of CHANNELS) {
      const { country, ...floor } = of('BR', channel);
      expect({ country, ...floor }).toEqual({ ...of('unknown', channel), country: 'BR' });
    }
  });

  test('a row of which the rest does not come last is refused', () => {
    const [row] = FLOOR_DATA;
    expect(floorRow.safeParse({ ...row, email: [] }).success).toBe(false);
    expect(floorRow.safeParse({ ...row, email: [{ when: 'consumer', rule: 'OPT_IN' }] }).success).toBe(false);
    expect(floorRow.safeParse({ ...row, email: [{ rule: 'OPT_IN' }, { rule: 'OPT_OUT' }] }).success).toBe(
      false,
    );
  });

  test.each([
    ['2027-11-01T00:00:00.000Z', false],
    ['2027-11-01T00:00:00.001Z', true],
  ])('rows not reviewed for twelve months warn: %s', (at, due) => {
    expect(floorFor({ ...business, country: 'DE' }, 'email', at).reviewDue).toBe(due);
    expect(staleCountries(at)).toHaveLength(due ? Object.keys(TABLE).length : 0);
  });
});

describe('the floor asks who the contact is', () => {
  const consumer = { accountId: undefined };
  const role = { address: 'info@example.com' };
  const corporate = { subscriber: 'corporate' } as const;

  test.each([
    ['DE', 'phone', 'OPT_IN'],
    ['FR', 'email', 'OPT_IN'],
    ['FR', 'phone', 'OPT_IN'],
    ['IE', 'email', 'OPT_IN'],
    ['SE', 'email', 'OPT_IN'],
    ['NO', 'phone', 'OPT_IN'],
    ['US', 'phone', 'OPT_IN'],
    ['US', 'email', 'OPT_OUT'],
    ['CH', 'phone', 'OPT_OUT'],
  ] as const)('%s %s of a contact without business account: %s', (country, channel, rule) => {
    expect(of(country, channel, consumer).rule).toBe(rule);
  });

  test('a consumer is nowhere freer than a business contact', () => {
    const order = ['OPT_IN', 'PRESUMED', 'OPT_OUT'];
    const freer = Object.keys(TABLE).flatMap((country) =>
      CHANNELS.filter((channel) => {
        const [theirs, others] = [of(country, channel, consumer).rule, of(country, channel).rule];
        return order.indexOf(theirs) > order.indexOf(others);
      }).map((channel) => `${country} ${channel}`),
    );
    expect(freer).toEqual([]);
  });

  test('L3 GB: a corporate subscriber may be mailed until objection, unknown counts as individual', () => {
    expect(of('GB', 'email', corporate).rule).toBe('OPT_OUT');
    expect(of('GB', 'email')).toMatchObject({ rule: 'OPT_IN', customer: true });
    expect(of('GB', 'email', { ...corporate, ...consumer }).rule).toBe('OPT_IN');
    expect(of('GB', 'phone').duties).toEqual(['screen-tps-ctps']);
  });

  test('L4 FR: business e-mail is free if informed and job-related, a role address without that', () => {
    expect(of('FR', 'email').duties).toEqual(['informed-and-job-related']);
    expect(of('FR', 'email', role)).toMatchObject({ rule: 'OPT_OUT', duties: [] });
  });

  test('L5 CH: calls after a look for the star in the directory', () => {
    expect(of('CH', 'phone')).toMatchObject({ rule: 'OPT_OUT', duties: ['check-directory-star'] });
  });

  test('L6 AT: e-mail and phone need consent, the ECG list is screened', () => {
    expect(of('AT', 'phone').rule).toBe('OPT_IN');
    expect(of('AT', 'email').duties).toEqual(['screen-ecg-list']);
  });

  test('L1 US: the postal address and the ten days are duties of the sender', () => {
    expect(of('US', 'email').duties).toEqual(['postal-address', 'honour-in-10-business-days']);
  });

  test('BE: the impersonal address of a company is free, of nobody’s company it is not', () => {
    expect(of('BE', 'email', role).rule).toBe('OPT_OUT');
    expect(of('BE', 'email', { ...role, ...consumer }).rule).toBe('OPT_IN');
  });

  test.each(['LU', 'PT', 'SE', 'FI', 'EE', 'HU', 'LV'])(
    '%s: only an address that names no person is free',
    (country) => {
      expect(of(country, 'email', role).rule).toBe('OPT_OUT');
      expect(of(country, 'email').rule).toBe('OPT_IN');
    },
  );

  test('NL: calls to natural persons need consent', () => {
    expect(of('NL', 'phone', corporate).rule).toBe('OPT_OUT');
    expect(of('NL', 'phone').rule).toBe('OPT_IN');
  });

  test('G12 data uses need the double opt-in everywhere', () => {
    for (const country of Object.keys(TABLE)) {
      expect(of(country, 'data')).toMatchObject({ rule: 'OPT_IN', double: true });
    }
  });
});

describe('C1 operators only tighten, but for an override with name and reason', () => {
  const override = (rule: FloorOverride['rule'], more: Partial<FloorOverride> = {}): FloorOverride => ({
    country: 'DE',
    channel: 'email',
    rule,
    name: 'Dr. Silke Brandt',
    reason: 'counsel of 3 May',
    since: '2026-05-03T08:00:00.000Z',
    ...more,
  });
  const german = { ...business, country: 'DE' };

  test('a looser rule is told with name, reason and what it went below', () => {
    expect(floorFor(german, 'email', AT, [override('OPT_OUT')])).toMatchObject({
      rule: 'OPT_OUT',
      customer: true,
      override: { name: 'Dr. Silke Brandt', reason: 'counsel of 3 May', from: 'OPT_IN' },
    });
  });

  test('a stricter one needs no defence and takes the exceptions away', () => {
    const floor = floorFor(german, 'phone', AT, [override('OPT_IN', { channel: 'phone' })]);
    expect(floor).toMatchObject({ rule: 'OPT_IN', duties: ['document-interest'] });
    expect(floor.override).toBeUndefined();
  });

  test('it holds for its country, channel and time only; of several the latest counts', () => {
    const loose = [override('OPT_OUT')];
    expect(floorFor({ ...german, country: 'AT' }, 'email', AT, loose).rule).toBe('OPT_IN');
    expect(floorFor(german, 'phone', AT, loose).rule).toBe('PRESUMED');
    expect(floorFor(german, 'email', '2026-05-03T07:59:59.999Z', loose).rule).toBe('OPT_IN');
    const later = override('OPT_IN', { since: '2026-06-01T08:00:00.000Z' });
    expect(floorFor(german, 'email', AT, [later, ...loose])).toMatchObject({
      rule: 'OPT_IN',
      customer: true,
    });
  });

  test('nobody can lift it for contacts of no known country', () => {
    expect(floorFor(business, 'email', AT, [override('OPT_OUT')]).rule).toBe('OPT_IN');
  });
});
