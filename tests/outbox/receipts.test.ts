import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { readContact } from '../../shared/contacts/store.ts';
import { DAY, HOUR, MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { publishEntry } from '../../shared/outbox/publish-entry.ts';
import { sendOutboxMail } from '../../shared/outbox/send-mail.ts';
import { readMail } from '../../shared/outbox/store.ts';
import type { Scope } from '../../shared/permission/scope.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { undoWithdrawal } from '../../shared/permission/undo.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import type { Acts } from '../../shared/preferences/acts.ts';
import { joinUses } from '../../shared/preferences/join-uses.ts';
import { saveChoices } from '../../shared/preferences/save-choices.ts';
import type { Session } from '../../shared/preferences/session.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { readUndoToken } from '../../shared/signup/links.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import {
  CLICK,
  CONTROLLER,
  advanceClock,
  linkIn,
  openTestSystem,
  resetClock,
  sdkError,
} from '../support/system.ts';
import { NO_ACTS } from '../preferences/no-acts.ts';

const system = await openTestSystem();
const { deps, work, pass } = system;
beforeEach(() => advanceClock(DAY));
afterAll(resetClock);

let people = 0;
/** Somebody who gets the newsletter about three topics and was welcomed. */
async function person() {
  const email = `receipt-${(people += 1)}@example.com`;
  await system.signUp(email, { topics: ['drives', 'service', 'automation'] });
  await work();
  await system.confirm(linkIn(system.mailsTo(email)[0], 'confirm'));
  const contact = await system.contactOf(email);
  if (!contact) throw new Error(`${email} was not confirmed`);
  await tell({ contactId: contact.id });
  return { email, contact, contactId: contact.id };
}
type Person = Awaited<ReturnType<typeof person>>;
/** What the stream of `ledger` does after an act. */
async function publish({ contactId }: { contactId: string }) {
  for (const entry of await readEntries(deps.db, contactId)) await publishEntry(deps, entry);
}
/** That, and what the stream of `outbox` does after it. */
async function tell(who: { contactId: string }) {
  await publish(who);
  await work();
}
const receipts = ({ email }: Person) =>
  system.mailsTo(email).filter(({ tags }) => tags['purpose']?.endsWith('receipt'));
async function choose({ contactId }: Person, acts: Partial<Acts>) {
  const saved = await saveChoices(deps, {
    contactId,
    brand: demoBrand,
    uses: demoUses,
    acts: { ...NO_ACTS, ...acts },
    shownAt: now(),
    session: undefined,
    ...CLICK,
  });
  if (!saved?.entry) throw new Error('nothing was saved');
  return saved.entry;
}
const WISHES = [undefined, 'weekly', 'monthly'] as const;
/** The nth change of how often; each is another than the one before. */
const wish = (who: Person, nth: number) =>
  choose(who, { wish: { was: WISHES[nth % 3], to: WISHES[(nth + 1) % 3] } });
const leave = ({ contactId }: Person, scope: Scope = { kind: 'uses', uses: ['newsletter'] }) =>
  withdraw(deps, {
    contactId,
    brand: demoBrand,
    scope,
    route: 'preferences',
    actor: { kind: 'person' },
    ...CLICK,
  });
const stateOf = async ({ contactId }: Person) => (await readContact(deps.db, contactId)) ?? {};
/** Presses the button behind the undo link of a mail. */
async function undo(mail: Parameters<typeof linkIn>[0]) {
  const ref = readUndoToken(await deps.secrets.linkKeys(), 'undo-mail', linkIn(mail, 'undo'));
  if (!ref) throw new Error('no undo');
  return undoWithdrawal(deps, { contactId: ref.contactId, seq: ref.seq, route: 'receipt-link', ...CLICK });
}

describe('a receipt', () => {
  test('follows every change of a day, and each takes back its own', async () => {
    const who = await person();
    await choose(who, { leaveTopics: ['drives'] });
    await tell(who);
    await choose(who, { leaveTopics: ['service'], wish: { was: undefined, to: 'weekly' } });
    await tell(who);
    expect(receipts(who)).toHaveLength(2);
    const [first, second] = receipts(who);
    expect((await undo(first)).kind).toBe('restored');
    expect(await stateOf(who)).toMatchObject({
      wish: 'weekly',
      permissions: { 'nordlicht#newsletter': { topics: ['automation', 'drives'] } },
    });
    expect((await undo(second)).kind).toBe('restored');
    const back = await stateOf(who);
    expect(back).toMatchObject({
      permissions: { 'nordlicht#newsletter': { topics: ['automation', 'drives', 'service'] } },
    });
    expect(back).not.toHaveProperty('wish');
    for (const mail of [first, second]) expect(await undo(mail)).toEqual({ kind: 'nothing-to-undo' });
  });

  test('names all that one act did, and its link takes all of it back', async () => {
    const who = await person();
    await choose(who, { leaveUses: ['newsletter'], wish: { was: undefined, to: 'monthly' } });
    await tell(who);
    const [mail] = receipts(who);
    expect(mail?.text).toContain('Nicht mehr: Newsletter');
    expect(mail?.text).toContain('Höchstens eine E-Mail im Monat');
    await undo(mail);
    const back = await stateOf(who);
    expect(back).toMatchObject({ permissions: { 'nordlicht#newsletter': { status: 'granted' } } });
    expect(back).not.toHaveProperty('wish');
  });

  test('D6 follows "no advertising at all" from the choices page, which a forwarded link opens', async () => {
    const who = await person();
    await leave(who, { kind: 'all' });
    await tell(who);
    const [mail] = receipts(who);
    expect(mail?.text).toContain('Keinerlei Werbung mehr');
    await undo(mail);
    expect(await stateOf(who)).not.toHaveProperty('noAdvertising');
    expect(await stateOf(who)).toMatchObject({
      permissions: { 'nordlicht#newsletter': { status: 'granted' } },
    });
  });

  test('follows a use that was joined after a log-in and sends no mail of its own', async () => {
    const who = await person();
    const form = await deps.settings.form('preferences');
    if (!form) throw new Error('the demo brand has no form for its choices');
    const session: Session = {
      contactId: who.contactId,
      controller: CONTROLLER,
      brand: demoBrand.id,
      addressKey: who.contact.addressKey ?? '',
      hash: 'b'.repeat(64),
      since: now(),
      seenAt: now(),
      device: 'Firefox, Windows',
      loginId: 'a'.repeat(32),
    };
    await joinUses(deps, {
      contact: who.contact,
      brand: demoBrand,
      uses: demoUses,
      form,
      join: ['tracking'],
      topics: [],
      language: 'de',
      shownAt: plus(now(), -MINUTE),
      pageToken: 'page',
      session,
      ...CLICK,
    });
    await tell(who);
    const mail = system.mailsTo(who.email).at(-1);
    expect(mail?.text).toContain('Dazu: ');
    expect((await undo(mail)).kind).toBe('restored');
    expect(await stateOf(who)).toMatchObject({
      permissions: { 'nordlicht#tracking': { status: 'withdrawn' } },
    });
  });

  test('is not sent where nothing is left to take back', async () => {
    const who = await person();
    const { seq } = await choose(who, { leaveTopics: ['drives'] });
    await undoWithdrawal(deps, { contactId: who.contactId, seq, route: 'undo', ...CLICK });
    await choose(who, { refuse: ['call-centre'] });
    await tell(who);
    expect(receipts(who)).toEqual([]);
    expect((await readMail(deps.db, `c-${who.contactId}-${seq}`))?.progress).toMatchObject({
      state: 'dropped',
      why: 'withdrawn',
    });
  });

  test('an older one does not bring back what was withdrawn since', async () => {
    const who = await person();
    await choose(who, { leaveTopics: ['drives'] });
    await tell(who);
    await leave(who);
    expect(await undo(receipts(who)[0])).toEqual({ kind: 'nothing-to-undo' });
    expect(await stateOf(who)).toMatchObject({
      permissions: { 'nordlicht#newsletter': { status: 'withdrawn' } },
    });
  });
});

describe('T7 a mailbox', () => {
  test('gets ten receipts a day, also of many looked at at once; the others wait and are not lost', async () => {
    const who = await person();
    for (let nth = 0; nth < 9; nth += 1) {
      await wish(who, nth);
      await tell(who);
    }
    const acts: Partial<Acts>[] = [
      { leaveTopics: ['drives'] },
      { leaveTopics: ['service'] },
      { language: { was: 'de', to: 'en' } },
    ];
    const ids = [];
    for (const act of acts) ids.push(`c-${who.contactId}-${(await choose(who, act)).seq}`);
    await publish(who);
    await Promise.all([...ids, ...ids].map((id) => sendOutboxMail(deps, id)));
    expect(receipts(who)).toHaveLength(10);
    await pass(23 * HOUR);
    expect(receipts(who)).toHaveLength(10);
    await pass(HOUR + MINUTE);
    expect(receipts(who)).toHaveLength(12);
    const links = receipts(who).slice(-3);
    for (const mail of links) expect((await undo(mail)).kind).toBe('restored');
  });

  test('is not filled by what waits: what nothing can be done about any more is dropped', async () => {
    const who = await person();
    for (let nth = 0; nth < 30; nth += 1) await wish(who, nth);
    await tell(who);
    expect(receipts(who)).toHaveLength(1);
    for (let nth = 30; nth < 45; nth += 1) {
      await wish(who, nth);
      await tell(who);
    }
    expect(receipts(who)).toHaveLength(10);
    for (let days = 0; days < 9; days += 1) await pass(DAY);
    expect(receipts(who).length).toBeLessThanOrEqual(11);
    const waiting = (await system.dump('outbox')).filter(({ progress }) => isWaiting(progress));
    expect(waiting).toEqual([]);
  });

  test('of one person is not that of another, nor one of log-ins and sign-ups', async () => {
    const [who, other] = [await person(), await person()];
    for (let nth = 0; nth < 12; nth += 1) {
      await wish(who, nth);
      await tell(who);
    }
    await leave(other);
    await tell(other);
    expect([receipts(who).length, receipts(other).length]).toEqual([10, 1]);
    advanceClock(HOUR);
    const known = system.mailsTo(who.email).length;
    await system.signUp(who.email, { uses: ['event-invitation'] });
    await work();
    expect(system.mailsTo(who.email)).toHaveLength(known + 1);
  });
});

describe('S7 N4 once, and never lost', () => {
  test('the stream tells of an entry 20 times at once and again later', async () => {
    const who = await person();
    const entry = await choose(who, { leaveTopics: ['drives'] });
    const id = `c-${who.contactId}-${entry.seq}`;
    await Promise.all(Array.from({ length: 20 }, () => publishEntry(deps, entry)));
    await Promise.all(Array.from({ length: 20 }, () => sendOutboxMail(deps, id)));
    await publishEntry(deps, entry);
    await work();
    expect(receipts(who)).toHaveLength(1);
  });

  test('ended between claim and sending, it goes out with the next look, and counts once', async () => {
    const who = await person();
    const entry = await choose(who, { leaveTopics: ['drives'] });
    await publish(who);
    const id = `c-${who.contactId}-${entry.seq}`;
    const db = await faultyDatabase(deps.db, (operation) =>
      operation === 'Update' ? { error: serviceError('InternalServerError'), arrives: false } : undefined,
    );
    await expect(sendOutboxMail({ ...deps, db }, id)).rejects.toThrow('InternalServerError');
    expect(receipts(who)).toEqual([]);
    await pass(6 * MINUTE);
    expect(receipts(who)).toHaveLength(1);
    expect(await claims(who)).toEqual([id]);
  });

  test('throttled, it goes out with the next attempt, under the same claim', async () => {
    const who = await person();
    const entry = await choose(who, { leaveTopics: ['drives'] });
    await publish(who);
    system.answers.push(sdkError('TooManyRequestsException'));
    await work();
    expect(receipts(who)).toEqual([]);
    await pass(30 * SECOND);
    expect(receipts(who)).toHaveLength(1);
    expect(await claims(who)).toEqual([`c-${who.contactId}-${entry.seq}`]);
  });
});

function isWaiting(progress: unknown): boolean {
  return (
    typeof progress === 'object' && progress !== null && 'state' in progress && progress.state === 'waiting'
  );
}

/** The receipts that count against the limit of a person. */
async function claims({ contactId }: Person): Promise<unknown[]> {
  const { pk } = keys.mailboxLimit(CONTROLLER, contactId);
  const limit = (await system.dump('outbox')).find((item) => item.pk === pk);
  const sends = limit?.['sends'];
  return Array.isArray(sends) ? sends.map((send: { ref: string }) => send.ref) : [];
}
