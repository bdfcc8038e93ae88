import * as z from 'zod';

import { DAY, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { dueShard, keys } from '../platform/keys.ts';
import type { Key } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import { get, transact, write } from '../platform/table.ts';
import type { Action, Database } from '../platform/table.ts';
import type { Policy } from '../settings/policy.ts';

const instant = z.iso.datetime({ precision: 3 });

/** What a person can ask that one of us must answer (art. 16, 18, 21 GDPR, and whatever else). */
export const REQUEST_KINDS = ['restriction', 'objection', 'correction', 'question'] as const;
export const MAX_REQUEST_TEXT = 2_000;
/** More at a time nobody could answer; one more is explained. */
const MAX_OPEN = 5;

export const personRequest = z.object({
  id: z.string(),
  contactId: z.string(),
  controller: z.string(),
  /** Whose page it was asked on, and who tells of the answer. */
  brand: z.string(),
  kind: z.enum(REQUEST_KINDS),
  /** Empty only for a restriction, which needs no words. */
  text: z.string().max(MAX_REQUEST_TEXT),
  askedAt: instant,
  /** The law gives a month (art. 12 GDPR). */
  answerBy: instant,
  answered: z.object({ at: instant, by: z.string(), text: z.string() }).optional(),
});
export type PersonRequest = z.infer<typeof personRequest>;

export type AskInput = Pick<PersonRequest, 'contactId' | 'controller' | 'brand' | 'kind' | 'text'> & {
  policy: Pick<Policy, 'requests'>;
  at: Instant;
};

/**
 * Takes a request; undefined where too many of the person's are open. Asked again while it is open, it is the same one.
 * The first restriction is never one too many: it must hold at once (art. 18 GDPR).
 * @throws AppError `not-found` where the person is not known (any more)
 */
export async function askUs(
  db: Database,
  { contactId, controller, brand, kind, text, policy, at }: AskInput,
): Promise<PersonRequest | undefined> {
  const { dueDays, alarmDays } = policy.requests;
  for (;;) {
    const known = await requestsOf(db, controller, contactId);
    const open = known.filter(({ answered }) => !answered);
    const same = open.find((each) => each.kind === kind && each.text === text);
    if (same) return same;
    const restricts = kind === 'restriction' && open.every((each) => each.kind !== kind);
    if (open.length >= MAX_OPEN && !restricts) return undefined;
    const made: PersonRequest = {
      // Those whose time was over are gone: a number counts on from the last that is left.
      id: requestId(contactId, Math.max(0, ...known.map((each) => Number(requestNumber(each)))) + 1),
      contactId,
      controller,
      brand,
      kind,
      text,
      askedAt: at,
      answerBy: plus(at, dueDays * DAY),
    };
    const key = keys.request(controller, contactId, made.id);
    const dueAt = plus(at, Math.min(alarmDays, dueDays) * DAY);
    const outcome = await transact(db, [
      {
        put: 'contacts',
        item: { ...key, ...made, dueAt, dueShard: dueShard(key.pk) },
        condition: 'attribute_not_exists(pk)',
      },
      // Words that came after an erasure had cleared them away would stay (D4).
      { check: 'contacts', key: keys.contact(contactId), condition: 'attribute_exists(pk)' },
    ]);
    if (outcome.done) return made;
    if (outcome.failed.includes(1)) throw new AppError('not-found', 'There is no such contact.');
  }
}

/** The id carries the contact and a number: two requests at once cannot both be the person's third. */
function requestId(contactId: string, number: number): string {
  return `${contactId.replace(/^con_/, 'req_')}_${number}`;
}

/** What a person calls their request: the first is 1. */
export function requestNumber({ id }: Pick<PersonRequest, 'id'>): string {
  return id.slice(id.lastIndexOf('_') + 1);
}

/** All requests of a person, the newest first. */
export async function requestsOf(
  db: Database,
  controller: string,
  contactId: string,
): Promise<PersonRequest[]> {
  const { pk } = keys.request(controller, contactId, '');
  const all = await Array.fromAsync(queryPartition(db, 'contacts', pk, personRequest, `${contactId}#`));
  return all.sort((a, b) => (a.askedAt < b.askedAt ? 1 : -1));
}

/** All requests to a controller that nobody has answered yet, those due first on top. */
export async function openRequests(db: Database, controller: string): Promise<PersonRequest[]> {
  const { pk } = keys.request(controller, '', '');
  const all = await Array.fromAsync(queryPartition(db, 'contacts', pk, personRequest));
  return all.filter(({ answered }) => !answered).sort((a, b) => (dueOrder(a) < dueOrder(b) ? -1 : 1));
}

/** Where a request stands among the open ones. */
export function dueOrder({ answerBy, id }: Pick<PersonRequest, 'answerBy' | 'id'>): string {
  return `${answerBy}_${id}`;
}

/** A request by its id, which names the contact. */
export async function readRequest(
  db: Database,
  controller: string,
  id: string,
): Promise<PersonRequest | undefined> {
  return get(db, 'contacts', keyOf(controller, id), personRequest);
}

/**
 * Notes the answer to a request; nothing reminds of it any more. It is due at once, for the clock to plan its end.
 * @param follows what must come true with it
 * @throws AppError `not-found`, `conflict` where it is answered already
 */
export async function answerRequest(
  db: Database,
  controller: string,
  id: string,
  answered: NonNullable<PersonRequest['answered']>,
  follows: (asked: PersonRequest) => Promise<readonly Action[]> = () => Promise.resolve([]),
): Promise<PersonRequest> {
  const asked = await readRequest(db, controller, id);
  if (!asked) throw noRequest();
  const { done } = await transact(db, [
    {
      update: 'contacts',
      key: keyOf(controller, id),
      set: 'SET answered = :answered, dueAt = :at',
      condition: 'attribute_exists(pk) AND attribute_not_exists(answered)',
      values: { ':answered': answered, ':at': answered.at },
    },
    ...(await follows(asked)),
  ]);
  if (done) return { ...asked, answered };
  // An erasure may have taken it meanwhile (D4).
  if (!(await readRequest(db, controller, id))) throw noRequest();
  throw new AppError('conflict', 'The request is answered already.', { reason: 'answered' });
}

function noRequest(): AppError {
  return new AppError('not-found', 'There is no such request.');
}

function keyOf(controller: string, id: string): Key {
  return keys.request(controller, id.replace(/^req_(.*)_\d+$/, 'con_$1'), id);
}

/** Reads the request that is due, and says when it must be looked at next: on the day it should be answered by. */
export async function dueRequest(
  db: Database,
  key: Key,
  at: Instant,
): Promise<{ request: PersonRequest; late: boolean } | undefined> {
  const request = await get(db, 'contacts', key, personRequest);
  if (!request || request.answered) return undefined;
  const late = at >= request.answerBy;
  // Late, it is told every day until somebody answers.
  const waits = await write(db, {
    update: 'contacts',
    key,
    set: 'SET dueAt = :next',
    condition: 'attribute_exists(pk) AND attribute_not_exists(answered)',
    values: { ':next': late ? plus(at, DAY) : request.answerBy },
  });
  return waits ? { request, late } : undefined;
}
