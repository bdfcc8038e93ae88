import { createHash } from 'node:crypto';

import { beforeAll, describe, expect, test } from 'vitest';

import { readAddress, readContact } from '../../shared/contacts/store.ts';
import { now } from '../../shared/platform/clock.ts';
import { randomToken } from '../../shared/platform/ids.ts';
import { transact, write } from '../../shared/platform/table.ts';
import type { Database } from '../../shared/platform/table.ts';
import { CHAIN_START, entryHash } from '../../shared/permission/evidence.ts';
import type { Change, EvidenceEntry } from '../../shared/permission/evidence.ts';
import { record, untilRecorded } from '../../shared/permission/record.ts';
import { appendEntry, readEntries, readEntry } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { jcs } from './jcs.ts';
import {
  act,
  brand,
  createPerson,
  draft,
  granted,
  newPerson,
  openLedger,
  recorded,
  reread,
} from './person.ts';
import type { Deps } from './person.ts';

let deps: Deps;
beforeAll(async () => {
  deps = await openLedger();
});

const payload = { address: 'Anna.Berger@Example.com', ip: '192.0.2.7', userAgent: 'Firefox' };
const seqs = (entries: EvidenceEntry[]) => entries.map(({ seq }) => seq);

describe('H2 the chain', () => {
  test('H2 20 parallel appends leave an unbroken chain without gaps', async () => {
    const person = await createPerson(deps);
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        act(deps, person.id, draft([granted('newsletter', [`t${index}`], { from: 'granted' })])),
      ),
    );
    const entries = await readEntries(deps.db, person.id);
    const { head } = await reread(deps.db, person.id);
    expect(seqs(entries)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    expect(verifyChain(entries, head)).toEqual({ ok: true, entries: 21, head: head.hash });
    expect(new Set(all.map(({ entry }) => entry.seq)).size).toBe(20);
  });

  test('an entry starts the chain, the next one points at it', async () => {
    const person = await createPerson(deps);
    const { entry } = await act(deps, person.id, draft([granted('tracking')]));
    const [first, second] = await readEntries(deps.db, person.id);
    expect(first).toMatchObject({ seq: 1, prevHash: CHAIN_START, contactId: person.id, schema: 1 });
    expect(second).toEqual(entry);
    expect(second?.prevHash).toBe(first?.hash);
    expect((await reread(deps.db, person.id)).head).toEqual({ seq: 2, hash: second?.hash });
  });

  test('the hash is SHA-256 over RFC 8785 JSON of everything but itself', async () => {
    const entry = {
      schema: 1,
      contactId: 'con_1',
      seq: 1,
      prevHash: CHAIN_START,
      type: 'withdrawn',
      at: '2026-11-22T07:25:00.000Z',
      actor: { kind: 'person' },
      route: 'one-click',
      controller: 'nordlicht-gmbh',
      changes: [
        { use: 'newsletter', brand: 'nordlicht', to: 'withdrawn', from: 'granted', topics: ['b', 'a'] },
      ],
      reason: 'zu viel – €5 "Rabatt"\n\u2028',
      payloadHash: 'f'.repeat(64),
      sealed: 'AA==',
      undoes: undefined,
    } satisfies Omit<EvidenceEntry, 'hash' | 'undoes'> & { undoes: undefined };
    // Computed by hand with another language's JSON and SHA-256.
    expect(entryHash(entry as Omit<EvidenceEntry, 'hash'>)).toBe(
      'f14d1091700095f7af4d5d797dca43188a91e9c59f54f21994b581c0acd7592d',
    );
    const person = await createPerson(deps);
    const [stored] = await readEntries(deps.db, person.id);
    const { hash, ...hashed } = stored ?? { hash: '' };
    expect(hash).toBe(createHash('sha256').update(jcs(hashed)).digest('hex'));
  });

  test('E4 a second write of one key fails and changes nothing', async () => {
    const person = await createPerson(deps);
    const [entry] = await readEntries(deps.db, person.id);
    const forged = entry && { ...entry, reason: 'forged' };
    expect(forged && (await write(deps.db, appendEntry(forged)))).toBe(false);
    expect(forged && (await transact(deps.db, [appendEntry(forged)]))).toEqual({ done: false, failed: [0] });
    expect(await readEntry(deps.db, person.id, 1)).toEqual(entry);
  });
});

