import { describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import type { Loaded } from '../../shared/jobs/load-page.ts';
import { comparing, withDocument } from '../../shared/jobs/preview.ts';
import type { Side, Stops } from '../../shared/jobs/preview.ts';
import type { AccountClass } from '../../shared/settings/account-class.ts';
import { brand as brandSchema } from '../../shared/settings/brand.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { policy } from '../../shared/settings/policy.ts';
import { grant, newPerson, sister } from '../permission/person.ts';

const AT = '2026-11-25T08:00:00.000Z';
const NOW = {
  brands: [demoBrand, sister],
  forms: [],
  uses: demoUses,
  policy: policy.parse({ id: demoUses.id }),
};
type Change = Partial<typeof demoBrand>;

function loaded(change: Partial<Contact> = {}, accountClass: AccountClass = 'prospect'): Loaded {
  const contact: Contact = {
    ...newPerson({ createdAt: AT, addressKey: 'a1' }),
    updatedAt: AT,
    country: 'DE',
    permissions: {},
    head: { seq: 1, hash: '' },
    ...change,
  };
  return { contact, accountClass, promises: new Map() };
}
const granted = { permissions: { 'nordlicht#newsletter': { ...grant(1), proof: 'confirmed' as const } } };
/** What changes for a contact, without what stays. */
function changes(then: Side, whom: Loaded, now: Side = NOW, stops: Stops = new Map()) {
  const { listed, marks } = comparing(now, then, AT, stops)(whom);
  const changed = marks.filter(({ outcome }) => !outcome.startsWith('stays'));
  expect(listed).toBe(changed.length > 0);
  return changed.map(({ brand, use, outcome, reason }) => `${brand} ${use} ${outcome}: ${reason}`);
}
const withBrand = (change: Change): Side => ({ ...NOW, brands: [{ ...demoBrand, ...change }, sister] });
const models = (DE: string): Side =>
  withBrand({ models: brandSchema.parse({ ...demoBrand, models: { ...demoBrand.models, DE } }).models });
const override = {
  name: 'A. Berg',
  reason: 'customers',
  since: AT,
  country: 'DE',
  channel: 'email' as const,
};

describe('a preview', () => {
  test('of the same settings finds that nothing changes', () => {
    expect(changes(NOW, loaded(granted))).toEqual([]);
  });

  test('of a stricter model names who loses what, and why', () => {
    expect(changes(models('double-opt-in'), loaded(granted))).toEqual([
      'nordlicht newsletter loses: unproven',
    ]);
    expect(changes(models('double-opt-in'), loaded({ ...granted, country: 'AT' }))).toEqual([]);
  });

  test('of a looser model names what the floor leaves of it, by the reason that stood against it', () => {
    const street = { value: 'Werftstraße 12', source: 'person', at: AT } as const;
    const whom = loaded({ fields: { street, city: street } });
    expect(changes(models('opt-out-only'), whom)).toEqual(['nordlicht direct-mail wins: not-granted']);
  });

  test('of an override goes below the floor', () => {
    const loose = models('opt-out-only');
    const [brand = demoBrand] = loose.brands;
    const then = {
      ...NOW,
      brands: [{ ...brand, floorOverrides: [{ ...override, rule: 'OPT_OUT' as const }] }, sister],
    };
    expect(changes(then, loaded(), loose)).toEqual(
      ['newsletter', 'event-invitation', 'product-information', 'sales-email'].map(
        (use) => `nordlicht ${use} wins: legal-floor`,
      ),
    );
  });

  test('of an account class touches advertising', () => {
    const then = { ...NOW, accountClass: 'competitor' as const };
    expect(changes(then, loaded(granted))).toEqual(['nordlicht newsletter loses: competitor']);
  });

  test('of a catalogue: a use for customers only, and one that is taken away', () => {
    const [newsletter, ...others] = demoUses.uses;
    if (!newsletter) throw new Error('no uses');
    const narrowed = { ...demoUses, uses: [{ ...newsletter, classes: ['customer' as const] }, ...others] };
    expect(changes({ ...NOW, uses: narrowed }, loaded(granted))).toEqual([
      'nordlicht newsletter loses: account-class',
    ]);
    expect(changes({ ...NOW, uses: { ...demoUses, uses: others } }, loaded(granted))).toEqual([
      'nordlicht newsletter loses: unknown-use',
    ]);
  });

  test('G8 of a policy under which consents lapse sooner', () => {
    const then = { ...NOW, policy: policy.parse({ id: demoUses.id, lapse: { months: 1, warnMonths: 1 } }) };
    const old = { permissions: { 'nordlicht#newsletter': { ...grant(1, [], '2026-10-01T08:00:00.000Z') } } };
    expect(changes(then, loaded(old))).toEqual(['nordlicht newsletter loses: lapsed']);
  });

  test('B3 of mail that was stopped finds that it stays refused', () => {
    const rates = { delivered: 900, bounced: 100, complained: 0, bounceRate: 0.1, complaintRate: 0 };
    const stop = { since: AT, why: 'bounces', rates } as const;
    const stops = new Map([['nordlicht#newsletter', stop]]);
    expect(changes(models('double-opt-in'), loaded(granted), NOW, stops)).toEqual([]);
    expect(changes(models('opt-out-only'), loaded({ country: 'US' }), NOW, stops)).toEqual([]);
  });

  test('looks at the changed brand alone', () => {
    const { marks } = comparing(NOW, models('build-up'), AT, new Map())(loaded());
    expect(new Set(marks.map(({ brand }) => brand))).toEqual(new Set(['nordlicht']));
    expect(marks).toHaveLength(demoUses.uses.length);
  });
});

describe('the document of a preview', () => {
  const task = (setting: 'brand' | 'uses' | 'policy', id: string, document: unknown) =>
    withDocument(NOW, { kind: 'settings-preview', setting, id, document }, demoUses.id);

  test('takes the place of the one there is', () => {
    const renamed = { ...sister, name: 'Polar' };
    expect(task('brand', 'polarstern', renamed).brands).toEqual([demoBrand, renamed]);
    expect(task('policy', demoUses.id, { id: demoUses.id, holdHours: 1 }).policy.holdHours).toBe(1);
  });

  test.each([
    ['a brand that is not', 'brand', 'nobody', { ...demoBrand, id: 'nobody' }],
    ['a brand of another name', 'brand', 'polarstern', demoBrand],
    ['somebody else’s catalogue', 'uses', 'foreign-ag', { ...demoUses, id: 'foreign-ag' }],
    ['somebody else’s policy', 'policy', 'foreign-ag', { id: 'foreign-ag' }],
  ] as const)('is refused for %s', (_, setting, id, document) => {
    expect(() => task(setting, id, document)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});
