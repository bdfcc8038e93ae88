import { describe, expect, test } from 'vitest';

import type { Contact, Permission } from '../../shared/contacts/contact.ts';
import { CHAIN_START } from '../../shared/permission/evidence.ts';
import { withdrawalChanges } from '../../shared/permission/scope.ts';
import type { Scope } from '../../shared/permission/scope.ts';
import { WORDING, brand, grant, newPerson, sister, uses } from './person.ts';

const OWN = uses.uses.map(({ id }) => id);
const EMAIL = ['newsletter', 'event-invitation', 'product-information', 'sales-email'];
const BEFORE = '2026-11-20T08:00:00.000Z';
const AFTER = '2026-11-21T08:00:00.000Z';

function holding(permissions: Record<string, Permission>, more: Partial<Contact> = {}): Contact {
  return { ...newPerson(), updatedAt: BEFORE, head: { seq: 9, hash: CHAIN_START }, permissions, ...more };
}

const changes = (scope: Scope, contact: Contact, sender = brand) =>
  withdrawalChanges(scope, scope.kind === 'email' ? 'complains' : 'withdraws', contact, sender, uses);
/** Changes in one line each: `brand#use from→to`, with what is remembered or kept. */
const brief = (scope: Scope, contact: Contact, sender = brand) =>
  changes(scope, contact, sender).map(
    ({ brand: of, use, from, to, beneath, topicsLeft }) =>
      `${of}#${use} ${from}→${to}${beneath ? ` beneath` : ''}${topicsLeft ? ` -${topicsLeft.join()}` : ''}`,
  );

const NEWSLETTER = `${brand.id}#newsletter`;
const withdrawn = { status: 'withdrawn', since: BEFORE, seq: 2 } as const;
const blocked = { status: 'blocked', since: BEFORE, seq: 3 } as const;
const STORED = {
  nothing: undefined,
  granted: grant(1, ['drives', 'service']),
  'granted without topics': grant(1),
  withdrawn,
  blocked,
  'blocked over a grant': { ...blocked, underneath: grant(1, ['drives']) },
  'blocked over a withdrawal': { ...blocked, underneath: withdrawn },
} as const satisfies Record<string, Permission | undefined>;
const SCOPES = {
  topic: { kind: 'topic', use: 'newsletter', topic: 'drives' },
  uses: { kind: 'uses', uses: ['newsletter'] },
  brand: { kind: 'brand' },
  email: { kind: 'email', grantedBefore: AFTER },
  all: { kind: 'all' },
} as const satisfies Record<string, Scope>;

/** What happens to the newsletter: one row per stored permission, one column per scope. */
const TABLE: Record<keyof typeof STORED, [string, string, string, string, string]> = {
  nothing: ['unclear→withdrawn', 'unclear→withdrawn', 'unclear→withdrawn', 'unclear→withdrawn', '–'],
  granted: [
    'granted→granted -drives',
    'granted→withdrawn',
    'granted→withdrawn',
    'granted→withdrawn',
    'granted→withdrawn',
  ],
  'granted without topics': [
    '–',
    'granted→withdrawn',
    'granted→withdrawn',
    'granted→withdrawn',
    'granted→withdrawn',
  ],
  withdrawn: ['–', '–', '–', '–', '–'],
  blocked: [
    'blocked→blocked beneath',
    'blocked→blocked beneath',
    'blocked→blocked beneath',
    'blocked→blocked beneath',
    'blocked→blocked beneath',
  ],
  'blocked over a grant': [
    'blocked→blocked beneath',
    'blocked→blocked beneath',
    'blocked→blocked beneath',
    'blocked→blocked beneath',
    'blocked→blocked beneath',
  ],
  'blocked over a withdrawal': ['–', '–', '–', '–', '–'],
};
const cells = Object.entries(TABLE).flatMap(([stored, row]) =>
  Object.values(SCOPES).map((scope, column) => ({
    stored,
    kind: scope.kind,
    scope,
    expected: row[column] ?? '',
  })),
);

