import { describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { permissionKey } from '../../shared/contacts/contact.ts';
import type { Change, EvidenceEntry } from '../../shared/permission/evidence.ts';
import { proofToKeep } from '../../shared/retention/proof-to-keep.ts';
import { policy } from '../../shared/settings/policy.ts';
import { PERSON, brand, granted, uses } from '../permission/person.ts';

const POLICY = policy.parse({ id: brand.controller.id });
const ERASED = '2026-11-22T07:25:00.000Z';
const YEAR_END_2029 = '2030-01-01T00:00:00.000Z';

function entry(at: string, changes: Change[], more: Partial<EvidenceEntry> = {}): EvidenceEntry {
  const hash = '0'.repeat(64);
  return {
    ...{ schema: 1, contactId: 'con_1', seq: 1, prevHash: hash, type: 'granted', at, actor: PERSON },
    ...{
      route: 'double-opt-in',
      controller: brand.controller.id,
      changes,
      payloadHash: hash,
      sealed: '',
      hash,
    },
    ...more,
  };
}
const change = (use: string, more: Partial<Change>): Change => ({
  brand: brand.id,
  use,
  from: 'granted',
  to: 'granted',
  ...more,
});
const keep = (entries: EvidenceEntry[], lastUses: Contact['lastUses'] = {}) =>
  proofToKeep(entries, { lastUses }, { uses, policy: POLICY }, ERASED);

const GIVEN = entry('2024-05-01T08:00:00.000Z', [granted('newsletter')]);
const CALLED = entry('2024-05-01T08:00:00.000Z', [granted('call-centre', [], { proof: 'oral' })]);

describe('evidence of an erased person', () => {
  test.each<[string, EvidenceEntry[], string | undefined]>([
    ['a consent that held until now', [GIVEN], YEAR_END_2029],
    [
      'one withdrawn in 2024',
      [GIVEN, entry('2024-12-31T23:59:59.999Z', [change('newsletter', { to: 'withdrawn' })])],
      '2028-01-01T00:00:00.000Z',
    ],
    [
      'one lapsed in 2025',
      [GIVEN, entry('2025-01-01T00:00:00.000Z', [change('newsletter', { to: 'unclear', lapsed: true })])],
      '2029-01-01T00:00:00.000Z',
    ],
    [
      'one withdrawn under a block',
      [
        GIVEN,
        entry('2025-03-01T00:00:00.000Z', [
          change('newsletter', { from: 'blocked', to: 'blocked', beneath: 'withdrawn' }),
        ]),
      ],
      '2029-01-01T00:00:00.000Z',
    ],
    [
      'one that "no advertising at all" ended',
      [GIVEN, entry('2025-03-01T00:00:00.000Z', [], { type: 'withdrawn', noAdvertising: true })],
      '2029-01-01T00:00:00.000Z',
    ],
    [
      'one given anew after a withdrawal',
      [
        GIVEN,
        entry('2024-06-01T00:00:00.000Z', [change('newsletter', { to: 'withdrawn' })]),
        entry('2024-07-01T00:00:00.000Z', [granted('newsletter', [], { from: 'withdrawn' })]),
      ],
      YEAR_END_2029,
    ],
    [
      'a later objection moves no end',
      [
        GIVEN,
        entry('2024-06-01T00:00:00.000Z', [change('newsletter', { to: 'withdrawn' })]),
        entry('2026-06-01T00:00:00.000Z', [], { noAdvertising: true }),
      ],
      '2028-01-01T00:00:00.000Z',
    ],
    [
      'a basis in place of a consent',
      [
        entry('2025-01-01T00:00:00.000Z', [
          change('newsletter', { from: 'unclear', to: 'unclear', basis: 'existing-customer' }),
        ]),
      ],
      YEAR_END_2029,
    ],
    [
      'a business card',
      [
        entry('2025-01-01T00:00:00.000Z', [
          change('newsletter', { from: 'unclear', to: 'unclear', basis: 'business-card' }),
        ]),
      ],
      undefined,
    ],
    [
      'an objection alone',
      [entry('2025-01-01T00:00:00.000Z', [change('newsletter', { from: 'unclear', to: 'withdrawn' })])],
      undefined,
    ],
    [
      'a wish that waits for us',
      [
        entry('2025-01-01T00:00:00.000Z', [
          granted('newsletter', [], { from: 'blocked', to: 'blocked', review: true }),
        ]),
      ],
      undefined,
    ],
    ['nothing', [], undefined],
  ])('G14 %s', (_, entries, until) => {
    expect(keep(entries)?.until).toBe(until);
  });

  test('G14 is not kept where its time was over before the erasure', () => {
    const old = entry('2020-01-01T00:00:00.000Z', [granted('newsletter')]);
    const left = entry('2022-12-31T00:00:00.000Z', [change('newsletter', { to: 'withdrawn' })]);
    expect(keep([old, left])).toBeUndefined();
    const later = entry('2023-01-01T00:00:00.000Z', [change('newsletter', { to: 'withdrawn' })]);
    expect(keep([old, later])).toEqual({ until: '2027-01-01T00:00:00.000Z', reason: 'claims' });
  });

  test('G7 each use of a phone consent keeps it five years longer', () => {
    expect(keep([CALLED])).toEqual({ until: YEAR_END_2029, reason: 'claims' });
    const used = { [permissionKey(brand.id, 'call-centre')]: '2026-02-03T09:00:00.000Z' };
    expect(keep([CALLED], used)).toEqual({ until: '2031-02-03T09:00:00.000Z', reason: 'phone-consent' });
    const mailed = { [permissionKey(brand.id, 'newsletter')]: '2026-02-03T09:00:00.000Z' };
    expect(keep([GIVEN], mailed)).toEqual({ until: YEAR_END_2029, reason: 'claims' });
  });
});
