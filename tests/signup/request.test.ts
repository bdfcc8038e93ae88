import { afterAll, describe, expect, test } from 'vitest';

import { tellAddress } from '../../shared/contacts/store.ts';
import { HOUR, MINUTE, now, nowMs, plus, toInstant } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { CONTROLLER, advanceClock, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
afterAll(resetClock);

describe('a sign-up', () => {
  test('stores one pending request and nothing else: no contact, no evidence, no mail yet', async () => {
    await expect(system.signUp('one@example.com', { topics: ['drives'] })).resolves.toEqual({
      kind: 'accepted',
    });
    const pending = await system.pendingOf('one@example.com');
    expect(pending).toMatchObject({ brand: 'nordlicht', controller: CONTROLLER, open: 1 });
    expect(pending?.progress.size).toBe(0);
    const [request] = pending?.requests.values() ?? [];
    expect(request).toMatchObject({
      address: 'one@example.com',
      form: { id: 'newsletter', version: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      uses: { newsletter: expect.stringMatching(/^[0-9a-f]{64}$/) },
      topics: ['drives'],
      language: 'de',
      ip: '203.0.113.9',
      page: 'https://www.nordlicht.example/aktuelles',
      privacyNotice: { version: '2026-10' },
    });
    expect(await system.dump('contacts')).toEqual([]);
    expect(await system.dump('ledger')).toEqual([]);
    expect(system.sent).toEqual([]);
  });

  test('is due in five minutes, so that a lost stream record heals', async () => {
    await system.signUp('due@example.com');
    const pending = await system.pendingOf('due@example.com');
    const [request] = pending?.requests.values() ?? [];
    expect(pending?.dueAt).toBe(plus(request?.at ?? '', 5 * MINUTE));
  });

  test('posted twice from one filled-in form is one request', async () => {
    const form = { formToken: 'the-same', topics: ['drives'] };
    await system.signUp('twice@example.com', form);
    advanceClock(MINUTE);
    await expect(system.signUp('twice@example.com', form)).resolves.toEqual({ kind: 'accepted' });
    expect((await system.pendingOf('twice@example.com'))?.open).toBe(1);
    await system.signUp('twice@example.com', { ...form, topics: ['service'] });
    expect((await system.pendingOf('twice@example.com'))?.open).toBe(2);
  });

  test('of a form that led to a confirmation already is not opened again by a repeated post', async () => {
    const form = { formToken: 'reposted' };
    await system.signUp('repost@example.com', form);
    await system.work();
    await system.confirm(linkIn(system.mailsTo('repost@example.com')[0], 'confirm'));
    await expect(system.signUp('repost@example.com', form)).resolves.toEqual({ kind: 'accepted' });
    const pending = await system.pendingOf('repost@example.com');
    expect(pending?.requests.size).toBe(0);
    expect(pending?.open).toBe(0);
  });

  test('keeps a user agent to 300 characters', async () => {
    await system.signUp('agent@example.com', { userAgent: 'x'.repeat(5_000) });
    const [request] = (await system.pendingOf('agent@example.com'))?.requests.values() ?? [];
    expect(request?.userAgent).toHaveLength(300);
  });
});

describe('T7 limits at the door', () => {
  test('the eleventh open request gets the same answer and is not stored', async () => {
    for (let visit = 0; visit < 11; visit += 1) {
      await expect(system.signUp('eleven@example.com')).resolves.toEqual({ kind: 'accepted' });
    }
    const pending = await system.pendingOf('eleven@example.com');
    expect(pending?.open).toBe(10);
    expect(pending?.requests.size).toBe(10);
  });

  test.each([20, 200])('%i sign-ups of one address at once leave at most ten requests', async (count) => {
    const email = `parallel-${count}@example.com`;
    const answers = await Promise.all(Array.from({ length: count }, () => system.signUp(email)));
    expect(answers.every(({ kind }) => kind === 'accepted')).toBe(true);
    const pending = await system.pendingOf(email);
    expect(pending?.open).toBe(10);
    expect(pending?.requests.size).toBe(10);
  });

  test('the eleventh sign-up of a client address in one hour is told when to come back', async () => {
    // Ten minutes past the next full hour: the hour does not turn while the test runs.
    const hour = toInstant(Math.ceil(nowMs() / HOUR) * HOUR);
    advanceClock(Date.parse(hour) + 10 * MINUTE - nowMs());
    for (let visit = 0; visit < 10; visit += 1) {
      const answer = await system.signUp(`ip-${visit}@example.com`, { ipKey: '192.0.2.1' });
      expect(answer).toEqual({ kind: 'accepted' });
    }
    await expect(system.signUp('ip-10@example.com', { ipKey: '192.0.2.1' })).resolves.toEqual({
      kind: 'too-many',
      retryAt: plus(hour, HOUR),
    });
    expect(await system.pendingOf('ip-10@example.com')).toBeUndefined();
    await expect(system.signUp('ip-10@example.com', { ipKey: '192.0.2.2' })).resolves.toEqual({
      kind: 'accepted',
    });
    advanceClock(50 * MINUTE + 1);
    await expect(system.signUp('ip-11@example.com', { ipKey: '192.0.2.1' })).resolves.toEqual({
      kind: 'accepted',
    });
  });

  test('no client address stands in a key', async () => {
    await system.signUp('key@example.com', { ipKey: '192.0.2.77' });
    const found = (await system.dump('outbox')).filter(({ pk }) => pk.includes('192.0.2.77'));
    expect(found).toEqual([]);
  });
});

describe('T6 what we know of an address shows nowhere', () => {
  test('known, unknown, bounced, complained and erased addresses cost the same calls and units', async () => {
    await system.signUp('known@example.com');
    await system.work();
    await system.confirm(linkIn(system.mailsTo('known@example.com')[0], 'confirm'));
    const { db } = system.deps;
    const at = now();
    await tellAddress(db, CONTROLLER, await system.keyOf('bounc@example.com'), {
      kind: 'hard-bounce',
      at,
      reason: 'Permanent/NoEmail',
    });
    await tellAddress(db, CONTROLLER, await system.keyOf('hurts@example.com'), { kind: 'complaint', at });
    await write(db, {
      update: 'contacts',
      key: keys.address(CONTROLLER, await system.keyOf('gone1@example.com')),
      set: 'SET erasedAt = :at',
      values: { ':at': at },
    });
    const costs = [];
    for (const name of ['fresh', 'bounc', 'hurts', 'gone1', 'known']) {
      db.reset();
      const answer = await system.signUp(`${name}@example.com`);
      costs.push({ name, answer, units: db.units(), calls: db.calls() });
    }
    // A pending item that is there already weighs more; nobody outside can count that.
    const [first, ...others] = costs;
    for (const cost of others.slice(0, 3)) {
      expect(cost).toEqual({ ...first, name: cost.name });
    }
    expect(costs.map(({ calls }) => calls)).toEqual(Array(5).fill({ read: 0, write: 2 }));
    expect(costs.map(({ answer }) => answer)).toEqual(Array(5).fill({ kind: 'accepted' }));
  });
});

describe('T2 nothing usable is at rest', () => {
  test('no table holds the token of a mail, nor its signature', async () => {
    await system.signUp('token@example.com');
    await system.work();
    const token = linkIn(system.mailsTo('token@example.com')[0], 'confirm');
    const signature = token.split('.').at(-1) ?? '';
    expect(Buffer.from(signature, 'base64url')).toHaveLength(32);
    const tables = ['outbox', 'contacts', 'ledger', 'config', 'engagement'] as const;
    const atRest = JSON.stringify(await Promise.all(tables.map(system.dump)));
    expect(atRest).toContain('token@example.com');
    expect(atRest).not.toContain(token);
    expect(atRest).not.toContain(signature);
  });
});
