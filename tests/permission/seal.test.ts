import { createHash } from 'node:crypto';

import { beforeAll, describe, expect, test } from 'vitest';

import { randomToken } from '../../shared/platform/ids.ts';
import { write } from '../../shared/platform/table.ts';
import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import { record } from '../../shared/permission/record.ts';
import { openPayload } from '../../shared/permission/seal.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { jcs } from './jcs.ts';
import { act, createPerson, draft, granted, newPerson, openLedger, recorded, reread } from './person.ts';
import type { Deps } from './person.ts';

let deps: Deps;
beforeAll(async () => {
  deps = await openLedger();
});

const payload = { address: 'Anna.Berger@Example.com', ip: '192.0.2.7', userAgent: 'Firefox' };

describe('sealed payloads', () => {
  const open = async (entry: EvidenceEntry, salt: string) =>
    openPayload(await deps.secrets.evidenceMaster(), salt, entry, entry.sealed);

  test('hold what the person said and no more, readable with the salt of the contact', async () => {
    const contact = newPerson();
    const fields = { firstName: 'Anna' };
    const made = record(deps, {
      contact,
      draft: draft([granted('newsletter')]),
      payload: { ...payload, fields },
    });
    const { entry } = await recorded(made);
    const { salt: own, ...opened } = await open(entry, contact.salt);
    expect(opened).toEqual({ ...payload, fields });
    expect(String(own)).toMatch(/^[\w-]{22}$/);
  });

  test('H7 the same payload in two entries has two hashes, each over the payload with its own salt', async () => {
    const contact = newPerson();
    const first = await recorded(record(deps, { contact, draft: draft([granted('newsletter')]), payload }));
    const second = await recorded(
      record(deps, { contact: first.contact, draft: draft([granted('tracking')]), payload }),
    );
    expect(first.entry.payloadHash).not.toBe(second.entry.payloadHash);
    expect(first.entry.sealed).not.toBe(second.entry.sealed);
    for (const { entry } of [first, second]) {
      const opened = jcs(await open(entry, contact.salt));
      expect(createHash('sha256').update(opened).digest('hex')).toBe(entry.payloadHash);
    }
  });

  test('H5 without the salt nobody reads the payload, and the chain still verifies', async () => {
    const person = await createPerson(deps);
    await act(deps, person.id, draft([granted('tracking')]));
    await write(deps.db, {
      update: 'contacts',
      key: { pk: `C#${person.id}`, sk: 'CONTACT' },
      set: 'SET salt = :gone',
      values: { ':gone': '' },
    });
    const { salt, head } = await reread(deps.db, person.id);
    const entries = await readEntries(deps.db, person.id);
    for (const entry of entries) await expect(open(entry, salt)).rejects.toThrow();
    expect(verifyChain(entries, head)).toMatchObject({ ok: true, entries: 2 });
  });

  test('belong to one place: another contact, entry, salt, master or byte does not open them', async () => {
    const person = await createPerson(deps);
    const [entry] = await readEntries(deps.db, person.id);
    const master = await deps.secrets.evidenceMaster();
    const sealed = entry?.sealed ?? '';
    const place = { contactId: person.id, seq: 1 };
    expect(openPayload(master, person.salt, place, sealed)).toMatchObject({ address: person.address });
    const flipped = Buffer.from(sealed, 'base64');
    flipped.writeUInt8(flipped.readUInt8(20) ^ 1, 20);
    const wrong = [
      () => openPayload(master, person.salt, { ...place, contactId: 'con_2' }, sealed),
      () => openPayload(master, person.salt, { ...place, seq: 2 }, sealed),
      () => openPayload(master, randomToken(), place, sealed),
      () => openPayload(randomToken(), person.salt, place, sealed),
      () => openPayload(master, person.salt, place, flipped.toString('base64')),
      () => openPayload(master, person.salt, place, ''),
    ];
    for (const attempt of wrong) expect(attempt).toThrow();
  });

  test('an entry as stored holds nothing of the person in the clear', async () => {
    const contact = newPerson();
    const fields = { lastName: 'Berger' };
    const made = record(deps, {
      contact,
      draft: draft([granted('newsletter')]),
      payload: { ...payload, fields },
    });
    const { entry } = await recorded(made);
    const text = JSON.stringify(entry);
    const decoded = Buffer.from(entry.sealed, 'base64').toString('latin1');
    for (const secret of [
      'example.com',
      'anna',
      'berger',
      '192.0.2.7',
      'firefox',
      contact.addressKey ?? '',
    ]) {
      expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
      expect(decoded.toLowerCase()).not.toContain(secret.toLowerCase());
    }
  });
});
