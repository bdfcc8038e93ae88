import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { findLeaf, readLastRoot, readPublishedKeys, readRoots } from '../../shared/evidence/store.ts';
import { readJws, verifyJws } from '../../shared/evidence/jws.ts';
import { rootFromPath } from '../../shared/evidence/merkle.ts';
import { ROOTS_START, ROOT_TYP, nodeOfLeaf, rootHash, rootStatement } from '../../shared/evidence/root.ts';
import { readProofs } from '../../shared/evidence/read-proofs.ts';
import { secureEvidence } from '../../shared/evidence/secure.ts';
import { signRoot } from '../../shared/evidence/sign-root.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { DAY, HOUR, MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { sha256 } from '../../shared/platform/ids.ts';
import { keys } from '../../shared/platform/keys.ts';
import { remove, write } from '../../shared/platform/table.ts';
import { act, createPerson, draft, granted, openLedger } from '../permission/person.ts';
import type { Deps } from '../permission/person.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { advanceClock, captureLog, resetClock } from '../support/system.ts';
import { testRootStore, testSigner } from './signer.ts';

type World = Deps & { signer: ReturnType<typeof testSigner>; roots: ReturnType<typeof testRootStore> };
let world: World;

beforeEach(async () => {
  world = { ...(await openLedger()), signer: testSigner(), roots: testRootStore() };
});
afterEach(resetClock);

/** What the nightly function does the next day. */
async function nextNight(): Promise<void> {
  advanceClock(DAY);
  await secureEvidence(world);
}

const more = (use: string) => draft([granted(use)]);