describe('status and evidence are one write', () => {
  const next = [granted('tracking')];

  /** What lies on disk of one person. */
  async function state(contactId: string, db: Database = deps.db) {
    return { contact: await readContact(db, contactId), entries: await readEntries(db, contactId) };
  }

  test('what is answered is what is stored', async () => {
    const contact = newPerson();
    const made = await recorded(record(deps, { contact, draft: draft(next), payload }));
    expect(await state(contact.id)).toEqual({ contact: made.contact, entries: [made.entry] });
    expect(made.contact.permissions).toEqual({
      [`${brand.id}#tracking`]: {
        status: 'granted',
        since: made.entry.at,
        seq: 1,
        addressKey: contact.addressKey,
        topics: [],
        wording: next[0]?.wording,
        form: { id: 'newsletter', version: 1 },
        proof: 'double',
      },
    });
    expect(await readAddress(deps.db, contact.controller, contact.addressKey ?? '')).toEqual({
      contactId: contact.id,
    });
  });

  test('a profile that the person gives in the same act is stored with it, what they left out stays', async () => {
    const person = await createPerson(deps);
    const firstName = { value: 'Anna', source: 'person', at: now() } as const;
    const made = await recorded(
      record(deps, {
        contact: person,
        draft: draft(next),
        payload,
        profile: { fields: { firstName }, country: 'AT' },
      }),
    );
    expect(await readContact(deps.db, person.id)).toEqual(made.contact);
    expect(made.contact).toMatchObject({ fields: { firstName }, country: 'AT', language: 'de' });
    expect(Object.keys(made.contact.permissions)).toHaveLength(2);
  });

  test('an act on an outdated reading is answered, not written', async () => {
    const person = await createPerson(deps);
    await act(deps, person.id, draft([granted('profiling')]));
    const before = await state(person.id);
    expect(await record(deps, { contact: person, draft: draft(next), payload })).toBeUndefined();
    expect(await state(person.id)).toEqual(before);
  });

  test('a head with the right number and another hash loses too', async () => {
    const person = await createPerson(deps);
    const contact = { ...person, head: { ...person.head, hash: CHAIN_START } };
    expect(await record(deps, { contact, draft: draft(next), payload })).toBeUndefined();
  });

  test('a new contact with a taken address loses and leaves no trace', async () => {
    const owner = await createPerson(deps);
    const contact = newPerson({ addressKey: owner.addressKey });
    expect(await record(deps, { contact, draft: draft(next), payload })).toBeUndefined();
    expect(await state(contact.id)).toEqual({ contact: undefined, entries: [] });
    expect(await readAddress(deps.db, owner.controller, owner.addressKey ?? '')).toEqual({
      contactId: owner.id,
    });
  });

  test('of 10 contacts born at once with one address one is written', async () => {
    const addressKey = randomToken(16);
    const people = Array.from({ length: 10 }, () => newPerson({ addressKey }));
    const outcomes = await Promise.all(
      people.map((contact) => record(deps, { contact, draft: draft(next), payload })),
    );
    const born = outcomes.flatMap((outcome) => (outcome ? [outcome.contact.id] : []));
    expect(born).toHaveLength(1);
    const states = await Promise.all(people.map(({ id }) => state(id)));
    expect(states.filter(({ contact, entries }) => contact || entries.length > 0)).toHaveLength(1);
    expect(await readAddress(deps.db, brand.controller.id, addressKey)).toEqual({ contactId: born[0] });
  });

  test('where a write that belongs to the act does not hold, nothing is written', async () => {
    const person = await createPerson(deps);
    const before = await state(person.id);
    const also = [
      { put: 'outbox', item: { pk: 'x', sk: person.id } },
      { put: 'outbox', item: { pk: 'y', sk: person.id }, condition: 'attribute_exists(pk)' },
    ] as const;
    expect(
      await record(deps, { contact: person, draft: draft(next), payload, also: [...also] }),
    ).toBeUndefined();
    expect(await state(person.id)).toEqual(before);
    expect(await write(deps.db, { ...also[0], condition: 'attribute_not_exists(pk)' })).toBe(true);
  });

  test('a storage failure is thrown and changes nothing; the next attempt succeeds', async () => {
    const person = await createPerson(deps);
    const before = await state(person.id);
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite'
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    const input = { contact: person, draft: draft(next), payload };
    await expect(record({ ...deps, db }, input)).rejects.toThrow('InternalServerError');
    expect(await state(person.id, db)).toEqual(before);
    expect((await recorded(record(deps, input))).entry.seq).toBe(2);
  });

  test('where the answer of the storage is lost, a repetition sees the act done', async () => {
    const person = await createPerson(deps);
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite' ? { error: serviceError('TimeoutError'), arrives: true } : undefined,
    );
    const input = { contact: person, draft: draft(next), payload };
    await expect(record({ ...deps, db }, input)).rejects.toThrow('TimeoutError');
    expect(await record(deps, input)).toBeUndefined();
    const { contact, entries } = await state(person.id);
    expect(verifyChain(entries, contact?.head)).toMatchObject({ ok: true, entries: 2 });
  });

  test('a secret that cannot be read stops the act before anything is written', async () => {
    const contact = newPerson();
    const secrets = { evidenceMaster: () => Promise.reject(new Error('no secret')) };
    await expect(record({ ...deps, secrets }, { contact, draft: draft(next), payload })).rejects.toThrow(
      'no secret',
    );
    expect(await state(contact.id)).toEqual({ contact: undefined, entries: [] });
  });

  const impossible: [string, Change[]][] = [
    ['a grant without wording', [{ brand: brand.id, use: 'tracking', from: 'unclear', to: 'granted' }]],
    ['a block out of nothing', [{ brand: brand.id, use: 'tracking', from: 'unclear', to: 'blocked' }]],
    ['a way back to unclear', [{ brand: brand.id, use: 'newsletter', from: 'granted', to: 'unclear' }]],
  ];
  test.each(impossible)('%s is refused', async (_, changes) => {
    const person = await createPerson(deps);
    await expect(record(deps, { contact: person, draft: draft(changes), payload })).rejects.toThrow();
    expect((await state(person.id)).entries).toHaveLength(1);
  });
});

describe('reading and deciding again', () => {
  test('goes on until somebody answers', async () => {
    let rounds = 0;
    expect(await untilRecorded(() => Promise.resolve((rounds += 1) > 3 ? rounds : undefined))).toBe(4);
  });

  test('gives up after twelve lost races with an error that says so', async () => {
    let rounds = 0;
    const never = untilRecorded(() => {
      rounds += 1;
      return Promise.resolve(undefined);
    });
    await expect(never).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
    expect(rounds).toBe(12);
  });
});
