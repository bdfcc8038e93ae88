import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { permissionKey } from '../../shared/contacts/contact.ts';
import { DAY, now, plus, plusMonths } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { lapseDue } from '../../shared/permission/lapse-due.ts';
import { lapsesAt, warnsAt } from '../../shared/permission/lapse.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { policy } from '../../shared/settings/policy.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { resetClock } from '../support/system.ts';
import {
  PERSON,
  act,
  brand,
  createPerson,
  draft,
  grant,
  granted,
  openLedger,
  reread,
  seedPermission,
} from './person.ts';
import type { Deps } from './person.ts';

const POLICY = policy.parse({ id: brand.controller.id });
const NEWSLETTER = permissionKey(brand.id, 'newsletter');

let ledger: Deps;
let deps: Deps & Parameters<typeof lapseDue>[0];
beforeAll(async () => {
  ledger = await openLedger();
  const settings = {
    ...ledger.settings,
    brand: () => Promise.resolve(brand),
    policy: () => Promise.resolve(POLICY),
  };
  deps = { ...ledger, settings };
});
afterAll(resetClock);

async function lastUsed(contactId: string, place: string, at: string): Promise<void> {
  await write(deps.db, {
    update: 'contacts',
    key: keys.contact(contactId),
    set: 'SET lastUses = :uses',
    values: { ':uses': { [place]: at } },
  });
}

const lapseOf = (since: string) => plusMonths(since, 24);

describe('G8 a grant lapses', () => {
  test.each([
    ['2024-11-22T07:25:00.123Z', undefined, '2026-11-22T07:25:00.123Z', '2026-05-22T07:25:00.123Z'],
    // The month of the end has no such day.
    ['2024-02-29T12:00:00.000Z', undefined, '2026-02-28T12:00:00.000Z', '2025-08-29T12:00:00.000Z'],
    ['2024-08-31T23:59:59.999Z', undefined, '2026-08-31T23:59:59.999Z', '2026-02-28T23:59:59.999Z'],
    // The last use counts; one from before the grant does not.
    [
      '2024-01-01T00:00:00.000Z',
      '2025-06-01T00:00:00.000Z',
      '2027-06-01T00:00:00.000Z',
      '2026-12-01T00:00:00.000Z',
    ],
    [
      '2024-01-01T00:00:00.000Z',
      '2023-06-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z',
      '2025-07-01T00:00:00.000Z',
    ],
  ])('given %s, last used %s: at %s, warned of at %s', (since, lastUse, lapse, warning) => {
    expect(lapsesAt({ since }, lastUse, POLICY)).toBe(lapse);
    expect(warnsAt({ since }, lastUse, POLICY)).toBe(warning);
  });

  test('after the months that the operator set', () => {
    const lapse = { months: 12, warnMonths: 6 };
    expect(lapsesAt({ since: '2026-01-31T00:00:00.000Z' }, undefined, { lapse })).toBe(
      '2027-01-31T00:00:00.000Z',
    );
    expect(warnsAt({ since: '2026-01-31T00:00:00.000Z' }, undefined, { lapse })).toBe(
      '2026-07-31T00:00:00.000Z',
    );
  });
});