describe('the root of a day', () => {
  test('H3 every entry since the last root leads to the next, whoever it is about', async () => {
    const anna = await createPerson(world);
    const ben = await createPerson(world);
    await act(world, anna.id, more('event-invitation'));
    await nextNight();
    const [root] = await readRoots(world.db);
    expect(root).toMatchObject({ seq: 1, size: 3, prevRoot: ROOTS_START });
    for (const entry of [
      ...(await readEntries(world.db, anna.id)),
      ...(await readEntries(world.db, ben.id)),
    ]) {
      const found = root && (await findLeaf(world.db, root, entry));
      expect(found?.leaf).toEqual({
        contactId: entry.contactId,
        seq: entry.seq,
        hash: entry.hash,
        headSeq: entry.contactId === anna.id ? 2 : 1,
      });
      expect(found && rootFromPath(nodeOfLeaf(found.leaf), { ...found, size: 3 })).toBe(root?.root);
    }
  });

  test('H4 roots name the one before and are signed by a published key', async () => {
    await createPerson(world);
    await nextNight();
    await nextNight();
    const [first, second] = await readRoots(world.db);
    const published = await readPublishedKeys(world.db);
    expect(published).toEqual([await world.signer.publicKey()]);
    expect(second).toMatchObject({
      seq: 2,
      size: 0,
      prevRoot: rootHash(readJws(first?.jws ?? '')?.text ?? ''),
    });
    const verdict = verifyJws(second?.jws ?? '', { typ: ROOT_TYP, schema: rootStatement, keys: published });
    expect(verdict).toMatchObject({ ok: true, payload: { seq: 2, root: second?.root } });
  });

  test('H4 a new key signs on, and the old one stays published', async () => {
    await nextNight();
    world.signer = testSigner();
    await nextNight();
    expect(await readPublishedKeys(world.db)).toHaveLength(2);
  });

  test('H3 however late an entry comes in, it joins the next root, once', async () => {
    const people = [HOUR, 3 * DAY, 10 * DAY, 100 * DAY].map((late) => ({
      late,
      person: createPerson(world),
    }));
    await Promise.all(people.map(({ person }) => person));
    await nextNight();
    for (const { late, person } of people) {
      await act(world, (await person).id, { ...more('event-invitation'), at: plus(now(), -late) });
    }
    await nextNight();
    await nextNight();
    const sizes = (await readRoots(world.db)).map(({ size }) => size);
    expect(sizes).toEqual([4, 4, 0]);
    for (const { person } of people) {
      const { proofs } = await readProofs(world.db, await readEntries(world.db, (await person).id));
      expect(proofs.map(({ root }) => root)).toEqual([1, 2]);
    }
  });

  test('H3 what the first root found right after midnight joins no other', async () => {
    const anna = await createPerson(world);
    const midnight = `${plus(now(), DAY).slice(0, 10)}T00:00:00.000Z`;
    advanceClock(Date.parse(midnight) - Date.parse(now()) + SECOND);
    await act(world, anna.id, { ...more('event-invitation'), at: plus(now(), -HOUR) });
    advanceClock(MINUTE);
    await secureEvidence(world);
    for (let night = 0; night < 4; night += 1) await nextNight();
    expect((await readRoots(world.db)).map(({ size }) => size)).toEqual([2, 0, 0, 0, 0]);
  });

  test('H3 an entry dated ahead of our clock waits until its time has come', async () => {
    const anna = await createPerson(world);
    await nextNight();
    await act(world, anna.id, { ...more('event-invitation'), at: plus(now(), 4 * DAY) });
    for (let night = 0; night < 5; night += 1) await nextNight();
    expect((await readRoots(world.db)).map(({ size }) => size)).toEqual([1, 0, 0, 0, 0, 1]);
  });

  test('H3 the first root takes in all since there is a ledger, however long no night came, and reads no whole table', async () => {
    await createPerson(world);
    advanceClock(250 * DAY);
    await createPerson(world);
    advanceClock(250 * DAY);
    await createPerson(world);
    advanceClock(DAY);
    const calls: Record<string, number> = {};
    const db = await faultyDatabase(world.db, (operation) => {
      calls[operation] = (calls[operation] ?? 0) + 1;
      return undefined;
    });
    await secureEvidence({ ...world, db });
    expect((await readRoots(world.db)).map(({ size }) => size)).toEqual([3]);
    expect(calls).toMatchObject({ DescribeTable: 1 });
    expect(calls).not.toHaveProperty('Scan');
    // Four shards a day, two days more on either side, and the roots.
    expect(calls['Query']).toBeLessThanOrEqual(4 * (501 + 4) + 5);
    advanceClock(DAY);
    await secureEvidence({ ...world, db });
    expect(calls).toMatchObject({ DescribeTable: 1 });
  });

  test('what is too fresh waits, and a second run at once signs nothing', async () => {
    await createPerson(world);
    await signRoot(world, now(), { root: 1, page: 0 });
    expect(await readLastRoot(world.db)).toMatchObject({ seq: 1, size: 0 });
    expect(await signRoot(world, now(), { root: 1, page: 0 })).toBeDefined();
    advanceClock(6 * MINUTE);
    expect(await signRoot(world, now(), { root: 1, page: 0 })).toMatchObject({ size: 1 });
  });

  test('two runs at once make one root, and it can be proven from', async () => {
    const anna = await createPerson(world);
    advanceClock(DAY);
    const at = now();
    const signed = await Promise.all(
      [at, plus(at, MINUTE)].map((when) => signRoot(world, when, { root: 1, page: 0 })),
    );
    expect(signed.filter(Boolean)).toHaveLength(1);
    const [root, ...others] = await readRoots(world.db);
    expect(others).toEqual([]);
    expect(root && (await findLeaf(world.db, root, { contactId: anna.id, seq: 1 }))).toBeDefined();
  });

  test('H3 a tree of several pages leads each leaf to its root', async () => {
    const anna = await createPerson(world);
    const [entry] = await readEntries(world.db, anna.id);
    const copies = Array.from({ length: 1100 }, (_, at) => {
      const contactId = `con_${String(at).padStart(4, '0')}`;
      const key = keys.evidence(contactId, 1);
      return { ...key, ...entry, contactId, dayShard: `${entry?.at.slice(0, 10)}#${at % 4}` };
    });
    for (let at = 0; at < copies.length; at += 50) {
      await Promise.all(copies.slice(at, at + 50).map((item) => write(world.db, { put: 'ledger', item })));
    }
    captureLog();
    advanceClock(HOUR);
    const root = await signRoot(world, now(), { root: 1, page: 0 });
    expect(root).toMatchObject({ size: 1101, pagesSoFar: 3 });
    for (const at of [0, 511, 512, 1023, 1024, 1099]) {
      const found =
        root && (await findLeaf(world.db, root, { contactId: copies[at]?.contactId ?? '', seq: 1 }));
      expect(found && rootFromPath(nodeOfLeaf(found.leaf), { ...found, size: 1101 })).toBe(root?.root);
    }
    expect(root && (await findLeaf(world.db, root, { contactId: 'con_none', seq: 1 }))).toBeUndefined();
  });

  test.each([1, 2, 3, 4, 5].flatMap((nth) => [true, false].map((arrives) => ({ nth, arrives }))))(
    'H3 killed at write $nth (arrived: $arrives), the next night takes every entry into one root, late ones too',
    async ({ nth, arrives }) => {
      const anna = await createPerson(world);
      await nextNight();
      for (const [use, late] of Object.entries({
        'event-invitation': 3,
        'call-centre': 10,
        'direct-mail': 100,
      })) {
        await act(world, anna.id, { ...more(use), at: plus(now(), -late * DAY) });
      }
      let puts = 0;
      const db = await faultyDatabase(world.db, (operation) => {
        if (operation === 'Put') puts += 1;
        return operation === 'Put' && puts === nth ? { error: serviceError('Broken'), arrives } : undefined;
      });
      advanceClock(DAY);
      // That a key is published already is no failure.
      await secureEvidence({ ...world, db }).catch(() => undefined);
      expect(puts).toBeGreaterThanOrEqual(nth);
      await nextNight();
      const roots = await readRoots(world.db);
      const places = await Promise.all(
        [1, 2, 3, 4].map((seq) =>
          Promise.all(roots.map((root) => findLeaf(world.db, root, { contactId: anna.id, seq }))),
        ),
      );
      expect(places.map((found) => found.filter(Boolean).length)).toEqual([1, 1, 1, 1]);
      expect(world.roots.kept.size).toBe(roots.length);
    },
  );
});

