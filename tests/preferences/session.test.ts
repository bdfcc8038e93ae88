import { afterAll, describe, expect, test } from 'vitest';

import { HOUR, MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { get, write } from '../../shared/platform/table.ts';
import { endsAt, isFresh, session } from '../../shared/preferences/session.ts';
import {
  endAllSessions,
  endSession,
  listSessions,
  newSession,
  readSession,
  touchSession,
} from '../../shared/preferences/session-store.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { openTestDatabase } from '../support/engine.ts';
import { resetClock } from '../support/system.ts';

const db = await openTestDatabase();
afterAll(resetClock);

const AT = '2026-11-22T08:00:00.000Z';
let people = 0;
const somebody = () => `con_${(people += 1).toString(16).padStart(32, '0')}`;
async function start(contactId: string, since = AT) {
  const { cookie, put } = newSession({
    contactId,
    controller: 'nordlicht',
    brand: 'nordlicht',
    addressKey: 'a'.repeat(32),
    since,
    device: 'Firefox, Windows',
    loginId: 'b'.repeat(32),
  });
  await write(db, put);
  return { cookie };
}
async function begin(since = AT) {
  const { cookie } = await start(somebody(), since);
  const begun = await readSession(db, cookie, since);
  if (!begun) throw new Error('no session');
  return { cookie, begun };
}

describe('T5 the times of a session', () => {
  test.each([
    ['nothing done since', AT, plus(AT, 15 * MINUTE)],
    ['seen after 40 minutes', plus(AT, 40 * MINUTE), plus(AT, 55 * MINUTE)],
    ['seen after 45 minutes', plus(AT, 45 * MINUTE), plus(AT, HOUR)],
    ['seen after 59 minutes', plus(AT, 59 * MINUTE), plus(AT, HOUR)],
  ])('%s', (_, seenAt, end) => {
    expect(endsAt({ since: AT, seenAt })).toBe(end);
  });

  test('D7 it is fresh for 15 minutes, however busy', () => {
    expect(isFresh({ since: AT }, plus(AT, 15 * MINUTE - 1))).toBe(true);
    expect(isFresh({ since: AT }, plus(AT, 15 * MINUTE))).toBe(false);
  });

  test('N8 one that ended is not read, though it is still in the table', async () => {
    const { cookie, begun } = await begin();
    expect(await readSession(db, cookie, plus(AT, 15 * MINUTE - 1))).toEqual(begun);
    expect(await readSession(db, cookie, plus(AT, 15 * MINUTE))).toBeUndefined();
    expect(await listSessions(db, begun.contactId, plus(AT, 15 * MINUTE))).toEqual([]);
    expect(await get(db, 'outbox', keys.session(begun.contactId, begun.hash), session)).toEqual(begun);
  });
});

describe('T5 the cookie of a session', () => {
  test('has a secret of 256 bits that is nowhere at rest, and is another for every log-in', async () => {
    const { cookie, begun } = await begin();
    const [contactId, secret = ''] = cookie.split('.');
    expect(contactId).toBe(begun.contactId);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(JSON.stringify(begun)).not.toContain(secret);
    expect((await start(begun.contactId)).cookie).not.toBe(cookie);
  });

  test('opens nothing where it is not ours, and costs nothing where it cannot be', async () => {
    const { cookie, begun } = await begin();
    const [, secret = ''] = cookie.split('.');
    expect(await readSession(db, `${somebody()}.${secret}`, AT)).toBeUndefined();
    expect(await readSession(db, `${begun.contactId}.${'A'.repeat(43)}`, AT)).toBeUndefined();
    db.reset();
    for (const wrong of [
      '',
      '.',
      secret,
      begun.contactId,
      `${cookie}x`,
      `${begun.contactId}.${begun.hash}`,
    ]) {
      expect(await readSession(db, wrong, AT)).toBeUndefined();
    }
    expect(db.units()).toEqual({ read: 0, write: 0 });
  });
});

describe('a request', () => {
  test('is noted once a minute at most', async () => {
    const { begun } = await begin();
    db.reset();
    expect(await touchSession(db, begun, plus(AT, 59 * SECOND))).toBe(true);
    expect(db.units().write).toBe(0);
    expect(await touchSession(db, begun, plus(AT, MINUTE))).toBe(true);
    const [seen] = await listSessions(db, begun.contactId, plus(AT, MINUTE));
    expect(seen?.seenAt).toBe(plus(AT, MINUTE));
  });

  test('T5 that comes with the log-out does not bring the session back', async () => {
    const { cookie, begun } = await begin();
    await endSession(db, begun);
    expect(await touchSession(db, begun, plus(AT, 5 * MINUTE))).toBe(false);
    expect(await readSession(db, cookie, plus(AT, 5 * MINUTE))).toBeUndefined();
    await endSession(db, begun);
  });
});

describe('T5 logging out everywhere', () => {
  test('ends every session of the person, however often, and none of another', async () => {
    const [person, other] = [somebody(), somebody()];
    const begun = [await start(person), await start(person, plus(AT, MINUTE)), await start(other)];
    const listed = await listSessions(db, person, plus(AT, 2 * MINUTE));
    expect(listed.map(({ since }) => since)).toEqual([plus(AT, MINUTE), AT]);
    await Promise.all([endAllSessions(db, person), endAllSessions(db, person)]);
    const left = await Promise.all(begun.map(({ cookie }) => readSession(db, cookie, plus(AT, 2 * MINUTE))));
    expect(left.map((each) => each !== undefined)).toEqual([false, false, true]);
  });

  test('that failed half-way ends the rest when it is done again', async () => {
    const person = somebody();
    for (let times = 0; times < 3; times += 1) await start(person, now());
    let deletes = 0;
    const faulty = await faultyDatabase(db, (operation) =>
      operation === 'Delete' && (deletes += 1) === 2
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    await expect(endAllSessions(faulty, person)).rejects.toThrow();
    expect(await listSessions(db, person, now())).toHaveLength(2);
    await endAllSessions(db, person);
    expect(await listSessions(db, person, now())).toEqual([]);
  });
});
