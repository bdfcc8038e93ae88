import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { startSes } from '../../infra/local/ses-server.ts';
import { openSuppressionList as openStandIn } from '../../infra/local/suppression-list.ts';
import { addressKey } from '../../shared/contacts/address-key.ts';
import { readAddress, tellAddress } from '../../shared/contacts/store.ts';
import { isSuppressed } from '../../shared/contacts/suppression.ts';
import { DAY, HOUR, MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { openSuppressionList } from '../../shared/platform/ses.ts';
import type { ListSuppressed, SuppressedAddress } from '../../shared/platform/ses.ts';
import { reconcileSuppression } from '../../shared/outbox/reconcile-suppression.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import type { Database } from '../../shared/platform/table.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { temporaryFolder } from '../infra/local/temporary-folder.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { advanceClock, captureLog, linkIn, openTestSystem, resetClock } from '../support/system.ts';

type System = Awaited<ReturnType<typeof openTestSystem>>;
let system: System;
let deps: System['deps'];
let lines: Record<string, unknown>[];
beforeEach(async () => {
  system = await openTestSystem();
  ({ deps } = system);
  lines = captureLog();
});
afterEach(() => vi.restoreAllMocks());
afterAll(resetClock);

/** What SES holds; `asked` is what it was asked for, `size` its pages. */
function sesWith(entries: SuppressedAddress[], size = 1_000) {
  const asked: { since?: Instant | undefined; token?: string | undefined }[] = [];
  const list: ListSuppressed = ({ since, token }) => {
    asked.push({ since, token });
    const chosen = entries.filter(({ at }) => since === undefined || at > since);
    const from = Number(token ?? 0);
    const next = from + size < chosen.length ? String(from + size) : undefined;
    return Promise.resolve({ entries: chosen.slice(from, from + size), next });
  };
  return { asked, list };
}
const reconcile = (listSuppressed: ListSuppressed, db: Database = deps.db) =>
  reconcileSuppression({ ...deps, db, listSuppressed });
/** Somebody who agreed to the newsletter. */
async function member(email: string) {
  await system.signUp(email);
  await system.work();
  await system.confirm(linkIn(system.mailsTo(email).at(-1), 'confirm'));
}
const reasonOf = async (email: string) => {
  const verdict = isSuppressed((await system.pointerOf(email))?.suppression, now());
  return verdict.suppressed ? verdict.reason : 'none';
};
const statusOf = async (email: string) =>
  (await system.contactOf(email))?.permissions['nordlicht#newsletter']?.status;
const entry = (address: string, reason: SuppressedAddress['reason'], at = now()) => ({ address, reason, at });
const rest = async () => Promise.all((['contacts', 'ledger', 'outbox'] as const).map(system.dump));
const withoutProgress = ([contacts = [], ...others]: Awaited<ReturnType<typeof rest>>) => [
  contacts.filter(({ pk }) => !pk.startsWith('SES#')),
  ...others,
];

describe('V6 the nightly look at the suppression list of SES', () => {
  test('finds a bounce whose event was lost', async () => {
    await member('anna@example.com');
    await reconcile(sesWith([entry('anna@example.com', 'bounce', plus(now(), SECOND))]).list);
    expect(await reasonOf('anna@example.com')).toBe('hard-bounce');
    expect(await statusOf('anna@example.com')).toBe('granted');
    expect(lines).toContainEqual(expect.objectContaining({ event: 'suppression-event-lost' }));
    expect(JSON.stringify(lines)).not.toContain('anna@');
  });

  test('finds a complaint, and withdraws as its event would have', async () => {
    await member('ben@example.com');
    advanceClock(MINUTE);
    await reconcile(sesWith([entry('ben@example.com', 'complaint')]).list);
    expect(await reasonOf('ben@example.com')).toBe('complaint');
    expect(await statusOf('ben@example.com')).toBe('withdrawn');
    const contact = await system.contactOf('ben@example.com');
    const entries = await readEntries(deps.db, contact?.id ?? '');
    expect(entries.at(-1)).toMatchObject({ type: 'withdrawn', route: 'complaint' });
    expect(verifyChain(entries, contact?.head)).toMatchObject({ ok: true });
  });

  test('tells every controller that holds the address, and no other', async () => {
    const others = ['fremd-ag', 'leer-ag'];
    for (const id of others) {
      const brand = { ...demoBrand, id: `${id}-brand`, controller: { ...demoBrand.controller, id } };
      await system.set('brand', brand.id, brand);
    }
    await member('carl@example.com');
    const pepper = await deps.secrets.pepper();
    const keyFor = (controller: string) => addressKey(pepper, `${controller}\ncarl@example.com`);
    await tellAddress(deps.db, 'fremd-ag', keyFor('fremd-ag'), { kind: 'delivery', at: now() });
    await reconcile(sesWith([entry('Carl@example.com', 'bounce', plus(now(), SECOND))]).list);
    expect(await reasonOf('carl@example.com')).toBe('hard-bounce');
    const held = await readAddress(deps.db, 'fremd-ag', keyFor('fremd-ag'));
    expect(held?.suppression?.hard).toBeDefined();
    expect(await readAddress(deps.db, 'leer-ag', keyFor('leer-ag'))).toBeUndefined();
  });

  test('a grant that is younger than the complaint stays', async () => {
    await member('dora@example.com');
    await reconcile(sesWith([entry('dora@example.com', 'complaint', plus(now(), -HOUR))]).list);
    expect(await statusOf('dora@example.com')).toBe('granted');
  });
});

describe('V8 our own list is the truth', () => {
  test('what we hold already stays as it is, however often it is read', async () => {
    await member('emil@example.com');
    await member('fred@example.com');
    const [emil, fred] = await Promise.all([
      system.keyOf('emil@example.com'),
      system.keyOf('fred@example.com'),
    ]);
    const controller = demoBrand.controller.id;
    await tellAddress(deps.db, controller, emil, {
      kind: 'hard-bounce',
      at: now(),
      reason: 'Permanent/NoEmail',
    });
    await tellAddress(deps.db, controller, fred, { kind: 'complaint', at: now() });
    const before = withoutProgress(await rest());
    const later = plus(now(), 5 * SECOND);
    const ses = sesWith([
      entry('emil@example.com', 'bounce', later),
      entry('fred@example.com', 'complaint', later),
      entry('nobody@example.com', 'bounce', later),
      entry('no address', 'complaint', later),
    ]);
    await reconcile(ses.list);
    await reconcile(ses.list);
    expect(withoutProgress(await rest())).toEqual(before);
  });

  test('what SES has removed stays with us', async () => {
    await member('gerd@example.com');
    await reconcile(sesWith([entry('gerd@example.com', 'bounce', plus(now(), SECOND))]).list);
    advanceClock(DAY);
    await reconcile(sesWith([]).list);
    expect(await reasonOf('gerd@example.com')).toBe('hard-bounce');
  });

  test('an old entry does not close an address again that its owner has proven since', async () => {
    await member('hans@example.com');
    const key = await system.keyOf('hans@example.com');
    const controller = demoBrand.controller.id;
    const bouncedAt = now();
    await tellAddress(deps.db, controller, key, {
      kind: 'hard-bounce',
      at: bouncedAt,
      reason: 'Permanent/NoEmail',
    });
    await tellAddress(deps.db, controller, key, { kind: 'proof', at: plus(bouncedAt, HOUR) });
    await reconcile(sesWith([entry('hans@example.com', 'bounce', plus(bouncedAt, MINUTE))]).list);
    expect(await reasonOf('hans@example.com')).toBe('none');
    advanceClock(2 * HOUR);
    await reconcile(sesWith([entry('hans@example.com', 'bounce')]).list);
    expect(await reasonOf('hans@example.com')).toBe('hard-bounce');
  });
});

describe('how far it got', () => {
  test('the first night reads all, the next what came since, with a day of overlap', async () => {
    const ses = sesWith([]);
    const first = now();
    await reconcile(ses.list);
    advanceClock(DAY);
    await reconcile(ses.list);
    const [all, since] = ses.asked;
    expect(all).toEqual({ since: undefined, token: undefined });
    expect(since?.since).toBeDefined();
    expect(Math.abs(Date.parse(since?.since ?? '') - Date.parse(plus(first, -DAY)))).toBeLessThan(
      10 * SECOND,
    );
  });

  test('goes on after a failure where it stopped, and leaves nobody out', async () => {
    const emails = ['i', 'j', 'k', 'l', 'm'].map((name) => `${name}@example.com`);
    for (const email of emails) await member(email);
    const at = plus(now(), SECOND);
    const ses = sesWith(
      emails.map((email) => entry(email, 'bounce', at)),
      2,
    );
    let calls = 0;
    const failing: ListSuppressed = (from) =>
      (calls += 1) === 3 ? Promise.reject(serviceError('TooManyRequestsException')) : ses.list(from);
    await expect(reconcile(failing)).rejects.toThrow('TooManyRequestsException');
    expect(await Promise.all(emails.map(reasonOf))).toEqual([
      'hard-bounce',
      'hard-bounce',
      'hard-bounce',
      'hard-bounce',
      'none',
    ]);
    await reconcile(ses.list);
    expect(ses.asked.map(({ token }) => token)).toEqual([undefined, '2', '4']);
    expect(await reasonOf('m@example.com')).toBe('hard-bounce');
  });

  test('a complaint whose withdrawal could not be written is found again', async () => {
    await member('nora@example.com');
    advanceClock(MINUTE);
    const ses = sesWith([entry('nora@example.com', 'complaint')]);
    for (const operation of ['TransactWrite', 'Update']) {
      const db = await faultyDatabase(deps.db, (asked) =>
        asked === operation ? { error: serviceError('InternalServerError'), arrives: false } : undefined,
      );
      await expect(reconcile(ses.list, db)).rejects.toThrow('InternalServerError');
    }
    await reconcile(ses.list);
    expect(await statusOf('nora@example.com')).toBe('withdrawn');
    expect(await reasonOf('nora@example.com')).toBe('complaint');
    const id = (await system.contactOf('nora@example.com'))?.id ?? '';
    expect((await readEntries(deps.db, id)).map(({ type }) => type)).toEqual(['granted', 'withdrawn']);
  });

  test('begins anew where SES no longer knows the page', async () => {
    await member('olaf@example.com');
    const ses = sesWith([entry('p@example.com', 'bounce'), entry('olaf@example.com', 'bounce')], 1);
    let refused = false;
    const forgetful: ListSuppressed = (from) => {
      if (from.token === undefined || refused) return ses.list(from);
      refused = true;
      return Promise.resolve('stale-token');
    };
    await reconcile(forgetful);
    expect(ses.asked.map(({ token }) => token)).toEqual([undefined, undefined, '1']);
    expect(await reasonOf('olaf@example.com')).toBe('hard-bounce');
  });

  test('a list without end is left for the next night, which goes on', async () => {
    const tokens: (string | undefined)[] = [];
    const endless: ListSuppressed = ({ token }) => {
      tokens.push(token);
      return Promise.resolve({ entries: [], next: String(tokens.length) });
    };
    await reconcile(endless);
    expect(tokens).toHaveLength(100);
    expect(lines).toContainEqual(expect.objectContaining({ event: 'suppression-compared', finished: false }));
    await reconcile(endless);
    expect(tokens[100]).toBe('100');
  });
});

test('V6 over the wire: the real client reads every page of the stand-in, by date', async () => {
  const standIn = openStandIn(join(temporaryFolder(), 'suppressed.jsonl'));
  const server = await startSes({ configurationSets: [], accept: () => undefined, suppressed: standIn });
  const endpoint = process.env['AWS_ENDPOINT_URL_SESV2'];
  vi.stubEnv('AWS_ENDPOINT_URL_SESV2', server.endpoint);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const list = openSuppressionList();
  const begin = '2026-11-25T08:00:00.000Z';
  for (let number = 0; number < 1_001; number += 1) {
    standIn.add(
      `n${number}@example.com`,
      number % 2 === 0 ? 'BOUNCE' : 'COMPLAINT',
      plus(begin, number * SECOND),
    );
  }
  const first = await list({});
  if (first === 'stale-token') throw new Error('no token was given');
  expect(first.entries).toHaveLength(1_000);
  expect(first.entries[1]).toEqual({
    address: 'n1@example.com',
    reason: 'complaint',
    at: plus(begin, SECOND),
  });
  const second = await list({ token: first.next });
  expect(second).toEqual({
    entries: [{ address: 'n1000@example.com', reason: 'bounce', at: plus(begin, 1_000 * SECOND) }],
    next: undefined,
  });
  const late = await list({ since: plus(begin, 998 * SECOND) });
  expect(late).toMatchObject({
    entries: [{ address: 'n999@example.com' }, { address: 'n1000@example.com' }],
  });
  await expect(list({ token: 'elsewhere' })).resolves.toBe('stale-token');
  vi.unstubAllEnvs();
  expect(process.env['AWS_ENDPOINT_URL_SESV2']).toBe(endpoint);
  await server.stop();
  standIn.close();
});
