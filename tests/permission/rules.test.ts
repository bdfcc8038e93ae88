import { describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { RESTING, modelFor, neededProof } from '../../shared/permission/models.ts';
import { TRANSITIONS, transition } from '../../shared/permission/rules.ts';
import type { Act } from '../../shared/permission/rules.ts';
import { STATUSES, permissionOf, statusOf } from '../../shared/permission/status.ts';
import { PERMISSION_MODELS } from '../../shared/settings/brand.ts';
import { brand, grant, sister } from './person.ts';

const ACTS = [
  'confirms',
  'mail-accepted',
  'withdraws',
  'complains',
  'blocks',
  'unblocks',
  'lapses',
] as const satisfies Act[];
/** DOMAIN 2 and 3, row by row. */
const DOMAIN = {
  unclear: ['granted', 'granted', 'withdrawn', 'withdrawn', 'blocked', 'unchanged', 'unchanged'],
  open: ['granted', 'granted', 'withdrawn', 'withdrawn', 'blocked', 'unchanged', 'unchanged'],
  granted: ['granted', 'unchanged', 'withdrawn', 'withdrawn', 'blocked', 'unchanged', 'resting'],
  withdrawn: ['granted', 'needs-click', 'unchanged', 'unchanged', 'blocked', 'unchanged', 'unchanged'],
  blocked: [
    'review',
    'needs-click',
    'withdrawn-beneath',
    'withdrawn-beneath',
    'unchanged',
    'previous',
    'unchanged',
  ],
} as const;

describe('transitions (DOMAIN 2)', () => {
  const cells = STATUSES.flatMap((from) =>
    ACTS.map((act, column) => ({ from, act, to: DOMAIN[from][column] })),
  );

  test.each(cells)('from $from by $act: $to', ({ from, act, to }) => {
    expect(transition(from, act)).toBe(to);
  });

  test('there is no act and no status beside the table', () => {
    expect(Object.keys(TRANSITIONS)).toEqual([...STATUSES]);
    for (const row of Object.values(TRANSITIONS)) expect(Object.keys(row)).toEqual([...ACTS]);
  });

  test('nothing but the person’s proven act leads out of withdrawn, and nothing at all out of blocked', () => {
    const leading = (from: 'withdrawn' | 'blocked') =>
      ACTS.filter((act) => transition(from, act) === 'granted');
    expect(leading('withdrawn')).toEqual(['confirms']);
    expect(leading('blocked')).toEqual([]);
  });
});

describe('the permission that counts', () => {
  const key = `${brand.id}#newsletter`;
  const contact = (
    stored: Contact['permissions'][string] | undefined,
    noAdvertising?: Contact['noAdvertising'],
  ) => ({ permissions: stored ? { [key]: stored } : {}, ...(noAdvertising ? { noAdvertising } : {}) });
  const objection = { since: '2026-11-21T08:00:00.000Z', seq: 5 };
  const blocked = { status: 'blocked', since: '2026-11-19T08:00:00.000Z', seq: 2 } as const;
  const withdrawn = { status: 'withdrawn', since: '2026-11-19T08:00:00.000Z', seq: 2 } as const;

  test.each([
    ['nobody known', undefined, undefined],
    ['nothing stored', contact(undefined), undefined],
    ['a grant', contact(grant(3)), 'granted'],
    ['a withdrawal', contact(withdrawn), 'withdrawn'],
    ['a block', contact(blocked), 'blocked'],
    ['no advertising, nothing stored', contact(undefined, objection), 'withdrawn'],
    ['no advertising after a grant', contact(grant(3), objection), 'withdrawn'],
    [
      'no advertising before a new grant',
      contact(grant(6, [], '2026-11-22T08:00:00.000Z'), objection),
      'granted',
    ],
    [
      'no advertising in the same millisecond as the new grant',
      contact(grant(6, [], objection.since), objection),
      'granted',
    ],
    ['no advertising told by a clock that runs ahead', contact(grant(6), objection), 'granted'],
    ['no advertising over a block', contact(blocked, objection), 'blocked'],
  ])('%s', (_, person, expected) => {
    expect(permissionOf(person, brand.id, 'newsletter')?.status).toBe(expected);
  });

  test('it belongs to one use of one brand', () => {
    const person = contact(grant(3));
    expect(permissionOf(person, sister.id, 'newsletter')).toBeUndefined();
    expect(permissionOf(person, brand.id, 'tracking')).toBeUndefined();
  });

  test('without one the resting status of the model stands', () => {
    expect(statusOf(undefined, brand.id, 'newsletter', 'unclear')).toBe('unclear');
    expect(statusOf(contact(undefined), brand.id, 'newsletter', 'open')).toBe('open');
    expect(statusOf(contact(grant(3)), brand.id, 'newsletter', 'open')).toBe('granted');
    expect(statusOf(contact(undefined, objection), brand.id, 'newsletter', 'open')).toBe('withdrawn');
  });
});

describe('models (DOMAIN 3)', () => {
  test('models with opt-out rest open, the others unclear', () => {
    expect(Object.entries(RESTING)).toEqual([
      ['ignore', 'open'],
      ['opt-out-only', 'open'],
      ['build-up', 'unclear'],
      ['confirmed-opt-in', 'unclear'],
      ['double-opt-in', 'unclear'],
    ]);
    expect(Object.keys(RESTING)).toEqual([...PERMISSION_MODELS]);
  });

  const withModels = (models: typeof brand.models) => ({ ...brand, models });
  test.each([
    ['the country’s own model', { default: 'ignore', DE: 'build-up' }, 'DE', 'build-up'],
    ['the default for other countries', { default: 'opt-out-only', DE: 'build-up' }, 'FR', 'opt-out-only'],
    ['double opt-in without a default', { DE: 'build-up' }, 'FR', 'double-opt-in'],
    ['double opt-in for an unknown country', { default: 'ignore' }, undefined, 'double-opt-in'],
  ] as const)('%s', (_, models, country, expected) => {
    expect(modelFor(withModels(models), country)).toBe(expected);
  });

  test.each(PERMISSION_MODELS)(
    'the stricter of form and model %s counts; data uses always need the click',
    (model) => {
      const byModel = model === 'double-opt-in' ? 'double' : 'confirmed';
      expect(neededProof({ form: 'confirmed', model, dataUse: false })).toBe(byModel);
      expect(neededProof({ form: 'double', model, dataUse: false })).toBe('double');
      expect(neededProof({ form: 'confirmed', model, dataUse: true })).toBe('double');
      expect(neededProof({ form: 'double', model, dataUse: true })).toBe('double');
    },
  );
});
