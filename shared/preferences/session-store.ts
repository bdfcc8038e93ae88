import { MINUTE, plus, toTtl } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { randomToken, sha256 } from '../platform/ids.ts';
import { keys } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import { get, remove, write } from '../platform/table.ts';
import type { Database, Put } from '../platform/table.ts';
import { LONGEST, endsAt, session } from './session.ts';
import type { Session } from './session.ts';

/** `seenAt` is written at most this often. */
const SEEN_EVERY = MINUTE;
const COOKIE = /^(con_[0-9a-f]{32})\.([\w-]{43})$/;

/** A session to begin; its cookie holds the contact's id and a secret of 256 bits (T5). */
export function newSession(started: Omit<Session, 'hash' | 'seenAt'>): { cookie: string; put: Put } {
  const secret = randomToken();
  const begun: Session = { ...started, hash: sha256(secret), seenAt: started.since };
  const item = {
    ...keys.session(begun.contactId, begun.hash),
    ...begun,
    expiresAt: toTtl(plus(begun.since, LONGEST)),
  };
  return { cookie: `${begun.contactId}.${secret}`, put: { put: 'outbox', item } };
}

/** The session behind a cookie while it lasts; undefined for anything else (N8: expired items are still there). */
export async function readSession(db: Database, cookie: string, at: Instant): Promise<Session | undefined> {
  const [, contactId, secret] = COOKIE.exec(cookie) ?? [];
  if (!contactId || !secret) return undefined;
  const key = keys.session(contactId, sha256(secret));
  const found = await get(db, 'outbox', key, session);
  return found && at < endsAt(found) ? found : undefined;
}

/** Notes that a session is in use; false where it ended meanwhile: it must not come to life again. */
export async function touchSession(db: Database, visit: Session, at: Instant): Promise<boolean> {
  if (at < plus(visit.seenAt, SEEN_EVERY)) return true;
  return write(db, {
    update: 'outbox',
    key: keys.session(visit.contactId, visit.hash),
    set: 'SET seenAt = :at',
    condition: 'attribute_exists(pk)',
    values: { ':at': at },
  });
}

/** The sessions of a person that have not ended, the newest first. */
export async function listSessions(db: Database, contactId: string, at: Instant): Promise<Session[]> {
  const { pk } = keys.session(contactId, '');
  const all = await Array.fromAsync(queryPartition(db, 'outbox', pk, session, 'SESSION#'));
  return all.filter((each) => at < endsAt(each)).sort((a, b) => (a.since < b.since ? 1 : -1));
}

export async function endSession(db: Database, { contactId, hash }: Session): Promise<void> {
  await remove(db, { remove: 'outbox', key: keys.session(contactId, hash) });
}

/** Logs a person out everywhere, also where a session has ended by itself. */
export async function endAllSessions(db: Database, contactId: string): Promise<void> {
  const { pk } = keys.session(contactId, '');
  for await (const each of queryPartition(db, 'outbox', pk, session, 'SESSION#')) await endSession(db, each);
}
