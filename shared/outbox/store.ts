import { plus, toTtl, DAY, MINUTE } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { dueShard, keys } from '../platform/keys.ts';
import type { Key, TableName } from '../platform/keys.ts';
import { queryIndex } from '../platform/read-many.ts';
import { get, write, writeReturning } from '../platform/table.ts';
import type { Database, Put } from '../platform/table.ts';
import { mailItem } from './mail-item.ts';
import type { MailState } from '../permission/mail-state.ts';
import type { EntryMail, MailItem, NewMail } from './mail-item.ts';
import { mailboxLimit } from './mailbox-limit.ts';
import type { MailboxLimit } from './mailbox-limit.ts';

export async function readMailboxLimit(db: Database, key: Key): Promise<MailboxLimit | undefined> {
  return get(db, 'outbox', key, mailboxLimit);
}

export async function writeMailboxLimit(
  db: Database,
  key: Key,
  limit: MailboxLimit,
  ttl: number,
): Promise<boolean> {
  return write(db, {
    put: 'outbox',
    item: { ...key, ...limit, expiresAt: ttl },
    condition: 'attribute_not_exists(pk) OR rev = :rev',
    values: { ':rev': limit.rev - 1 },
  });
}

/**
 * Moves a form's theoretical arrival time on by `interval` ms and answers what it was (GCRA), without a read:
 * one of the two updates holds, for a quiet form the first.
 */
export async function takeSlot(
  db: Database,
  formId: string,
  nowMs: number,
  interval: number,
  ttl: number,
): Promise<number> {
  const key = keys.formLimit(formId);
  for (;;) {
    const idle = await write(db, {
      update: 'outbox',
      key,
      set: 'SET tat = :next, expiresAt = :ttl',
      condition: 'attribute_not_exists(tat) OR tat <= :now',
      values: { ':next': nowMs + interval, ':now': nowMs, ':ttl': ttl },
    });
    if (idle) return nowMs;
    const busy = await writeReturning(db, {
      update: 'outbox',
      key,
      set: 'SET tat = tat + :interval, expiresAt = :ttl',
      condition: 'tat > :now',
      values: { ':interval': interval, ':now': nowMs, ':ttl': ttl },
    });
    if (busy) return Number(busy.tat) - interval;
  }
}

/** True for the first caller since `alarmedUntil` passed. */
export async function noteAttack(
  db: Database,
  formId: string,
  at: Instant,
  until: Instant,
): Promise<boolean> {
  return write(db, {
    update: 'outbox',
    key: keys.formLimit(formId),
    set: 'SET alarmedUntil = :until',
    condition: 'attribute_not_exists(alarmedUntil) OR alarmedUntil <= :at',
    values: { ':until': until, ':at': at },
  });
}

/** A mail as the outbox takes it: sent by the stream, or looked for when that has not happened. */
export function waitingMail(mail: NewMail, until: Instant): Put {
  const key = keys.mail(mail.id);
  return {
    put: 'outbox',
    item: {
      ...key,
      ...mail,
      progress: { state: 'waiting', until: mail.createdAt, attempt: 0, unsure: 0 } satisfies MailState,
      todo: 'mail',
      dueAt: plus(mail.createdAt, 5 * MINUTE),
      dueShard: dueShard(key.pk),
      expiresAt: toTtl(until),
    },
  };
}

/** Puts a mail in the outbox; false where it is there already. */
export async function enqueueMail(db: Database, mail: NewMail<EntryMail>): Promise<boolean> {
  const put = waitingMail(mail, plus(mail.createdAt, 35 * DAY));
  return write(db, { ...put, condition: 'attribute_not_exists(pk)' });
}

export async function readMail(db: Database, mailId: string): Promise<MailItem | undefined> {
  return get(db, 'outbox', keys.mail(mailId), mailItem);
}

/** Moves a mail on, if nobody else did; `dueAt` null once nothing is left to do. */
export async function moveMail(
  db: Database,
  mail: MailItem,
  to: MailState,
  dueAt: Instant | null | undefined,
): Promise<boolean> {
  const key = keys.mail(mail.id);
  return write(db, {
    update: 'outbox',
    key,
    set:
      `SET progress = :to${dueAt ? ', dueAt = :dueAt, dueShard = :dueShard' : ''}` +
      ` REMOVE todo${dueAt === null ? ', dueAt, dueShard' : ''}`,
    condition: 'progress = :from',
    values: {
      ':to': to,
      ':from': mail.progress,
      ...(dueAt ? { ':dueAt': dueAt, ':dueShard': dueShard(key.pk) } : {}),
    },
  });
}

/** Keys of up to `limit` items of one shard that are due at `at`. */
export async function dueKeys(
  db: Database,
  table: TableName,
  shard: string,
  at: Instant,
  limit: number,
): Promise<Key[]> {
  return queryIndex(db, table, { name: 'due', pk: 'dueShard', sk: 'dueAt' }, shard, at, limit);
}

/** Calls the consumer of an item that is due: the item changes, so its stream speaks. False where it no longer is. */
export async function wakeItem(db: Database, table: TableName, key: Key, at: Instant): Promise<boolean> {
  return write(db, {
    update: table,
    key,
    set: 'SET wokenAt = :at, todo = :mail, dueAt = :again',
    condition: 'dueAt <= :at',
    values: { ':at': at, ':mail': 'mail', ':again': plus(at, 5 * MINUTE) },
  });
}