describe('what is due', () => {
  test('G8 lapses to the millisecond, all grants by one entry, and the place remembers it', async () => {
    const person = await createPerson(deps, [granted('newsletter', ['drives']), granted('event-invitation')]);
    const due = lapseOf(person.permissions[NEWSLETTER]?.since ?? '');
    expect(await lapseDue(deps, person.id, plus(due, -1))).toEqual({ kind: 'nothing' });
    expect(await readEntries(deps.db, person.id)).toHaveLength(1);

    const lapsed = await lapseDue(deps, person.id, due);
    expect(lapsed).toMatchObject({
      kind: 'lapsed',
      entry: {
        ...{ type: 'lapsed', route: 'clock', actor: { kind: 'system', name: 'clock' }, at: due },
        changes: [
          { use: 'event-invitation', from: 'granted', to: 'unclear', lapsed: true },
          {
            use: 'newsletter',
            from: 'granted',
            to: 'unclear',
            lapsed: true,
            topics: ['drives'],
            proof: 'double',
          },
        ],
      },
    });
    const after = await reread(deps.db, person.id);
    expect(after.permissions).toEqual({});
    expect(after.lapses).toMatchObject({ [NEWSLETTER]: { since: due, seq: 2 } });
    expect(await lapseDue(deps, person.id, plus(due, DAY))).toEqual({ kind: 'nothing' });
    const entries = await readEntries(deps.db, person.id);
    expect(verifyChain(entries, after.head)).toMatchObject({ ok: true, entries: 2 });
  });

  test('a use resets it for that use alone', async () => {
    const person = await createPerson(deps, [granted('newsletter'), granted('event-invitation')]);
    const used = plus(now(), 300 * DAY);
    await lastUsed(person.id, NEWSLETTER, used);
    await lapseDue(deps, person.id, lapseOf(plus(now(), DAY)));
    expect(Object.keys((await reread(deps.db, person.id)).permissions)).toEqual([NEWSLETTER]);
    expect(await lapseDue(deps, person.id, plus(lapseOf(used), -1))).toEqual({ kind: 'nothing' });
    expect(await lapseDue(deps, person.id, lapseOf(used))).toMatchObject({ kind: 'lapsed' });
  });

  test('the person may grant anew, and the lapse is over', async () => {
    const person = await createPerson(deps);
    const due = lapseOf(plus(now(), DAY));
    await lapseDue(deps, person.id, due);
    await act(deps, person.id, draft([granted('newsletter')], { at: due }));
    const again = await reread(deps.db, person.id);
    expect(again.permissions[NEWSLETTER]).toMatchObject({ status: 'granted', since: due });
    expect(again.lapses).toBeUndefined();
  });

  test.each([
    ['withdrawn', { status: 'withdrawn', since: '2020-01-01T00:00:00.000Z', seq: 1 }],
    ['blocked', { status: 'blocked', since: '2020-01-01T00:00:00.000Z', seq: 1 }],
    [
      'blocked',
      {
        status: 'blocked',
        since: '2020-01-01T00:00:00.000Z',
        seq: 1,
        underneath: grant(1, [], '2020-01-01T00:00:00.000Z'),
      },
    ],
  ] as const)('what is %s stays as it is', async (_, permission) => {
    const person = await createPerson(deps, [granted('event-invitation')]);
    await seedPermission(deps.db, person.id, 'newsletter', permission);
    await lapseDue(deps, person.id, lapseOf(plus(now(), DAY)));
    expect((await reread(deps.db, person.id)).permissions).toEqual({ [NEWSLETTER]: permission });
  });

  test('"no advertising at all" took the grants already; nobody unknown lapses', async () => {
    const person = await createPerson(deps);
    await withdraw(deps, {
      contactId: person.id,
      brand,
      scope: { kind: 'all' },
      route: 'unsubscribe-page',
      actor: PERSON,
    });
    const late = lapseOf(plus(now(), DAY));
    expect(await lapseDue(deps, person.id, late)).toEqual({ kind: 'nothing' });
    expect(await lapseDue(deps, 'con_nobody', late)).toEqual({ kind: 'nothing' });
  });

  test('five clocks at once, or a withdrawal in the same moment, leave one entry each', async () => {
    const person = await createPerson(deps);
    const late = lapseOf(plus(now(), DAY));
    const kinds = await Promise.all(Array.from({ length: 5 }, () => lapseDue(deps, person.id, late)));
    expect(kinds.map(({ kind }) => kind).toSorted()).toEqual([
      'lapsed',
      ...Array.from({ length: 4 }, () => 'nothing'),
    ]);
    expect(await readEntries(deps.db, person.id)).toHaveLength(2);

    const other = await createPerson(deps);
    const leave = {
      contactId: other.id,
      brand,
      scope: { kind: 'brand' },
      route: 'one-click',
      actor: PERSON,
    } as const;
    await Promise.all([lapseDue(deps, other.id, late), withdraw(deps, leave)]);
    const after = await reread(deps.db, other.id);
    expect(after.permissions[NEWSLETTER]?.status).toBe('withdrawn');
    expect(verifyChain(await readEntries(deps.db, other.id), after.head)).toMatchObject({ ok: true });
  });

  test('a failing database changes nothing, and the next run does it', async () => {
    const person = await createPerson(deps);
    const late = lapseOf(plus(now(), DAY));
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite'
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    await expect(lapseDue({ ...deps, db }, person.id, late)).rejects.toThrow('InternalServerError');
    expect(await reread(deps.db, person.id)).toEqual(person);
    expect(await lapseDue(deps, person.id, late)).toMatchObject({ kind: 'lapsed' });
  });
});
