import * as z from 'zod';

import { DAY, MINUTE, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { NO_SCORES, scoreTally } from './score-tally.ts';
import { tally } from './tally.ts';
import { task } from './task.ts';
import type { Task } from './task.ts';

const instant = z.iso.datetime({ precision: 3 });

/** A scan is cut into so many parts, so that progress can be told and a page is never far from a checkpoint. */
export const SEGMENTS = 8;
/** Results are kept so long. */
const KEPT = 7 * DAY;
/** Longer than a page takes; a run that died is followed by the next one after this. */
const LEASE = 2 * MINUTE;

export const STATES = ['waiting', 'running', 'done', 'failed'] as const;

/** Long work over all contacts of a controller: what is to be done, how far it is and what came out. */
export const job = z.object({
  schema: z.literal(1),
  id: z.string(),
  controller: z.string(),
  /** API key. */
  createdBy: z.string(),
  createdAt: instant,
  /** Checked on read; the `jobs` function removes it later. */
  expiresAt: instant,
  task,
  state: z.enum(STATES),
  /** Counts the writes: each is made on the one before, so that nothing is counted twice. */
  rev: z.int(),
  /** Until when a run is at it. */
  leaseUntil: instant.optional(),
  /** Runs in a row that came to nothing. */
  attempts: z.int(),
  failure: z.string().optional(),
  /** Done, because what it was to do is another job's by now. */
  superseded: z.literal(true).optional(),
  /** The segment of the scan that is read, and where in it the next page begins. */
  segment: z.int(),
  from: z.object({ pk: z.string(), sk: z.string() }).optional(),
  contacts: z.int(),
  tallies: z.array(tally),
  /** Of a preview of scoring rules. */
  scores: scoreTally.optional(),
  /** Contacts that could not be read or judged. */
  failures: z.object({ count: z.int(), samples: z.array(z.string()) }),
  /** Result pages, numbered from 0, and the ids in them. */
  pages: z.int(),
  listed: z.int(),
});
export type Job = z.infer<typeof job>;

/** A job that nobody has begun. */
export function newJob(
  made: Pick<Job, 'id' | 'controller' | 'createdBy' | 'createdAt'> & { task: Task },
): Job {
  return {
    ...made,
    schema: 1,
    expiresAt: plus(made.createdAt, KEPT),
    state: 'waiting',
    rev: 1,
    attempts: 0,
    segment: 0,
    contacts: 0,
    tallies: [],
    ...(made.task.kind === 'scoring-preview' ? { scores: NO_SCORES } : {}),
    failures: { count: 0, samples: [] },
    pages: 0,
    listed: 0,
  };
}

export function isOpen({ state }: Pick<Job, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

/** Whether nobody works on it: it waits, or its run has died. */
export function isFree({ leaseUntil }: Pick<Job, 'leaseUntil'>, at: Instant): boolean {
  return leaseUntil === undefined || leaseUntil <= at;
}

/** The end of a lease that begins at `at`. */
export function leaseFrom(at: Instant): Instant {
  return plus(at, LEASE);
}

/** How far a job is: a table cannot be counted beforehand, so the whole is guessed from the segments read. */
export function progressOf({ state, segment, contacts }: Job): { done: number; total?: number } {
  if (state === 'done') return { done: contacts, total: contacts };
  if (segment === 0) return { done: contacts };
  return { done: contacts, total: Math.max(contacts, Math.round((contacts / segment) * SEGMENTS)) };
}
