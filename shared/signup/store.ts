import { HOUR, plus, toTtl } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { dueShard, keys } from '../platform/keys.ts';
import { get, write } from '../platform/table.ts';
import type { Database, Update } from '../platform/table.ts';
import { PURGE_AFTER, pendingSignup, progressAttribute, requestAttribute } from './pending.ts';
import type { PendingSignup, Progress, SignupRequest } from './pending.ts';

/** Adds one to the sign-ups of a client address in this hour, unless there are `max` already. */
export async function countSignup(
  db: Database,
  ipKey: string,
  at: Instant,
  max: number,
): Promise<{ within: true } | { within: false; until: Instant }> {
  const hour = at.slice(0, 13);
  const until = plus(`${hour}:00:00.000Z`, HOUR);
  const within = await write(db, {
    update: 'outbox',
    key: keys.ipLimit(ipKey, hour),
    set: 'ADD #count :one SET expiresAt = :expires',
    condition: 'attribute_not_exists(#count) OR #count < :max',
    names: { '#count': 'count' },
    values: { ':one': 1, ':max': max, ':expires': toTtl(plus(until, HOUR)) },
  });
  return within ? { within } : { within, until };
}

export type AddRequest = Pick<PendingSignup, 'brand' | 'controller' | 'addressKey' | 'limitKey'> & {
  requestId: string;
  request: SignupRequest;
  maxOpen: number;
  dueAt: Instant;
};

/** Adds a request to the pending item of its address; false where it is there already or too many are open. */
export async function addRequest(db: Database, input: AddRequest): Promise<boolean> {
  const key = keys.pendingSignup(input.brand, input.addressKey);
  return write(db, {
    update: 'outbox',
    key,
    set:
      'SET #request = :request, brand = :brand, controller = :controller, addressKey = :addressKey, ' +
      'limitKey = :limitKey, dueAt = :dueAt, dueShard = :dueShard, todo = :mail, expiresAt = :expires ADD #open :one',
    condition:
      'attribute_not_exists(#request) AND attribute_not_exists(#progress) AND ' +
      '(attribute_not_exists(#open) OR #open < :max)',
    names: {
      '#request': requestAttribute(input.requestId),
      '#progress': progressAttribute(input.requestId),
      '#open': 'open',
    },
    values: {
      ':request': input.request,
      ':brand': input.brand,
      ':controller': input.controller,
      ':addressKey': input.addressKey,
      ':limitKey': input.limitKey,
      ':dueAt': input.dueAt,
      ':dueShard': dueShard(key.pk),
      ':mail': 'mail',
      // DynamoDB's own expiry is the second net: the clock has cleared the item long before.
      ':expires': toTtl(plus(input.request.at, 2 * PURGE_AFTER)),
      ':one': 1,
      ':max': input.maxOpen,
    },
  });
}

/** Strongly consistent. */
export async function readPending(
  db: Database,
  brandId: string,
  addressKey: string,
): Promise<PendingSignup | undefined> {
  return get(db, 'outbox', keys.pendingSignup(brandId, addressKey), pendingSignup);
}

/**
 * Moves one request on, if its progress is still `from`.
 * @param options `forget` drops what the visitor posted (personal data); `free` gives back its place among the
 * open requests, `reopen` takes one; `wake` calls `mail`; `dueAt` null means that nothing is due any more, and left
 * out that the clock finds out: another request may be coming in just now
 */
export function advance(
  pending: Pick<PendingSignup, 'brand' | 'addressKey'>,
  requestId: string,
  from: Progress | undefined,
  to: Progress,
  options: {
    forget?: boolean;
    free?: boolean;
    reopen?: boolean;
    wake?: boolean;
    dueAt?: Instant | null;
  } = {},
): Update {
  const key = keys.pendingSignup(pending.brand, pending.addressKey);
  const sets = ['#progress = :to'];
  if (options.dueAt) sets.push('dueAt = :dueAt', 'dueShard = :dueShard');
  if (options.wake) sets.push('todo = :mail');
  const removes = [
    ...(options.wake ? [] : ['todo']),
    ...(options.forget ? ['#request'] : []),
    ...(options.dueAt === null ? ['dueAt', 'dueShard'] : []),
  ];
  const opened = options.free ? -1 : options.reopen ? 1 : 0;
  const unmoved = from
    ? '#progress = :from'
    : 'attribute_not_exists(#progress) AND attribute_exists(#request)';
  return {
    update: 'outbox',
    key,
    set:
      `SET ${sets.join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}` +
      (opened ? ' ADD #open :opened' : ''),
    condition: unmoved,
    names: {
      '#progress': progressAttribute(requestId),
      ...(options.forget || !from ? { '#request': requestAttribute(requestId) } : {}),
      ...(opened ? { '#open': 'open' } : {}),
    },
    values: {
      ':to': to,
      ...(from ? { ':from': from } : {}),
      ...(options.dueAt ? { ':dueAt': options.dueAt, ':dueShard': dueShard(key.pk) } : {}),
      ...(options.wake ? { ':mail': 'mail' } : {}),
      ...(opened ? { ':opened': opened } : {}),
    },
  };
}

/** Corrects when an item is due, unless a new request has just set it. */
export async function settleDue(db: Database, pending: PendingSignup, dueAt: Instant | null): Promise<void> {
  if (pending.dueAt === undefined || pending.dueAt === dueAt) return;
  await write(db, {
    update: 'outbox',
    key: keys.pendingSignup(pending.brand, pending.addressKey),
    set: dueAt ? 'SET dueAt = :dueAt REMOVE todo' : 'REMOVE dueAt, dueShard, todo',
    condition: 'dueAt = :was',
    values: { ':was': pending.dueAt, ...(dueAt ? { ':dueAt': dueAt } : {}) },
  });
}
