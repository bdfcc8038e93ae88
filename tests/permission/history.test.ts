import fc from 'fast-check';
import { afterEach, beforeAll, expect, test } from 'vitest';

import { permissionKey } from '../../shared/contacts/contact.ts';
import { now, nowMs, plus, setClockOffset } from '../../shared/platform/clock.ts';
import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import { record, untilRecorded } from '../../shared/permission/record.ts';
import { transition } from '../../shared/permission/rules.ts';
import type { Scope } from '../../shared/permission/scope.ts';
import { permissionOf, statusOf } from '../../shared/permission/status.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { undoWithdrawal } from '../../shared/permission/undo.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import {
  PERSON,
  brand,
  createPerson,
  draft,
  grant,
  granted,
  openLedger,
  reread,
  seedPermission,
  sister,
  uses,
} from './person.ts';
import type { Deps } from './person.ts';

let deps: Deps;
beforeAll(async () => {
  deps = await openLedger();
});
afterEach(() => setClockOffset(0));

const BRANDS = new Map([brand, sister].map((one) => [one.id, one]));
const PROVING = ['double-opt-in', 'undo', 'receipt-link'];
const PLACES = [...BRANDS.keys()].flatMap((of) => uses.uses.map(({ id }) => ({ brand: of, use: id })));
const blockedKey = permissionKey(brand.id, 'event-invitation');

type Act =
  | { act: 'confirm'; of: string; use: string; topics: string[]; click: boolean }
  | { act: 'withdraw'; of: string; scope: Scope }
  | { act: 'complain'; of: string; ageMs: number }
  | { act: 'undo'; back: number }
  | { act: 'wait'; ms: number };

const of = fc.constantFrom(...BRANDS.keys());
const use = fc.constantFrom('newsletter', 'event-invitation', 'tracking');
const topics = fc.subarray(['drives', 'service']);
const scope: fc.Arbitrary<Scope> = fc.oneof(
  fc.record({
    kind: fc.constant('topic'),
    use: fc.constant('newsletter'),
    topic: fc.constantFrom('drives', 'service'),
  }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('uses'), uses: use.map((one) => [one]) }) },
  fc.constant({ kind: 'brand' } as const),
  fc.constant({ kind: 'all' } as const),
);
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ act: fc.constant('confirm'), of, use, topics, click: fc.boolean() }),
    },
    { weight: 3, arbitrary: fc.record({ act: fc.constant('withdraw'), of, scope }) },
    fc.record({ act: fc.constant('complain'), of, ageMs: fc.constantFrom(0, 5_000) }),
    { weight: 3, arbitrary: fc.record({ act: fc.constant('undo'), back: fc.nat({ max: 4 }) }) },
    fc.record({ act: fc.constant('wait'), ms: fc.constantFrom(1, 4_000) }),
  ),
  { minLength: 4, maxLength: 14 },
);

