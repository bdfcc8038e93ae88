import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { parseEmailAddress } from '../../shared/contacts/email-address.ts';
import { DAY, MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { randomToken } from '../../shared/platform/ids.ts';
import { requestLogin } from '../../shared/outbox/request-login.ts';
import { readMail } from '../../shared/outbox/store.ts';
import {
  MAX_TRIES,
  logIn,
  logInByCode,
  loginCode,
  loginMailId,
  loginToken,
  readLogin,
  readLoginCookie,
  readLoginToken,
} from '../../shared/preferences/login.ts';
import { listSessions } from '../../shared/preferences/session-store.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { advanceClock, captureLog, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
const { deps, work, mailsTo } = system;
const links = await deps.secrets.linkKeys();
const EMAIL = 'login@example.com';
let contactId = '';

beforeAll(async () => {
  await system.signUp(EMAIL);
  await work();
  await system.confirm(linkIn(mailsTo(EMAIL)[0], 'confirm'));
  contactId = (await system.contactOf(EMAIL))?.id ?? '';
});
beforeEach(() => {
  captureLog();
  advanceClock(DAY);
});
afterEach(() => vi.restoreAllMocks());
afterAll(resetClock);

/** A log-in whose mail has gone out, as the browser that asked knows it. */
async function asked(email = EMAIL) {
  const parsed = parseEmailAddress(email);
  if (!parsed.ok) throw new Error(email);
  const requested = await requestLogin(deps, {
    brand: demoBrand,
    language: 'de',
    limits: await deps.settings.limits(),
    address: parsed.address,
    ipKey: randomToken(),
    device: 'Firefox, Windows',
  });
  const waiting = readLoginCookie(requested.kind === 'accepted' ? requested.cookie : '');
  if (!waiting) throw new Error(requested.kind);
  await work();
  const code = loginCode(links, waiting.loginId);
  const wrong = `${code.slice(0, 7)}${code.endsWith('0') ? '1' : '0'}`;
  return { ...waiting, code, wrong };
}
const sessions = async () => listSessions(deps.db, contactId, now());
const guess = async (login: Awaited<ReturnType<typeof asked>>, code: string, at = now()) =>
  logInByCode(deps.db, links, { ...login, code, at });

describe('the link', () => {
  test('T4 works until ten minutes are over, and only for the browser that asked', async () => {
    const login = await asked();
    const { createdAt = '' } = (await readMail(deps.db, loginMailId(login.loginId))) ?? {};
    const until = plus(createdAt, 10 * MINUTE);
    expect(await readLogin(deps.db, login.loginId, plus(until, -1))).toBeDefined();
    expect(await readLogin(deps.db, login.loginId, until)).toBeUndefined();
    expect((await logIn(deps.db, { ...login, at: plus(until, SECOND) })).kind).toBe('closed');
    const stranger = { ...login, browser: (await asked()).browser };
    expect((await logIn(deps.db, { ...stranger, at: now() })).kind).toBe('closed');
    expect((await logIn(deps.db, { ...login, at: now() })).kind).toBe('logged-in');
    expect(await readLogin(deps.db, login.loginId, now())).toBeUndefined();
  });

  test('E1 the session knows the mail that proves it', async () => {
    const login = await asked();
    const at = now();
    await logIn(deps.db, { ...login, at });
    const progress = (await readMail(deps.db, loginMailId(login.loginId)))?.progress;
    const [begun] = await sessions();
    expect(begun).toMatchObject({ loginId: login.loginId, device: 'Firefox, Windows', since: at });
    expect(begun?.mail).toMatchObject({ template: 'log-in@1' });
    expect(progress).toEqual({ state: 'sent', mail: begun?.mail });
  });

  test('T2 link and code at once, ten times each, begin one session', async () => {
    const login = await asked();
    const before = (await sessions()).length;
    const all = await Promise.all(
      Array.from({ length: 10 }, () => [
        logIn(deps.db, { ...login, at: now() }),
        guess(login, login.code),
      ]).flat(),
    );
    expect(all.filter(({ kind }) => kind === 'logged-in')).toHaveLength(1);
    expect(await sessions()).toHaveLength(before + 1);
  });

  test('begins no session where the address is nobody’s', async () => {
    const login = await asked('nobody@example.com');
    expect((await logIn(deps.db, { ...login, at: now() })).kind).toBe('closed');
    const other = await asked('nobody@example.com');
    expect((await guess(other, other.code)).kind).toBe('closed');
  });

  test.each([
    ['the writes', 'TransactWrite'],
    ['the look for its owner', 'Get'],
  ])('T4 costs nothing where the storage fails at %s: it still works, once', async (_, failing) => {
    const login = await asked();
    const before = (await sessions()).length;
    let calls = 0;
    const faulty = await faultyDatabase(deps.db, (operation) => {
      // The first read finds the log-in; what fails comes after it.
      const fails = operation === failing && (failing !== 'Get' || (calls += 1) > 1);
      return fails ? { error: serviceError('InternalServerError'), arrives: false } : undefined;
    });
    await expect(logIn(faulty, { ...login, at: now() })).rejects.toThrow('InternalServerError');
    expect(await sessions()).toHaveLength(before);
    expect(await readLogin(deps.db, login.loginId, now())).toBeDefined();
    expect((await logIn(deps.db, { ...login, at: now() })).kind).toBe('logged-in');
    expect((await logIn(deps.db, { ...login, at: now() })).kind).toBe('closed');
    expect(await sessions()).toHaveLength(before + 1);
  });

  test('T2 where only the answer of the storage is lost, it is used and does not work twice', async () => {
    const login = await asked();
    const before = (await sessions()).length;
    const faulty = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite' ? { error: serviceError('TimeoutError'), arrives: true } : undefined,
    );
    await expect(logIn(faulty, { ...login, at: now() })).rejects.toThrow('TimeoutError');
    expect((await logIn(deps.db, { ...login, at: now() })).kind).toBe('closed');
    expect(await sessions()).toHaveLength(before + 1);
  });
});

