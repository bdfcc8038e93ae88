import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { findLeaf, readLastRoot, readPublishedKeys, readRoots } from '../../shared/evidence/store.ts';
import { readJws, verifyJws } from '../../shared/evidence/jws.ts';
import { rootFromPath } from '../../shared/evidence/merkle.ts';
import { ROOTS_START, ROOT_TYP, nodeOfLeaf, rootHash, rootStatement } from '../../shared/evidence/root.ts';
import { secureEvidence } from '../../shared/evidence/secure.ts';
import { signRoot } from '../../shared/evidence/sign-root.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { DAY, HOUR, MINUTE, now, plus } from '../../shared/platform/clock.ts';
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

  test('H3 an entry that shows up late joins the next root, once', async () => {
    const anna = await createPerson(world);
    await nextNight();
    // Its clock went behind: dated before the root that it missed.
    await act(world, anna.id, { ...more('event-invitation'), at: plus(now(), -HOUR) });
    await nextNight();
    await nextNight();
    const sizes = (await readRoots(world.db)).map(({ size }) => size);
    expect(sizes).toEqual([1, 1, 0]);
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

  test.each([1, 2, 3, 4])(
    'a failure at write %i leaves no half root; the next night makes it whole',
    async (nth) => {
      const anna = await createPerson(world);
      advanceClock(DAY);
      let puts = 0;
      const db = await faultyDatabase(world.db, (operation) => {
        if (operation === 'Put') puts += 1;
        return operation === 'Put' && puts === nth
          ? { error: serviceError('Broken'), arrives: false }
          : undefined;
      });
      await expect(secureEvidence({ ...world, db })).rejects.toThrow('Broken');
      await nextNight();
      const roots = await readRoots(world.db);
      const places = await Promise.all(
        roots.map((root) => findLeaf(world.db, root, { contactId: anna.id, seq: 1 })),
      );
      expect(places.filter(Boolean)).toHaveLength(1);
    },
  );
});

describe('what is kept beside the table', () => {
  test('H5 each root once, and one that could not be kept the night after', async () => {
    const { keep } = world.roots;
    world.roots.keep = () => Promise.reject(new Error('no bucket'));
    await expect(nextNight()).rejects.toThrow('no bucket');
    world.roots.keep = keep;
    await nextNight();
    const roots = await readRoots(world.db);
    expect([...world.roots.kept]).toEqual(roots.map(({ seq, jws }) => [`root-000000000${seq}.jws`, jws]));
  });

  test('H6 an authority stamps the hash of each new root', async () => {
    const asked: string[] = [];
    const timestamps = {
      stamp: (hash: string) => {
        asked.push(hash);
        return Promise.resolve(Buffer.from('token'));
      },
    };
    advanceClock(DAY);
    await secureEvidence({ ...world, timestamps });
    expect(asked).toHaveLength(1);
    expect(world.roots.kept.get('root-0000000001.tsr.b64')).toBe(Buffer.from('token').toString('base64'));
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
