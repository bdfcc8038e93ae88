import * as z from 'zod';

import { DAY, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { dueShard, keys } from '../platform/keys.ts';
import type { Key } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import { get, write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
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
  kind: z.enum(REQUEST_KINDS),
  text: z.string().max(MAX_REQUEST_TEXT),
  askedAt: instant,
  /** The law gives a month (art. 12 GDPR). */
  answerBy: instant,
  answered: z.object({ at: instant, by: z.string(), text: z.string() }).optional(),
});
export type PersonRequest = z.infer<typeof personRequest>;

export type AskInput = Pick<PersonRequest, 'contactId' | 'controller' | 'kind' | 'text'> & {
  policy: Pick<Policy, 'requests'>;
  at: Instant;
};

/** Takes a request; undefined where too many of the person's are open. The clock reminds of it before it is due. */
export async function askUs(
  db: Database,
  { contactId, controller, kind, text, policy, at }: AskInput,
): Promise<PersonRequest | undefined> {
  const open = (await requestsOf(db, controller, contactId)).filter(({ answered }) => !answered);
  if (open.length >= MAX_OPEN) return undefined;
  const { dueDays, alarmDays } = policy.requests;
  const made: PersonRequest = {
    id: newId('req'),
    contactId,
    controller,
    kind,
    text,
    askedAt: at,
    answerBy: plus(at, dueDays * DAY),
  };
  const key = keys.request(controller, contactId, made.id);
  const dueAt = plus(at, alarmDays * DAY);
  await write(db, { put: 'contacts', item: { ...key, ...made, dueAt, dueShard: dueShard(key.pk) } });
  return made;
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
  return all
    .filter(({ answered }) => !answered)
    .sort((a, b) => (a.answerBy < b.answerBy ? -1 : a.answerBy > b.answerBy ? 1 : 0));
}

/**
 * Notes the answer to a request; nothing reminds of it any more.
 * @throws AppError `not-found`, `conflict` where it is answered already
 */
export async function answerRequest(
  db: Database,
  controller: string,
  id: string,
  answered: NonNullable<PersonRequest['answered']>,
): Promise<PersonRequest> {
  const found = (await openRequests(db, controller)).find((each) => each.id === id);
  if (!found) throw new AppError('not-found', 'There is no such open request.');
  const written = await write(db, {
    update: 'contacts',
    key: keys.request(controller, found.contactId, id),
    set: 'SET answered = :answered REMOVE dueAt, dueShard',
    condition: 'attribute_exists(pk) AND attribute_not_exists(answered)',
    values: { ':answered': answered },
  });
  if (!written) throw new AppError('conflict', 'The request is answered already.', { reason: 'answered' });
  return { ...found, answered };
}

/** Reads the request that is due, and when it must be looked at next: on the day it should be answered by. */
export async function dueRequest(
  db: Database,
  key: Key,
  at: Instant,
): Promise<{ request: PersonRequest; late: boolean } | undefined> {
  const request = await get(db, 'contacts', key, personRequest);
  if (!request || request.answered) return undefined;
  const late = at >= request.answerBy;
  // Late, it is told every day until somebody answers.
  await write(db, {
    update: 'contacts',
    key,
    set: 'SET dueAt = :next',
    condition: 'attribute_not_exists(answered)',
    values: { ':next': late ? plus(at, DAY) : request.answerBy },
  });
  return { request, late };
}
