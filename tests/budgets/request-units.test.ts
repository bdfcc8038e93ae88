import { afterAll, expect, test } from 'vitest';

import { withdraw } from '../../shared/permission/withdraw.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import type { Visit } from '../support/system.ts';
import { linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
const { deps } = system;
afterAll(resetClock);

/** Forty characters. */
const email = (name: string) => `${name}.mustermann`.padEnd(19, 'x') + '@maschinenbau.example';
const AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0 (Unternehmensversion)';
const visit: Visit = {
  fields: { firstName: 'Alexandra-Maria', lastName: 'Mustermann-Beispiel' },
  topics: ['drives', 'service'],
  ip: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
  userAgent: AGENT.slice(0, 150),
  page: 'https://www.nordlicht.example/produkte/antriebe/baureihe-7/anwendungen',
};

/** Request units of one act, after everything that a warm function has cached is cached. */
async function unitsOf(act: () => Promise<unknown>) {
  deps.db.reset();
  await act();
  const units = deps.db.units();
  deps.db.reset();
  return units;
}
const print = (act: string, { read, write }: { read: number; write: number }) =>
  process.stdout.write(`${act}: ${write} WRU, ${read} RRU\n`);
const subscribe = async (address: string) => {
  await system.signUp(address, visit);
  await system.work();
  return linkIn(system.mailsTo(address)[0], 'confirm');
};
const leave = (contactId: string) =>
  withdraw(deps, {
    contactId,
    brand: demoBrand,
    scope: { kind: 'uses', uses: ['newsletter'] },
    route: 'one-click',
    actor: { kind: 'person' },
    ip: '198.51.100.7',
    userAgent: AGENT.slice(0, 150),
  });

await system.confirm(await subscribe(email('warm')));

test('a sign-up costs at most 5 WRU and no RRU', async () => {
  const address = email('sign-up');
  const units = await unitsOf(() => system.signUp(address, visit));
  print('sign-up', units);
  expect(units.write).toBeLessThanOrEqual(5);
  expect(units.read).toBe(0);
});

test('a confirmation (new contact, one use) costs at most 18 WRU and 3 RRU', async () => {
  const token = await subscribe(email('confirm'));
  const units = await unitsOf(() =>
    expect(system.confirm(token)).resolves.toMatchObject({ kind: 'confirmed' }),
  );
  print('confirm', units);
  expect(units.write).toBeLessThanOrEqual(18);
  expect(units.read).toBeLessThanOrEqual(3);
});

test('a one-click unsubscribe costs at most 10 WRU and 2 RRU, a repeated one nothing but its read', async () => {
  const address = email('leave');
  await system.confirm(await subscribe(address));
  const contactId = (await system.contactOf(address))?.id ?? '';
  const units = await unitsOf(() => expect(leave(contactId)).resolves.toMatchObject({ kind: 'withdrawn' }));
  print('one-click', units);
  expect(units.write).toBeLessThanOrEqual(10);
  expect(units.read).toBeLessThanOrEqual(2);
  const again = await unitsOf(() => leave(contactId));
  print('one-click again', again);
  expect(again.write).toBe(0);
  expect(again.read).toBeLessThanOrEqual(2);
});