describe('the code', () => {
  test('T4 each guess is counted before it is looked at: of 1,000 at once four are told wrong', async () => {
    const login = await asked();
    const all = await Promise.all(Array.from({ length: 1_000 }, () => guess(login, login.wrong)));
    const left = all.flatMap((each) => (each.kind === 'wrong' ? [each.left] : []));
    expect(left.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    expect((await guess(login, login.code)).kind).toBe('closed');
  });

  test('the last try may be the right one; another browser has none', async () => {
    const login = await asked();
    const stranger = { ...login, browser: 'f'.repeat(64) };
    for (let times = 0; times < 10; times += 1)
      expect((await guess(stranger, login.code)).kind).toBe('closed');
    for (let left = MAX_TRIES - 1; left > 0; left -= 1) {
      expect(await guess(login, login.wrong)).toEqual({ kind: 'wrong', left });
    }
    expect((await guess(login, login.code)).kind).toBe('logged-in');
  });

  test.each([
    ['grouped', (code: string) => `${code.slice(0, 4)} ${code.slice(4)}`, 'logged-in'],
    ['pasted with blanks', (code: string) => ` ${code}\t`, 'logged-in'],
    ['too short', (code: string) => code.slice(0, 7), 'wrong'],
    ['too long', (code: string) => `${code}0`, 'wrong'],
    ['empty', () => '', 'wrong'],
    ['ten thousand digits', (code: string) => code.repeat(1_250), 'wrong'],
  ])('%s', async (_, type, kind) => {
    const login = await asked();
    expect((await guess(login, type(login.code))).kind).toBe(kind);
  });

  test('T4 costs one guess and not the link where the storage fails', async () => {
    const login = await asked();
    const faulty = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite'
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    await expect(logInByCode(faulty, links, { ...login, code: login.code, at: now() })).rejects.toThrow(
      'InternalServerError',
    );
    expect((await guess(login, login.code)).kind).toBe('logged-in');
  });

  test('T4 ends with the link', async () => {
    const login = await asked();
    expect((await guess(login, login.code, plus(now(), 10 * MINUTE + SECOND))).kind).toBe('closed');
  });

  test('is of 8 digits and another for every log-in; one made before a change of keys still works', async () => {
    const login = await asked();
    expect(login.code).toMatch(/^\d{8}$/);
    expect((await asked()).code).not.toBe(login.code);
    const rotated = { current: 'k2', keys: { ...links.keys, k2: randomToken() } };
    expect(loginCode(rotated, login.loginId)).not.toBe(login.code);
    expect(readLoginToken(rotated, loginToken(links, login.loginId))).toBe(login.loginId);
    expect((await logInByCode(deps.db, rotated, { ...login, at: now() })).kind).toBe('logged-in');
  });
});

test.each([
  '',
  'x',
  `${'a'.repeat(32)}.short`,
  `${'g'.repeat(32)}.${'A'.repeat(43)}`,
  `${'a'.repeat(32)}.${'A'.repeat(44)}`,
])('the cookie %j is none', (cookie) => {
  expect(readLoginCookie(cookie)).toBeUndefined();
});
