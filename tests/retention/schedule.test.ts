import { expect, test } from 'vitest';

import { RETENTION, retainedUntil } from '../../shared/retention/schedule.ts';
import type { Retained } from '../../shared/retention/schedule.ts';
import { policy } from '../../shared/settings/policy.ts';

const POLICY = policy.parse({ id: 'nordlicht-gmbh' });
const FROM = '2026-03-31T10:00:00.000Z';

test.each<[Retained, string | undefined]>([
  ['contact', '2028-03-31T10:00:00.000Z'],
  ['unconfirmed-signup', '2026-04-14T10:00:00.000Z'],
  ['raw-event', '2027-04-30T10:00:00.000Z'],
  ['promotion', '2028-03-31T10:00:00.000Z'],
  ['closed-lead', '2028-03-31T10:00:00.000Z'],
  ['claims', '2030-01-01T00:00:00.000Z'],
  ['answered-request', '2030-01-01T00:00:00.000Z'],
  ['phone-consent', '2031-03-31T10:00:00.000Z'],
  ['suppression', undefined],
])('G14 %s is kept until %s', (what, until) => {
  expect(retainedUntil(what, FROM, POLICY)).toBe(until);
});

test('every row says why, and the operator’s numbers count', () => {
  for (const { basis, source } of Object.values(RETENTION)) expect(basis && source).toMatch(/\w/);
  const retention = { ...POLICY.retention, proofYears: 1, phoneProofYears: 2, idleContactMonths: 6 };
  expect(retainedUntil('claims', '2026-12-31T23:59:59.999Z', { retention })).toBe('2028-01-01T00:00:00.000Z');
  expect(retainedUntil('answered-request', FROM, { retention })).toBe('2028-01-01T00:00:00.000Z');
  expect(retainedUntil('phone-consent', FROM, { retention })).toBe('2028-03-31T10:00:00.000Z');
  expect(retainedUntil('contact', FROM, { retention })).toBe('2026-09-30T10:00:00.000Z');
});
