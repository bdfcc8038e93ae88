import { expect, test } from 'vitest';

import { write } from '../../shared/platform/table.ts';
import { keys } from '../../shared/platform/keys.ts';
import type { Intent } from '../../shared/decision/reserve.ts';
import { agreed, decideAs, makePerson } from '../decision/people.ts';
import { granted } from '../permission/person.ts';
import { openTestSystem } from '../support/system.ts';

const { deps } = await openTestSystem();
await write(deps.db, {
  put: 'contacts',
  item: { ...keys.account('acc_1'), id: 'acc_1', class: 'customer' },
});
const person = (name: string) =>
  makePerson(deps, `${name}@maschinenbau.example`, [agreed('newsletter'), granted('tracking')], {
    accountId: 'acc_1',
  });
const [warm, asked, reserved] = await Promise.all(['warm', 'asked', 'reserved'].map(person));

async function unitsOf(contactId: string, intent?: Intent) {
  deps.db.reset();
  const outcomes = await decideAs(deps, {
    candidates: [{ ref: { id: contactId } }],
    ...(intent ? { intent } : {}),
  });
  expect(outcomes).toMatchObject([{ kind: 'decided', decision: { allowed: true } }]);
  const units = deps.db.units();
  process.stdout.write(
    `decision${intent ? ' with reservation' : ''}: ${units.write} WRU, ${units.read} RRU\n`,
  );
  return units;
}

test('a strongly consistent decision about one contact costs at most 3 RRU, a reservation 3 WRU more', async () => {
  await unitsOf(warm?.id ?? '');
  const plain = await unitsOf(asked?.id ?? '');
  expect(plain.read).toBeLessThanOrEqual(3);
  expect(plain.write).toBe(0);
  const booked = await unitsOf(reserved?.id ?? '', { kind: 'reserve', channel: 'email' });
  expect(booked.read).toBeLessThanOrEqual(3);
  expect(booked.write).toBeLessThanOrEqual(3);
});