describe('DOMAIN 2 every scope on every stored permission', () => {
  test.each(cells)('$kind on $stored: $expected', ({ stored, scope, expected }) => {
    const permission = new Map(Object.entries(STORED)).get(stored);
    const contact = holding(permission ? { [NEWSLETTER]: permission } : {});
    const found = brief(scope, contact).filter((line) => line.startsWith(`${NEWSLETTER} `));
    expect(found).toEqual(expected === '–' ? [] : [`${NEWSLETTER} ${expected}`]);
  });

  test('what was said of the grant that is lost is kept, for evidence and undo', () => {
    const contact = holding({ [NEWSLETTER]: STORED.granted });
    expect(changes(SCOPES.uses, contact)).toEqual([
      {
        brand: brand.id,
        use: 'newsletter',
        from: 'granted',
        to: 'withdrawn',
        topics: ['drives', 'service'],
        wording: WORDING,
        form: { id: 'newsletter', version: 1 },
        proof: 'double',
      },
    ]);
  });

  test('under an opt-out model the resting status is open, in an unknown country unclear', () => {
    const sender = { ...brand, models: { DE: 'opt-out-only' as const } };
    expect(brief(SCOPES.uses, holding({}, { country: 'DE' }), sender)).toEqual([
      `${NEWSLETTER} open→withdrawn`,
    ]);
    expect(brief(SCOPES.uses, holding({}), sender)).toEqual([`${NEWSLETTER} unclear→withdrawn`]);
  });
});

describe('a topic', () => {
  test('the others of its use stay', () => {
    const contact = holding({ [NEWSLETTER]: STORED.granted });
    expect(changes(SCOPES.topic, contact)).toEqual([
      {
        brand: brand.id,
        use: 'newsletter',
        from: 'granted',
        to: 'granted',
        topics: ['service'],
        topicsLeft: ['drives'],
      },
    ]);
  });

  test('the last one takes the whole use with it', () => {
    const contact = holding({ [NEWSLETTER]: grant(1, ['drives']) });
    expect(brief(SCOPES.topic, contact)).toEqual([`${NEWSLETTER} granted→withdrawn`]);
    expect(changes(SCOPES.topic, contact)[0]).toMatchObject({ topics: ['drives'], wording: WORDING });
  });

  test('one that the person does not get changes nothing', () => {
    const contact = holding({ [NEWSLETTER]: grant(1, ['service']) });
    expect(brief(SCOPES.topic, contact)).toEqual([]);
  });
});

describe('wider scopes', () => {
  const everywhere = holding({
    [NEWSLETTER]: grant(1),
    [`${brand.id}#tracking`]: grant(2),
    [`${brand.id}#retired`]: grant(3),
    [`${sister.id}#newsletter`]: grant(4),
    [`${sister.id}#call-centre`]: grant(5),
  });

  test('named uses and no others', () => {
    const scope = { kind: 'uses', uses: ['tracking', 'profiling'] } as const;
    expect(brief(scope, everywhere)).toEqual([
      `${brand.id}#tracking granted→withdrawn`,
      `${brand.id}#profiling unclear→withdrawn`,
    ]);
  });

  test('the brand: each of its uses once, also never asked for and retired ones, none of another brand', () => {
    expect(brief({ kind: 'brand' }, everywhere).sort()).toEqual(
      [...OWN, 'retired']
        .map((use) => {
          const had = ['newsletter', 'tracking', 'retired'].includes(use);
          return `${brand.id}#${use} ${had ? 'granted' : 'unclear'}→withdrawn`;
        })
        .sort(),
    );
  });

  test('V4 a complaint: all e-mail uses of the brand and what other brands may send by e-mail', () => {
    expect(brief({ kind: 'email', grantedBefore: AFTER }, everywhere).sort()).toEqual(
      [
        ...EMAIL.map((use) => `${brand.id}#${use} ${use === 'newsletter' ? 'granted' : 'unclear'}→withdrawn`),
        `${sister.id}#newsletter granted→withdrawn`,
      ].sort(),
    );
  });

  test('everything: whatever is stored, of any brand and channel', () => {
    expect(brief({ kind: 'all' }, everywhere).sort()).toEqual(
      Object.keys(everywhere.permissions)
        .map((key) => `${key} granted→withdrawn`)
        .sort(),
    );
  });
});

describe('V4 a complaint that arrives late', () => {
  const scope = { kind: 'email', grantedBefore: BEFORE } as const;
  const newsletter = (permission: Permission) =>
    brief(scope, holding({ [NEWSLETTER]: permission })).filter((line) => line.startsWith(`${NEWSLETTER} `));

  test('takes no grant that is younger than the mail complained about', () => {
    expect(newsletter(grant(1, [], AFTER))).toEqual([]);
    expect(newsletter(grant(1, [], BEFORE))).toEqual([`${NEWSLETTER} granted→withdrawn`]);
  });

  test('is remembered under a block set since, unless the grant beneath is younger than the mail', () => {
    const block = { ...blocked, since: AFTER };
    expect(newsletter(block)).toEqual([`${NEWSLETTER} blocked→blocked beneath`]);
    expect(newsletter({ ...block, underneath: grant(1, [], BEFORE) })).toEqual([
      `${NEWSLETTER} blocked→blocked beneath`,
    ]);
    expect(newsletter({ ...block, underneath: grant(1, [], AFTER) })).toEqual([]);
  });
});
