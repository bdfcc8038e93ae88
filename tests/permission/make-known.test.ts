import { beforeAll, describe, expect, test } from 'vitest';

import type { ContactSource } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { typedAddress } from '../../shared/contacts/told.ts';
import { now } from '../../shared/platform/clock.ts';
import { newId } from '../../shared/platform/ids.ts';
import { makeKnown } from '../../shared/permission/make-known.ts';
import type { MakeKnownInput } from '../../shared/permission/make-known.ts';
import { record } from '../../shared/permission/record.ts';
import { openPayload } from '../../shared/permission/seal.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { draft, granted } from './person.ts';
import { BRAND, CONTROLLER, openTestSystem } from '../support/system.ts';

let system: Awaited<ReturnType<typeof openTestSystem>>;
beforeAll(async () => {
  system = await openTestSystem();
});

const input = (more: Partial<MakeKnownInput> = {}): MakeKnownInput => ({
  controller: CONTROLLER,
  identity: { email: typedAddress.parse(`${newId('p')}@maschinenbau.example`) },
  source: { kind: 'staff', id: 'u-1' },
  told: { fields: { firstName: 'Anna' } },
  toldBy: 'staff',
  actor: { kind: 'staff', id: 'u-1' },
  at: now(),
  ...more,
});

/** The `call`-th transaction does not arrive, or its answer is lost. */
async function breaking(call: number, arrives: boolean) {
  let calls = 0;
  const db = await faultyDatabase(system.deps.db, (operation) =>
    operation === 'TransactWrite' && (calls += 1) === call
      ? { error: serviceError('InternalServerError'), arrives }
      : undefined,
  );
  return { ...system.deps, db };
}

describe('making somebody known', () => {
  test.each([true, false])(
    'survives a storage that fails (arrives: %j): a repetition ends alike',
    async (arrives) => {
      const externalId = { system: 'crm', id: newId('x') };
      const wish = input({ identity: { ...input().identity, externalId } });
      const before = await system.dump('contacts');
      await expect(makeKnown(await breaking(1, arrives), wish)).rejects.toThrow('InternalServerError');
      // Contact, address pointer, pointer of the external id: all or none.
      expect(await system.dump('contacts')).toHaveLength(before.length + (arrives ? 3 : 0));
      const { kind, contact } = await makeKnown(system.deps, wish);
      expect(kind).toBe(arrives ? 'updated' : 'created');
      const entries = await readEntries(system.deps.db, contact.id);
      expect(verifyChain(entries, contact.head)).toMatchObject({ ok: true, entries: 1 });
      expect(await system.dump('contacts')).toHaveLength(before.length + 3);
    },
  );

  test('a block and a profile that fail between the two are completed by a repetition, with one entry', async () => {
    const first = await makeKnown(system.deps, input());
    const identity = { email: typedAddress.parse(first.contact.address ?? '') };
    const block = { brand: BRAND, uses: ['newsletter'], reason: 'mine' };
    const wish = input({ identity, block, told: { fields: { city: 'Kiel' } } });
    await expect(makeKnown(await breaking(2, false), wish)).rejects.toThrow('InternalServerError');
    const half = await readContact(system.deps.db, first.contact.id);
    expect(half?.permissions[`${BRAND}#newsletter`]?.status).toBe('blocked');
    expect(half?.fields.city).toBeUndefined();
    const { contact } = await makeKnown(system.deps, wish);
    expect(contact.fields.city?.value).toBe('Kiel');
    expect(await readContact(system.deps.db, contact.id)).toEqual(contact);
    expect(await readEntries(system.deps.db, contact.id)).toHaveLength(2);
  });

  test('the words of a block are sealed, and so is what was told of the person', async () => {
    const { contact } = await makeKnown(system.deps, input({ block: { brand: BRAND, reason: 'mine' } }));
    const [entry] = await readEntries(system.deps.db, contact.id);
    const master = await system.deps.secrets.evidenceMaster();
    expect(
      openPayload(master, contact.salt, { contactId: contact.id, seq: 1 }, entry?.sealed ?? ''),
    ).toMatchObject({
      address: contact.address,
      fields: { firstName: 'Anna' },
      notes: { reason: 'mine' },
    });
    expect(JSON.stringify(entry)).not.toMatch(/Anna|mine"/);
  });

  test('an act that was decided on an older profile is not written over the newer one', async () => {
    const { contact: read } = await makeKnown(system.deps, input());
    const identity = { email: typedAddress.parse(read.address ?? '') };
    await makeKnown(system.deps, input({ identity, told: { fields: { city: 'Kiel' } } }));
    const act = {
      contact: read,
      draft: draft([granted('newsletter')]),
      payload: { address: read.address },
    };
    const lastName = { value: 'Berger', source: 'person', at: now() } as const;
    const profile = { fields: { ...read.fields, lastName } };
    expect(await record(system.deps, { ...act, profile })).toBeUndefined();
    // Without a word about the profile both stand: permissions have a version of their own.
    expect((await record(system.deps, act))?.entry.seq).toBe(2);
    const after = await readContact(system.deps.db, read.id);
    expect(after?.fields.city?.value).toBe('Kiel');
  });

  const routes: [ContactSource['kind'], string][] = [
    ['form', 'import'],
    ['api', 'import'],
    ['staff', 'staff'],
    ['business-card', 'staff'],
    ['crm', 'crm'],
    ['import', 'import'],
    ['partner', 'import'],
  ];
  test.each(routes)('who comes from %s came by %s, and is granted nothing', async (kind, route) => {
    const { contact } = await makeKnown(system.deps, input({ source: { kind, id: 'x' } }));
    const [entry] = await readEntries(system.deps.db, contact.id);
    expect(entry).toMatchObject({ type: 'known', route, source: { kind, id: 'x' } });
    expect(contact.permissions).toEqual({});
  });

  test.each([
    [undefined, undefined, 'de'],
    ['AT', undefined, 'de'],
    ['FR', undefined, 'en'],
    ['FR', 'de', 'de'],
  ] as const)('in %s with language %s somebody reads %s', async (country, language, expected) => {
    const { contact } = await makeKnown(system.deps, input({ told: { country, language } }));
    expect(contact).toMatchObject({ language: expected, languageFrom: 'staff' });
  });
});
