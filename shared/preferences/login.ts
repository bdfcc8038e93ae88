import { timingSafeEqual } from 'node:crypto';

import * as z from 'zod';

import { readOwner } from '../contacts/store.ts';
import { MINUTE } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { sha256 } from '../platform/ids.ts';
import { keys } from '../platform/keys.ts';
import { get, transact, writeReturning } from '../platform/table.ts';
import type { Database, Update } from '../platform/table.ts';
import { readToken, shortCodes, signToken } from '../platform/token.ts';
import type { LinkKeys } from '../platform/token.ts';
import { mailState } from '../permission/mail-state.ts';
import { language } from '../settings/language.ts';
import { newSession } from './session-store.ts';

/** Link and code of a log-in mail work this long (T4). */
export const LOGIN_LIFETIME = 10 * MINUTE;
/** Guesses of one code. */
export const MAX_TRIES = 5;
const DIGITS = 8;

/** What was asked for: nothing here says who, and nothing here opens anything (T2, T6). */
export const login = z.object({
  addressKey: z.string(),
  /** Counts mails to the mailbox. */
  limitKey: z.string(),
  /** SHA-256 of the secret in the cookie of the browser that asked: no other can use the link. */
  browser: z.string(),
  device: z.string(),
  until: z.iso.datetime({ precision: 3 }),
  tries: z.int(),
  usedAt: z.iso.datetime({ precision: 3 }).optional(),
});
const askedLogin = z.object({
  brand: z.string(),
  controller: z.string(),
  language,
  login,
  progress: mailState,
});
export type AskedLogin = z.infer<typeof askedLogin>;

/** The mail of a log-in is its record. */
export function loginMailId(loginId: string): string {
  return `l-${loginId}`;
}

export function loginIdOf(mailId: string): string {
  return mailId.slice(loginMailId('').length);
}

/** @param loginId 128 random bits as hex */
export function loginToken(links: LinkKeys, loginId: string): string {
  return signToken(links, 'log-in', [loginId]);
}

export function readLoginToken(links: LinkKeys, token: string): string | undefined {
  return readToken(links, 'log-in', 1, token)?.[0];
}

/** What the mail shows for use in a browser on another device than the mail is read on. */
export function loginCode(links: LinkKeys, loginId: string): string {
  return shortCodes(links, 'log-in', loginId, DIGITS)[0] ?? '';
}

/** The cookie of the browser that asked: which log-in, and a secret of its own. */
export function readLoginCookie(cookie: string): { loginId: string; browser: string } | undefined {
  const [, loginId, secret] = /^([0-9a-f]{32})\.([\w-]{43})$/.exec(cookie) ?? [];
  return loginId && secret ? { loginId, browser: sha256(secret) } : undefined;
}

/** A log-in that can still be used at `at`; undefined for all others alike. */
export async function readLogin(db: Database, loginId: string, at: Instant): Promise<AskedLogin | undefined> {
  const found = await get(db, 'outbox', keys.mail(loginMailId(loginId)), askedLogin);
  return found && at < found.login.until && found.login.usedAt === undefined ? found : undefined;
}

export type LoginInput = { loginId: string; browser: string; at: Instant };
export type LoggedIn =
  /** `cookie` holds the session. */
  | { kind: 'logged-in'; cookie: string }
  /** Used, expired, of another browser, or nobody is known by the address: never told apart (T2, T6). */
  | { kind: 'closed' };

/** Begins a session by the link of the mail: once, in the browser that asked for it (T4). */
export async function logIn(db: Database, input: LoginInput): Promise<LoggedIn> {
  const asked = await readLogin(db, input.loginId, input.at);
  return asked?.login.browser === input.browser ? begin(db, asked, input) : { kind: 'closed' };
}

/** As `logIn`, by the code of the mail. Each guess is counted before it is looked at, so that none is free. */
export async function logInByCode(
  db: Database,
  links: LinkKeys,
  input: LoginInput & { code: string },
): Promise<LoggedIn | { kind: 'wrong'; left: number }> {
  const { loginId, browser, at } = input;
  const counted = await writeReturning(db, {
    update: 'outbox',
    key: keys.mail(loginMailId(loginId)),
    set: 'SET #login.tries = #login.tries + :one',
    condition:
      '#login.browser = :browser AND #login.tries < :max AND #login.#until > :at AND attribute_not_exists(#login.usedAt)',
    names: { '#login': 'login', '#until': 'until' },
    values: { ':one': 1, ':browser': browser, ':max': MAX_TRIES, ':at': at },
  });
  if (!counted) return { kind: 'closed' };
  const asked = askedLogin.parse(counted);
  const typed = Buffer.from(
    input.code
      .replace(/\D/g, '')
      .padStart(DIGITS, '#')
      .slice(0, DIGITS + 1),
  );
  const right = shortCodes(links, 'log-in', loginId, DIGITS).some((code) => {
    const expected = Buffer.from(code);
    return typed.length === expected.length && timingSafeEqual(typed, expected);
  });
  if (right) return begin(db, asked, input);
  const left = MAX_TRIES - asked.login.tries;
  return left > 0 ? { kind: 'wrong', left } : { kind: 'closed' };
}

async function begin(db: Database, asked: AskedLogin, { loginId, at }: LoginInput): Promise<LoggedIn> {
  const { controller, brand, login: about, progress } = asked;
  const contact = await readOwner(db, controller, about.addressKey);
  if (contact?.addressKey !== about.addressKey) return { kind: 'closed' };
  const { cookie, put } = newSession({
    contactId: contact.id,
    controller,
    brand,
    addressKey: about.addressKey,
    since: at,
    device: about.device,
    loginId,
    ...('mail' in progress ? { mail: progress.mail } : {}),
  });
  const used: Update = {
    update: 'outbox',
    key: keys.mail(loginMailId(loginId)),
    set: 'SET #login.usedAt = :at',
    condition: '#login.#until > :at AND attribute_not_exists(#login.usedAt)',
    names: { '#login': 'login', '#until': 'until' },
    values: { ':at': at },
  };
  // In one: a failure between the two would cost the person their link.
  const begun = await transact(db, [used, put]);
  return begun.done ? { kind: 'logged-in', cookie } : { kind: 'closed' };
}
