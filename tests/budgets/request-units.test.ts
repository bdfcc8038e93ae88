import { afterAll, describe, expect, test } from 'vitest';

import { withdraw } from '../../shared/permission/withdraw.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { choicesToken } from '../../shared/signup/links.ts';
import type { Visit } from '../support/system.ts';
import { linkIn, openTestSystem, resetClock } from '../support/system.ts';
import { serveApps } from '../web/open-site.ts';

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

describe('choices', () => {
  const site = serveApps(deps, deps.db);
  const choicesOf = async (name: string) => {
    const address = email(name);
    await system.confirm(await subscribe(address));
    const contactId = (await system.contactOf(address))?.id ?? '';
    const token = choicesToken(await deps.secrets.linkKeys(), { contactId, brand: demoBrand.id });
    const path = `/preferences/${token}?lang=de`;
    return { path, page: (await site.get(path)).hidden('page') };
  };
  const SHOWN = {
    'was.uses': 'newsletter',
    'was.topics': 'drives service',
    'was.refused': '',
    'was.wish': '',
    'was.pausedUntil': '',
    'was.language': 'de',
  };
  const save = (path: string, fields: Record<string, string>) =>
    site.post(path, { ...SHOWN, ...fields }, { 'user-agent': AGENT.slice(0, 150) });

  test('to look at them costs at most 4 RRU, and no WRU', async () => {
    const { path } = await choicesOf('look');
    const units = await unitsOf(() => site.get(path));
    print('choices', units);
    expect(units.read).toBeLessThanOrEqual(4);
    expect(units.write).toBe(0);
  });

  test('a change of everything at once costs at most 12 WRU; saved as it is, nothing', async () => {
    const { path, page } = await choicesOf('change');
    const same = {
      page,
      'use.newsletter': 'on',
      'topic.drives': 'on',
      'topic.service': 'on',
      language: 'de',
    };
    const nothing = await unitsOf(() => save(path, same));
    expect(nothing.write).toBe(0);
    const changed = {
      page,
      'use.newsletter': 'on',
      'topic.automation': 'on',
      'no.call-centre': 'on',
      'no.direct-mail': 'on',
      wish: 'monthly',
      pause: '3',
      language: 'en',
    };
    const units = await unitsOf(async () => expect((await save(path, changed)).heading).toBe('Gespeichert'));
    print('choices changed', units);
    expect(units.write).toBeLessThanOrEqual(12);
  });

  test('"no advertising at all" costs at most 12 WRU', async () => {
    const { path, page } = await choicesOf('none');
    const units = await unitsOf(async () =>
      expect((await site.post(path, { page, act: 'none' })).heading).toBe('Gespeichert'),
    );
    print('no advertising', units);
    expect(units.write).toBeLessThanOrEqual(12);
  });
});