describe('what is kept beside the table', () => {
  const kept = () => [...world.roots.kept].toSorted(([a], [b]) => (a < b ? -1 : 1));

  test('H5 each root once, and those that could not be kept when it can be, however many', async () => {
    const { keep } = world.roots;
    world.roots.keep = () => Promise.reject(new Error('no bucket'));
    for (let night = 0; night < 9; night += 1) await expect(nextNight()).rejects.toThrow('no bucket');
    const tries = new Map<string, number>();
    world.roots.keep = (name, text, at) => {
      tries.set(name, (tries.get(name) ?? 0) + 1);
      return keep(name, text, at);
    };
    await nextNight();
    await nextNight();
    const roots = await readRoots(world.db);
    const names = roots.map(({ seq }) => `root-${String(seq).padStart(10, '0')}.jws`);
    expect(kept()).toEqual(roots.map(({ jws }, at) => [names[at], jws]));
    expect(Object.fromEntries(tries)).toEqual(Object.fromEntries(names.map((name) => [name, 1])));
  });

  test('H5 an old root that cannot be kept does not stand in the way of new ones', async () => {
    const { keep } = world.roots;
    world.roots.keep = (name, text, at) =>
      name.includes('1') ? Promise.reject(new Error('refused')) : keep(name, text, at);
    for (let night = 0; night < 3; night += 1) await expect(nextNight()).rejects.toThrow('refused');
    expect(kept().map(([name]) => name)).toEqual(['root-0000000002.jws', 'root-0000000003.jws']);
  });

  test('H6 an authority stamps the hash of each new root, later where it was not to be had', async () => {
    const asked: string[] = [];
    const timestamps = {
      stamp: (hash: string) => {
        asked.push(hash);
        return asked.length === 1
          ? Promise.reject(new Error('no answer'))
          : Promise.resolve(Buffer.from(hash));
      },
    };
    const night = () => secureEvidence({ ...world, timestamps });
    advanceClock(DAY);
    await expect(night()).rejects.toThrow('no answer');
    advanceClock(DAY);
    await night();
    const hashes = (await readRoots(world.db)).map(({ jws }) => sha256(jws));
    expect(asked).toEqual([hashes[0], ...hashes.toReversed()]);
    for (const [at, hash] of hashes.entries()) {
      const token = world.roots.kept.get(`root-000000000${at + 1}.tsr.b64`);
      expect(Buffer.from(token ?? '', 'base64').toString()).toBe(hash);
    }
  });
});

describe('the nightly check of chains', () => {
  /** Somebody with two entries in a root, and a night that looked and found nothing. */
  async function rooted() {
    const anna = await createPerson(world);
    await act(world, anna.id, more('event-invitation'));
    await nextNight();
    const lines = captureLog();
    await nextNight();
    expect(lines.filter(({ event }) => event === 'evidence-broken')).toEqual([]);
    return { id: anna.id, lines };
  }
  const brokenIn = (lines: Record<string, unknown>[]) =>
    lines
      .filter(({ event, level }) => event === 'evidence-broken' && level)
      .map(({ contactId, seq, problem }) => ({ contactId, seq, problem }));

  test('E4 an entry overwritten behind our back is named', async () => {
    const { id, lines } = await rooted();
    await world.db.client.send(
      new UpdateCommand({
        TableName: world.db.name('ledger'),
        Key: keys.evidence(id, 1),
        UpdateExpression: 'SET #route = :route',
        ExpressionAttributeNames: { '#route': 'route' },
        ExpressionAttributeValues: { ':route': 'staff' },
      }),
    );
    await nextNight();
    expect(brokenIn(lines)).toEqual([{ contactId: id, seq: 1, problem: 'hash' }]);
  });

  test('H2 a tail cut off is named, even where the contact was made to agree', async () => {
    const { id, lines } = await rooted();
    const [first] = await readEntries(world.db, id);
    await remove(world.db, { remove: 'ledger', key: keys.evidence(id, 2) });
    await nextNight();
    expect(brokenIn(lines)).toEqual([{ contactId: id, seq: 2, problem: 'tail' }]);
    await write(world.db, {
      update: 'contacts',
      key: keys.contact(id),
      set: 'SET head = :head',
      values: { ':head': { seq: 1, hash: first?.hash } },
    });
    await nextNight();
    expect(brokenIn(lines)).toHaveLength(2);
  });

  test('every page of leaves has its turn, and then again', async () => {
    const met = new Set<number>();
    for (let night = 0; night < 5; night += 1) {
      await createPerson(world);
      await nextNight();
      met.add((await readLastRoot(world.db))?.checkFrom.root ?? 0);
    }
    for (let night = 0; night < 6; night += 1) {
      await nextNight();
      met.add((await readLastRoot(world.db))?.checkFrom.root ?? 0);
    }
    expect(met.size).toBeGreaterThanOrEqual(5);
  });
});
