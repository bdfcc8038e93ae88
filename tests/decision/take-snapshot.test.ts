import { describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import type { LegalBasis } from '../../shared/contacts/legal-basis.ts';
import { decide } from '../../shared/decision/decide.ts';
import { loadKnown } from '../../shared/decision/load-known.ts';
import { takeSnapshot } from '../../shared/decision/take-snapshot.ts';
import type { Known } from '../../shared/decision/take-snapshot.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { demoNewsletterForm } from '../../shared/settings/demo-forms.ts';
import { policy } from '../../shared/settings/policy.ts';
import { grant, newPerson } from '../permission/person.ts';
import { BRAND, openTestSystem } from '../support/system.ts';
import { AT } from './snapshots.ts';

const settled = { uses: demoUses, policy: policy.parse({ id: 'nordlicht-gmbh' }) };
const brand = { ...demoBrand, models: { default: 'opt-out-only' } } as const;
const place = `${BRAND}#newsletter`;
const contactWith = (more: Partial<Contact> = {}): Contact => ({
  ...newPerson({ addressKey: 'a1' }),
  updatedAt: AT,
  permissions: {},
  head: { seq: 1, hash: '' },
  ...more,
});
const snapshotOf = (useId: string, contact: Partial<Contact> = {}, known: Partial<Known> = {}, at = AT) => {
  const use = demoUses.uses.find(({ id }) => id === useId);
  if (!use) throw new Error(`no use ${useId}`);
  const facts = { contact: contactWith(contact), accountClass: 'unknown', ...known } as const;
  return takeSnapshot({ brand, use, at }, settled, facts);
};
const told = { value: 'x', source: 'person', at: AT } as const;

describe('the facts of a decision', () => {
  test.each([
    ['newsletter', {}, true],
    ['newsletter', { address: undefined }, false],
    ['call-centre', {}, false],
    ['call-centre', { fields: { phone: told } }, true],
    ['direct-mail', { fields: { street: told } }, false],
    ['direct-mail', { fields: { street: told, city: told } }, true],
    ['tracking', { address: undefined }, true],
  ])('the contact point of %s with %o: %s', (use, contact, reachable) => {
    expect(snapshotOf(use, contact).reachable).toBe(reachable);
  });

  test('D3 a grant stays behind when the address changes, a withdrawal does not', () => {
    const moved = (status: Contact['permissions'][string]) =>
      decide(snapshotOf('newsletter', { addressKey: 'b2', permissions: { [place]: status } })).reason;
    expect(moved(grant(1))).toBe('other-address');
    expect(moved({ status: 'withdrawn', since: AT, seq: 2 })).toBe('withdrawn');
  });

  test('suppression and tombstone of the address count for e-mail', () => {
    const address = { suppression: { soft: [], complaint: { at: AT } }, erasedAt: AT };
    expect(snapshotOf('newsletter', {}, { address })).toMatchObject({
      suppressed: 'complaint',
      erased: true,
    });
    expect(snapshotOf('direct-mail', {}, { address }).suppressed).toBeUndefined();
  });

  test('without tracking silence proves nothing', () => {
    const frequency = { rev: 1, slots: [], unanswered: { count: 99, since: '2024-01-01T00:00:00.000Z' } };
    const reasons = (permissions: Contact['permissions']) =>
      snapshotOf('newsletter', { frequency, permissions }).limits.map(({ reason }) => reason);
    expect(reasons({})).not.toContain('unanswered');
    expect(reasons({ [`${BRAND}#tracking`]: grant(1) })).toContain('unanswered');
  });

  test.each([
    ['purchase', '2026-11-25T08:00:00.000Z'],
    ['contract', '2026-11-25T08:00:00.000Z'],
    ['inquiry', '2025-05-25T08:00:00.000Z'],
    ['publication', undefined],
  ] as const)('L2 consent implied by a %s ends %s', (impliedKind, until) => {
    const basis: LegalBasis = {
      kind: 'implied',
      at: AT,
      seq: 2,
      impliedKind,
      anchorAt: '2024-11-25T08:00:00.000Z',
    };
    const reason = (at: string) =>
      decide(snapshotOf('newsletter', { country: 'CA', bases: { [place]: basis } }, {}, at)).reason;
    const end = until ?? '2099-01-01T00:00:00.000Z';
    expect(reason(new Date(Date.parse(end) - 1).toISOString())).toBe('allowed');
    expect(reason(end)).toBe(until ? 'legal-floor' : 'allowed');
  });

  test('neither a claim nor a business card serves the floor', () => {
    const bases: LegalBasis[] = [
      { kind: 'claimed', at: AT, seq: 2, source: 'fair list' },
      { kind: 'business-card', at: AT, seq: 2, receivedAt: AT, occasion: 'fair' },
    ];
    for (const basis of bases) {
      const snapshot = snapshotOf('newsletter', { country: 'CA', bases: { [place]: basis } });
      expect(decide(snapshot).reason).toBe('legal-floor');
    }
  });

  test('C1 another country is judged by its own rules, and a block stays a block', () => {
    const reason = (country: string, permissions: Contact['permissions'] = {}) =>
      decide(snapshotOf('newsletter', { country, permissions })).reason;
    expect([reason('US'), reason('DE')]).toEqual(['allowed', 'legal-floor']);
    const permissions = { [place]: { status: 'blocked', since: AT, seq: 2 } } as const;
    expect([reason('US', permissions), reason('DE', permissions)]).toEqual(['blocked', 'blocked']);
  });
});

test('G18 the promise of the version agreed to binds, not that of today', async () => {
  const { deps, set } = await openTestSystem();
  await set('form', 'newsletter', { ...demoNewsletterForm, promisedFrequency: { count: 5, days: 7 } });
  const use = demoUses.uses.find(({ id }) => id === 'newsletter');
  if (!use) throw new Error('no newsletter');
  const agreedTo = (version: number) =>
    contactWith({ permissions: { [place]: { ...grant(1), form: { id: 'newsletter', version } } } });
  const found = [agreedTo(1), agreedTo(2)].map((contact) => ({ contact }));
  const known = await loadKnown(deps, { brand: demoBrand, use, at: AT }, found);
  expect(known.map(({ promised }) => promised)).toEqual([
    { count: 1, days: 7 },
    { count: 5, days: 7 },
  ]);
});
