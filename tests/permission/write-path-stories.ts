import fc from 'fast-check';

import { TOLD_ROUTES } from '../../shared/permission/record-withdrawal.ts';
import type { Scope } from '../../shared/permission/scope.ts';
import { toldConsent } from '../../shared/permission/told-consent.ts';
import type { ToldConsent } from '../../shared/permission/told-consent.ts';
import { brand, sister } from './person.ts';

const KINDS = toldConsent.options.map(({ shape }) => shape.kind.value);
const TOLD_USES = ['newsletter', 'tracking', 'call-centre', 'direct-mail'] as const;

const oneOf = <const T extends string>(...values: readonly T[]) => fc.constantFrom(...values);
const an = <const N extends string>(act: N) => ({ act: fc.constant(act) });
/** Mostly of one brand, so that acts meet. */
const of = oneOf(brand.id, brand.id, brand.id, sister.id);
const uses = fc.subarray(['newsletter', 'event-invitation', 'tracking', 'call-centre'], { minLength: 1 });
const maybe = fc.option(uses, { nil: undefined });
const kind = oneOf(...KINDS);
const scope: fc.Arbitrary<Scope> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('uses'), uses }) },
  fc.record({
    kind: fc.constant('topic'),
    use: fc.constant('newsletter'),
    topic: oneOf('drives', 'service'),
  }),
  fc.record({ kind: oneOf('brand', 'all') }),
);

/** Every way in which somebody's permissions are written, with whatever can differ in it. */
const acts = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ...an('sign-up'),
      topics: fc.subarray(['drives', 'service']),
      uses: oneOf('newsletter', 'newsletter tracking').map((all) => all.split(' ')),
    }),
  },
  fc.record({ ...an('register'), click: fc.boolean() }),
  fc.record(an('not-me')),
  fc.record(an('delivered')),
  {
    weight: 2,
    arbitrary: fc.record({ ...an('leave'), of, scope, route: oneOf('one-click', 'unsubscribe-page') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ ...an('undo'), back: fc.nat({ max: 2 }), route: oneOf('undo', 'receipt-link') }),
  },
  fc.record(an('complain')),
  { weight: 2, arbitrary: fc.record({ ...an('block'), of, uses }) },
  fc.record({ ...an('unblock'), of, uses: maybe }),
  fc.record(an('restrict')),
  fc.record(an('unrestrict')),
  {
    weight: 2,
    arbitrary: fc.record({
      ...an('tell-no'),
      of,
      uses: fc.oneof(fc.constant('all' as const), uses),
      route: oneOf(...TOLD_ROUTES),
      hoursAgo: fc.nat({ max: 30 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...an('tell-yes'),
      of,
      use: oneOf(...TOLD_USES),
      kind,
      via: oneOf('paper', 'import', 'crm'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ ...an('approve'), use: oneOf('newsletter', 'tracking') }) },
  fc.record({ ...an('deny'), use: oneOf('newsletter', 'tracking') }),
  fc.record({ ...an('make-known'), of, source: oneOf('staff', 'crm', 'import'), uses: maybe }),
  fc.record(an('lapse')),
  fc.record(an('move')),
  {
    weight: 2,
    arbitrary: fc.record({
      ...an('choose'),
      uses: fc.subarray(['newsletter', 'event-invitation', 'tracking']),
      topics: fc.subarray(['drives', 'service']),
      loggedIn: fc.boolean(),
    }),
  },
  fc.record(an('erase')),
);
export type Act = typeof acts extends fc.Arbitrary<infer A> ? A : never;
/** Whatever we do, without the person. */
const OURS: Act[] = [
  { act: 'block', of: brand.id, uses: ['newsletter', 'call-centre'] },
  { act: 'unblock', of: brand.id, uses: undefined },
  { act: 'unrestrict' },
  { act: 'approve', use: 'newsletter' },
  ...KINDS.flatMap((each) => TOLD_USES.map((use) => tellYes(use, each))),
  { act: 'make-known', of: brand.id, source: 'crm', uses: ['event-invitation'] },
  { act: 'register', click: false },
  { act: 'delivered' },
  { act: 'deny', use: 'newsletter' },
  { act: 'lapse' },
];
const signUp: Act = { act: 'sign-up', topics: ['drives'], uses: ['newsletter', 'tracking'] };
const block: Act = { act: 'block', of: brand.id, uses: ['newsletter', 'tracking'] };
const leave = (kind: 'brand' | 'all'): Act => ({
  act: 'leave',
  of: brand.id,
  scope: { kind },
  route: 'one-click',
});

/** Stories that take every way at least once and try to overrule every no, whatever chance chooses. */
export const SURE: Act[][] = [
  [signUp, leave('brand'), ...OURS],
  [signUp, leave('all'), ...OURS],
  [signUp, { act: 'restrict' }, leave('brand'), { act: 'undo', back: 0, route: 'undo' }, signUp, ...OURS],
  [signUp, block, leave('brand'), ...OURS],
  [signUp, block, signUp, leave('brand'), { act: 'approve', use: 'newsletter' }, leave('all'), ...OURS],
  [
    signUp,
    leave('brand'),
    block,
    signUp,
    { act: 'approve', use: 'newsletter' },
    { act: 'deny', use: 'tracking' },
  ],
  [
    signUp,
    { act: 'delivered' },
    leave('brand'),
    { act: 'undo', back: 0, route: 'undo' },
    { act: 'leave', of: brand.id, scope: { kind: 'brand' }, route: 'unsubscribe-page' },
    { act: 'undo', back: 0, route: 'receipt-link' },
    { act: 'complain' },
    { act: 'erase' },
    signUp,
  ],
  [
    signUp,
    choose(['newsletter', 'tracking'], ['drives', 'service'], false),
    choose([], [], false),
    choose(['newsletter', 'tracking'], ['drives'], true),
    block,
    choose(['event-invitation'], [], true),
    leave('all'),
    ...OURS,
  ],
  [signUp, { act: 'move' }, leave('all'), { act: 'move' }, ...OURS, signUp, { act: 'erase' }],
  [{ act: 'register', click: false }, { act: 'not-me' }, { act: 'register', click: true }, { act: 'lapse' }],
  [
    { act: 'make-known', of: brand.id, source: 'staff', uses: ['newsletter'] },
    { act: 'make-known', of: brand.id, source: 'crm', uses: ['tracking'] },
    { act: 'make-known', of: brand.id, source: 'import', uses: ['event-invitation'] },
    { act: 'unblock', of: brand.id, uses: undefined },
    ...KINDS.flatMap((each) => TOLD_USES.map((use) => tellYes(use, each))),
    ...TOLD_ROUTES.map((route, at): Act => {
      const use = ['newsletter', 'call-centre', 'direct-mail', 'profiling'][at] ?? 'tracking';
      return { act: 'tell-no', of: brand.id, uses: [use], route, hoursAgo: 0 };
    }),
  ],
];

/** Whoever it is about, we get to know them first. */
export const stories = fc
  .tuple(
    fc.constantFrom(signUp, ...SURE.flatMap(([first]) => (first ? [first] : []))),
    fc.array(acts, { minLength: 4, maxLength: 12 }),
  )
  .map(([first, rest]) => [first, ...rest]);

function choose(uses: string[], topics: string[], loggedIn: boolean): Act {
  return { act: 'choose', uses, topics, loggedIn };
}

function tellYes(use: (typeof TOLD_USES)[number], kind: ToldConsent['kind']): Act {
  return { act: 'tell-yes', of: brand.id, use, kind, via: 'crm' };
}
