import fc from 'fast-check';

import { putMany } from '../../infra/bench/put-many.ts';
import { putAccount } from '../../shared/contacts/account-store.ts';
import { eventKey } from '../../shared/engagement/event.ts';
import type { EngagementEvent } from '../../shared/engagement/event.ts';
import { DAY, HOUR, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { agreed, makePerson } from '../decision/people.ts';
import { event, mailEvent } from '../support/engagement.ts';
import { BRAND, CONTROLLER } from '../support/system.ts';
import type { openTestSystem } from '../support/system.ts';

type Deps = Awaited<ReturnType<typeof openTestSystem>>['deps'];

const ACTS = ['download', 'webinar', 'contact-request', 'fair-visit', 'form', 'job-page', 'page-visit'];
/** Hours off a whole number of days, so that nothing changes within the hours of a test. */
const age = fc
  .record({ days: fc.oneof(fc.nat(20), fc.nat(300)), hours: fc.integer({ min: 4, max: 20 }) })
  .map(({ days, hours }) => days * DAY + hours * HOUR);
const topics = fc.subarray(['drives', 'service', 'automation']);
const act = fc.record({ kind: fc.constant('act' as const), type: fc.constantFrom(...ACTS), age, topics });
const mail = fc.record({
  kind: fc.constant('mail' as const),
  age,
  topics,
  reacts: fc.option(
    fc.record({
      type: fc.constantFrom('open' as const, 'click' as const),
      minutes: fc.integer({ min: 2, max: 120 }),
    }),
  ),
});
const person = fc.record({
  history: fc.array(fc.oneof(act, mail), { maxLength: 14 }),
  /** Some let us keep no profile, or measure nothing, though something was measured. */
  profiling: fc.constantFrom('granted', 'granted', 'granted', 'withdrawn', undefined),
  tracking: fc.constantFrom('granted', 'granted', 'withdrawn'),
  jobTitle: fc.constantFrom('CEO', 'Leiter Einkauf', 'Head of Sales', 'Werkstudent', undefined),
  department: fc.constantFrom('Einkauf', 'Konstruktion', undefined),
  buyingRole: fc.constantFrom('decider', 'user', undefined),
  accountId: fc.constantFrom('acc_big', 'acc_big', 'acc_small', undefined),
});

/** Many contacts with a random history of a year, straight into the tables; the same for the same seed. */
export async function makeCrowd(deps: Deps, many: number, seed: number): Promise<string[]> {
  for (const [id, employees, industry] of [
    ['acc_big', 2_000, 'Robotik'],
    ['acc_small', 12, 'Bäckerei'],
  ] as const) {
    const at = now();
    const told = { class: 'prospect', employees, industry } as const;
    const about = {
      schema: 1,
      controller: CONTROLLER,
      externalIds: {},
      createdAt: at,
      updatedAt: at,
    } as const;
    await write(deps.db, putAccount(undefined, { ...about, id, name: id, domains: [], ...told, rev: 1 }));
  }
  const model = await makePerson(deps, 'model@kunde.example', [agreed('tracking'), agreed('profiling')]);
  const told = { source: 'staff', at: now() } as const;
  const people = fc.sample(person, { numRuns: many, seed }).map((each, at) => {
    const id = `con_crowd${at}`;
    const permissions = (['tracking', 'profiling'] as const).flatMap((use) => {
      const held = model.permissions[`${BRAND}#${use}`];
      if (each[use] === undefined || !held) return [];
      const status = each[use] === 'granted' ? held : { status: 'withdrawn', since: now(), seq: 1 };
      return [[`${BRAND}#${use}`, status]];
    });
    const { jobTitle, department, buyingRole, accountId } = each;
    const contact = {
      ...{ ...model, ...keys.contact(id), id, permissions: Object.fromEntries(permissions) },
      fields: {
        ...(jobTitle ? { jobTitle: { value: jobTitle, ...told } } : {}),
        ...(department ? { department: { value: department, ...told } } : {}),
      },
      ...(buyingRole ? { assessed: { buyingRole: { value: buyingRole, ...told } } } : {}),
      ...(accountId ? { accountId } : {}),
    };
    return { id, contact, events: each.history.flatMap((one, n) => eventsOf(one, `${n}`)) };
  });
  const items = people.flatMap(({ id, events }) =>
    events.map((each) => ({ ...each, contactId: id, ...eventKey({ ...each, contactId: id }) })),
  );
  await putMany(
    deps.db,
    'contacts',
    people.map(({ contact }) => contact),
  );
  await putMany(deps.db, 'engagement', items);
  return [model.id, ...people.map(({ id }) => id)];
}

type History = Sampled<typeof act> | Sampled<typeof mail>;
type Sampled<A> = A extends fc.Arbitrary<infer T> ? T : never;

function eventsOf(one: History, id: string): EngagementEvent[] {
  const at = plus(now(), -one.age);
  if (one.kind === 'act') {
    const tracked = one.type === 'job-page' || one.type === 'page-visit';
    return [event(one.type, at, { id, topics: one.topics, ...(tracked ? { tracked, brand: BRAND } : {}) })];
  }
  const about = { topics: one.topics, mail: { sendId: `send_${id}`, messageId: `m${id}` } };
  const { reacts } = one;
  return [
    mailEvent('delivered', at, about),
    ...(reacts ? [mailEvent(reacts.type, plus(at, reacts.minutes * MINUTE), about)] : []),
  ];
}
