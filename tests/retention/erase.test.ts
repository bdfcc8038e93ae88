import { afterAll, describe, expect, test } from 'vitest';

import { readLegalHold } from '../../shared/contacts/legal-hold.ts';
import { readContact, tellAddress } from '../../shared/contacts/store.ts';
import { isSuppressed } from '../../shared/contacts/suppression.ts';
import { saveAccount } from '../../shared/contacts/save-account.ts';
import { DAY, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { openPayload } from '../../shared/permission/seal.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { previewErasure } from '../../shared/retention/erase-preview.ts';
import { readErased } from '../../shared/retention/store.ts';
import { recalculate } from '../../shared/scoring/recalculate.ts';
import { wakeAccount } from '../../shared/scoring/store.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { scoredPerson } from '../scoring/scored-person.ts';
import { event } from '../support/engagement.ts';
import { CONTROLLER, linkIn, resetClock } from '../support/system.ts';
import { brand } from '../permission/person.ts';
import { ANNA, STAFF, TRACES, openRetaining } from './somebody.ts';

afterAll(resetClock);

describe('D4 an erasure', () => {
  test('D4 leaves no trace in any table, and nothing that works later brings one back', async () => {
    const system = await openRetaining();
    const contact = await system.somebody();
    expect(await system.traces()).toEqual(TRACES);
    const outcome = await system.erase(contact.id);
    expect(outcome).toMatchObject({ kind: 'erased', erased: { clearedAt: expect.any(String) } });
    expect(await system.traces()).toEqual([]);
    expect(await system.dump('engagement')).toEqual([]);
    expect((await system.dump('outbox')).filter(({ sk }) => sk === 'MAIL')).toEqual([]);
    await system.publish();
    await system.pass(DAY);
    expect(await system.traces()).toEqual([]);
  });

  test('D4 G15 takes events, counted days and score, and who works the score out again finds nobody', async () => {
    const system = await openRetaining();
    const anna = await scoredPerson(system, ANNA);
    const { account } = await saveAccount(system.deps, {
      controller: CONTROLLER,
      told: { name: 'Bergermann KG' },
      at: now(),
    });
    await write(system.deps.db, {
      update: 'contacts',
      key: keys.contact(anna.id),
      set: 'SET accountId = :account',
      values: { ':account': account.id },
    });
    const ago = (days: number) => plus(now(), -days * DAY);
    await anna.store(event('webinar', ago(40)), event('download', ago(2), { asset: 'catalogue' }));
    await anna.mail('click', ago(1));
    await anna.recalculate();
    const { db } = system.deps;
    const places = async () =>
      (await system.dump('engagement')).map(({ pk, sk }) => `${pk.split('#')[0]}#${sk.split('#')[0]}`);
    const [member, score] = [keys.scored('', ''), keys.score('')].map(
      ({ pk, sk }) => `${pk.split('#')[0]}#${sk.split('#')[0]}`,
    );
    expect(new Set(await places())).toEqual(new Set(['C#EVT', 'C#DAY', member, score]));
    await system.erase(anna.id);
    expect(await places()).toEqual([]);
    await recalculate(system.deps, anna.id);
    await wakeAccount(db, account.id, now());
    await system.pass(DAY);
    expect(await places()).toEqual([]);
  });

  test('D4 keeps the evidence of the consent, sealed, with its salt on hold; the chain is whole', async () => {
    const system = await openRetaining();
    const contact = await system.somebody();
    const { db, secrets } = system.deps;
    await system.erase(contact.id);
    const entries = await readEntries(db, contact.id);
    const [first, last] = [entries[0], entries.at(-1)];
    expect(last).toMatchObject({
      type: 'erased',
      reason: 'person',
      actor: STAFF,
      route: 'staff',
      changes: [],
    });
    const erased = await readErased(db, contact.id);
    expect(verifyChain(entries, erased?.head)).toMatchObject({ ok: true, entries: 2 });
    expect(verifyChain(entries.slice(0, -1), erased?.head)).toMatchObject({ ok: false, problem: 'tail' });
    const hold = await readLegalHold(db, contact.id);
    expect(hold).toMatchObject({ reason: 'claims', until: '2030-01-01T00:00:00.000Z' });
    const place = { contactId: contact.id, seq: 1 };
    const payload = openPayload(await secrets.evidenceMaster(), hold?.salt ?? '', place, first?.sealed ?? '');
    expect(payload['address']).toBe(ANNA);
  });

  test('leaves everybody else as they were', async () => {
    const system = await openRetaining();
    const other = await system.somebody('carl@elsewhere.org');
    const engagement = await system.dump('engagement');
    const contact = await system.somebody();
    const pending = await system.pendingOf('carl@elsewhere.org');
    await system.erase(contact.id);
    expect(await system.contactOf('carl@elsewhere.org')).toEqual(other);
    expect(await system.pendingOf('carl@elsewhere.org')).toEqual(pending);
    expect(new Set(await system.dump('engagement'))).toEqual(new Set(engagement));
  });

  test('is done once: repeated, or five at once, it answers the same and writes one entry', async () => {
    const system = await openRetaining();
    const contact = await system.somebody();
    const answers = await Promise.all(Array.from({ length: 5 }, () => system.erase(contact.id)));
    const again = await system.erase(contact.id);
    const instants = [...answers, again].map((each) =>
      each.kind === 'erased' ? each.erased.erasedAt : each.kind,
    );
    expect(new Set(instants).size).toBe(1);
    const entries = await readEntries(system.deps.db, contact.id);
    expect(entries.filter(({ type }) => type === 'erased')).toHaveLength(1);
    expect((await system.dump('ledger')).filter(({ pk }) => pk.startsWith('ERASURES#'))).toHaveLength(1);
  });

  test('another controller’s contact, and nobody, are unknown and untouched', async () => {
    const system = await openRetaining();
    const contact = await system.somebody();
    const foreign = { controller: 'other-gmbh' };
    expect(await system.erase(contact.id, foreign)).toEqual({ kind: 'unknown' });
    expect(await system.erase('con_nobody')).toEqual({ kind: 'unknown' });
    expect(await readContact(system.deps.db, contact.id)).toEqual(contact);
    await system.erase(contact.id);
    expect(await system.erase(contact.id, foreign)).toEqual({ kind: 'unknown' });
  });

  test('H5 without any consent the salt goes at once: nobody can read the evidence', async () => {
    const system = await openRetaining();
    const { db } = system.deps;
    const contact = await system.stranger();
    await withdraw(system.deps, {
      contactId: contact.id,
      brand,
      scope: { kind: 'all' },
      route: 'phone',
      actor: STAFF,
    });
    expect(await system.everything()).toContain(contact.salt.toLowerCase());
    await system.erase(contact.id);
    expect(await readLegalHold(db, contact.id)).toBeUndefined();
    expect(await system.everything()).not.toContain(contact.salt.toLowerCase());
    const entries = await readEntries(db, contact.id);
    expect(verifyChain(entries, (await readErased(db, contact.id))?.head)).toMatchObject({
      ok: true,
      entries: 3,
    });
  });

  test('D4 the tombstone and what is known of mail to the address stay; an own new double opt-in works', async () => {
    const system = await openRetaining();
    const contact = await system.somebody();
    const { db } = system.deps;
    const key = await system.keyOf(ANNA);
    await tellAddress(db, CONTROLLER, key, {
      kind: 'hard-bounce',
      at: '2026-01-01T00:00:00.000Z',
      reason: 'gone',
    });
    await system.erase(contact.id);
    const pointer = await system.pointerOf(ANNA);
    expect(pointer?.contactId).toBeUndefined();
    expect(pointer?.erasedAt).toMatch(/Z$/);
    expect(isSuppressed(pointer?.suppression, now()).suppressed).toBe(true);

    await system.pass(16 * MINUTE);
    await system.signUp(ANNA);
    await system.work();
    await system.confirm(linkIn(system.mailsTo(ANNA).at(-1), 'confirm'));
    const anew = await system.contactOf(ANNA);
    expect(anew?.id).not.toBe(contact.id);
    expect(anew?.fields).toEqual({});
    expect((await system.pointerOf(ANNA))?.erasedAt).toBeUndefined();
  });

  test('D4 a confirmation mail from before brings nobody back', async () => {
    const system = await openRetaining();
    const contact = await system.somebody();
    await system.pass(16 * MINUTE);
    await system.signUp(ANNA, { form: 'open-house' });
    await system.work();
    const token = linkIn(system.mailsTo(ANNA).at(-1), 'confirm');
    await system.erase(contact.id);
    expect((await system.confirm(token)).kind).toBe('expired');
    expect(await system.contactOf(ANNA)).toBeUndefined();
  });

  test('D4 nor does a list that was read just before', async () => {
    const system = await openRetaining();
    const contact = await system.stranger();
    const { addressKey } = contact;
    await system.erase(contact.id);
    await expect(system.stranger({ addressKey })).rejects.toThrow('nobody else makes this contact');
    expect(await system.stranger({ addressKey, source: { kind: 'form', id: 'newsletter' } })).toMatchObject({
      addressKey,
    });
  });

  test('D4 nor does one that is clicked before the sign-up is cleared away', async () => {
    const system = await openRetaining();
    const contact = await system.somebody();
    await system.pass(16 * MINUTE);
    await system.signUp(ANNA, { form: 'open-house' });
    await system.work();
    const token = linkIn(system.mailsTo(ANNA).at(-1), 'confirm');
    const db = await faultyDatabase(system.deps.db, (operation) =>
      operation === 'Delete' ? { error: serviceError('InternalServerError'), arrives: false } : undefined,
    );
    const cut = await system.erase(contact.id, {}, { ...system.deps, db });
    expect(cut.kind === 'erased' && cut.erased.clearedAt).toBeUndefined();
    expect((await system.confirm(token)).kind).toBe('withdrawn-meanwhile');
    expect(await system.contactOf(ANNA)).toBeUndefined();
  });
});

describe('the preview', () => {
  test('D4 says what goes and what stays, until when and why, and is what then happens', async () => {
    const system = await openRetaining();
    const contact = await system.somebody();
    const before = new Set(await system.dump('contacts'));
    const { goes, stays } = await previewErasure(system.deps, contact, now());
    expect(goes).toEqual(expect.arrayContaining(['profile', 'engagement', 'score']));
    expect(stays).toEqual([
      {
        what: 'evidence',
        reason: 'claims',
        until: '2030-01-01T00:00:00.000Z',
        basis: expect.stringContaining('17(3)(e)'),
      },
      { what: 'address-pseudonym', reason: 'suppression', basis: expect.stringContaining('21(3)') },
    ]);
    expect(new Set(await system.dump('contacts'))).toEqual(before);
    await system.erase(contact.id);
    expect((await readLegalHold(system.deps.db, contact.id))?.until).toBe(stays[0]?.until);
  });
});