test('H2 whatever people do in whatever order, evidence tells it all and no withdrawal ends unproven', async () => {
  await fc.assert(
    fc.asyncProperty(acts, fc.boolean(), async (story, blocked) => {
      const { id } = await createPerson(deps, []);
      const block = { status: 'blocked', since: now(), seq: 1, underneath: grant(1) } as const;
      if (blocked) await seedPermission(deps.db, id, 'event-invitation', block);
      for (const one of story) await live(id, one);
      expect(await contradictions(id, blocked)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('H2 the same acts at once leave an unbroken chain that tells the same as the contact', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (story) => {
      const { id } = await createPerson(deps, []);
      await Promise.all(story.map((one) => live(id, one)));
      expect(await contradictions(id, false)).toEqual([]);
    }),
    { numRuns: 10 },
  );
});

/** Where contact and ledger disagree, or the ledger tells what may not be. */
async function contradictions(contactId: string, blocked: boolean): Promise<string[]> {
  const contact = await reread(deps.db, contactId);
  const entries = await readEntries(deps.db, contactId);
  const verdict = verifyChain(entries, contact.head);
  const told = tell(entries, blocked);
  const beneath = contact.permissions[blockedKey];
  const remembered = beneath?.status === 'blocked' && beneath.underneath?.status === 'withdrawn';
  const differing = PLACES.filter(({ brand: of, use }) => {
    const held = permissionOf(contact, of, use);
    const topicsHeld = held?.status === 'granted' ? held.topics : [];
    return (
      (held?.status ?? 'unclear') !== told.status(of, use) ||
      topicsHeld.join() !== told.topics(of, use).join()
    );
  });
  return [
    ...told.wrong,
    ...differing.map(({ brand: of, use }) => `${of}#${use} is not as told`),
    ...(verdict.ok ? [] : [`${verdict.seq}: ${verdict.problem}`]),
    ...(remembered === told.beneath ? [] : ['what lies beneath the block is not as told']),
  ];
}

/** Lets one act happen the way its use case does it. */
async function live(contactId: string, one: Act): Promise<void> {
  const visitor = { ip: '192.0.2.7', userAgent: 'Firefox' };
  switch (one.act) {
    case 'confirm':
      await untilRecorded(() => confirm(contactId, one));
      return;
    case 'withdraw':
      await withdraw(deps, {
        contactId,
        brand: BRANDS.get(one.of) ?? brand,
        scope: one.scope,
        route: 'one-click',
        actor: PERSON,
      });
      return;
    case 'complain': {
      const complaint = { kind: 'email', grantedBefore: plus(now(), -one.ageMs) } as const;
      await withdraw(deps, {
        contactId,
        brand: BRANDS.get(one.of) ?? brand,
        scope: complaint,
        route: 'complaint',
        actor: PERSON,
      });
      return;
    }
    case 'undo': {
      const withdrawals = (await readEntries(deps.db, contactId)).filter(({ type }) => type === 'withdrawn');
      const seq = withdrawals.at(-1 - one.back)?.seq;
      if (seq) await undoWithdrawal(deps, { contactId, seq, route: 'undo', ...visitor });
      return;
    }
    case 'wait':
      setClockOffset(nowMs() - Date.now() + one.ms);
  }
}

async function confirm(
  contactId: string,
  { of, use: about, topics: chosen, click }: Extract<Act, { act: 'confirm' }>,
): Promise<true | undefined> {
  const contact = await reread(deps.db, contactId);
  const from = statusOf(contact, of, about, 'unclear');
  const outcome = transition(from, click ? 'confirms' : 'mail-accepted');
  const review = outcome === 'review';
  if (outcome !== 'granted' && !review) return true;
  const change = review
    ? { brand: of, use: about, from, to: from, review }
    : granted(about, about === 'newsletter' ? chosen : [], { brand: of, from });
  const type = review ? 'review' : 'granted';
  const made = draft([change], { type, route: click ? 'double-opt-in' : 'confirmed-opt-in' });
  return (await record(deps, { contact, draft: made, payload: { address: contact.address } })) && true;
}

/** What the ledger alone says, entry by entry, and what in it no entry may do. */
function tell(entries: EvidenceEntry[], blocked: boolean) {
  const stated = new Map<string, { seq: number; to: string; topics: string[] }>();
  const wrong: string[] = [];
  let objection = 0;
  let beneath = false;
  const status = (of: string, use: string) => {
    const key = permissionKey(of, use);
    if (blocked && key === blockedKey) return 'blocked';
    const last = stated.get(key);
    if (last && last.seq > objection) return last.to;
    return objection > 0 ? 'withdrawn' : 'unclear';
  };
  const topicsOf = (of: string, use: string) =>
    status(of, use) === 'granted' ? (stated.get(permissionKey(of, use))?.topics ?? []) : [];
  const all = () => new Map(PLACES.map(({ brand: of, use }) => [permissionKey(of, use), status(of, use)]));
  const history = [all()];
  for (const { seq, route, changes, noAdvertising, undoes } of entries) {
    const before = all();
    for (const { brand: of, use, from, to, topics: chosen = [], beneath: remembered } of changes) {
      if (from !== status(of, use)) wrong.push(`${seq}: ${use} was ${status(of, use)}, not ${from}`);
      if (remembered) beneath = true;
      else stated.set(permissionKey(of, use), { seq, to, topics: chosen });
    }
    if (noAdvertising) objection = seq;
    if (undoes !== undefined && undoes === objection) objection = 0;
    const after = all();
    for (const [key, is] of after) {
      const was = before.get(key);
      const gained = was !== 'granted' && is === 'granted';
      if (gained && was === 'withdrawn' && !PROVING.includes(route)) wrong.push(`${seq}: ${key} unproven`);
      if (was === 'blocked' && is !== 'blocked') wrong.push(`${seq}: ${key} unblocked`);
      const taken = undoes !== undefined && history[undoes - 1]?.get(key) === 'granted';
      if (gained && undoes !== undefined && !taken) wrong.push(`${seq}: ${key} restored but never taken`);
    }
    history.push(after);
  }
  return { status, topics: topicsOf, beneath, wrong };
}
