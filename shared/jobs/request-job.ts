import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Database } from '../platform/table.ts';
import type { Settings } from '../settings/store.ts';
import { newJob } from './job.ts';
import type { Job } from './job.ts';
import { createJob, expireJob, readJob } from './job-store.ts';
import { openDecided } from './judge.ts';
import type { DecidedDeps, DecidedTask } from './judge.ts';
import type { Task } from './task.ts';

export type Asker = { controller: string; keyId: string; at: Instant };
export type QueueDeps = { db: Database; settings: Pick<Settings, 'limits'> };

/** The `jobs` function runs once a minute. */
const RETRY_SECONDS = 60;

/**
 * Stores a job about decisions for the next run of the `jobs` function.
 * @throws AppError where it names what does not exist, so that nobody waits for a job that cannot be done, and as
 *   `queueJob` does
 */
export async function requestJob(
  deps: DecidedDeps & QueueDeps,
  asker: Asker,
  task: DecidedTask,
): Promise<Job> {
  await openDecided(deps, { controller: asker.controller, createdAt: asker.at }, task);
  return queueJob(deps, asker, task);
}

/** @throws AppError `too-many` where too many of the controller's jobs are open */
export async function queueJob(deps: QueueDeps, { controller, keyId, at }: Asker, task: Task): Promise<Job> {
  const made = newJob({ id: newId('job'), controller, createdBy: keyId, createdAt: at, task });
  const { openJobs } = await deps.settings.limits();
  if (await createJob(deps.db, made, openJobs)) return made;
  throw new AppError('too-many', `${openJobs} jobs are open; ask again when one is done, or end one.`, {
    reason: 'too-many-jobs',
    retryAfter: RETRY_SECONDS,
  });
}

/**
 * A job of this controller.
 * @throws AppError `not-found` for somebody else's, and for one whose time is over
 */
export async function readOwnJob(
  db: Database,
  { controller, at }: Pick<Asker, 'controller' | 'at'>,
  jobId: string,
): Promise<Job> {
  const job = await readJob(db, jobId);
  if (job?.controller !== controller || job.expiresAt <= at)
    throw new AppError('not-found', 'there is no such job');
  return job;
}

/**
 * Ends a job and takes its results away, whether it is done or not.
 * @throws AppError `conflict` for a recalculation: scores of two versions of the rules would stand side by side
 */
export async function cancelJob(
  db: Database,
  asker: Pick<Asker, 'controller' | 'at'>,
  jobId: string,
): Promise<void> {
  const { id, task } = await readOwnJob(db, asker, jobId);
  if (task.kind === 'recalculation') {
    throw new AppError('conflict', 'a recalculation ends by itself, or when other rules are activated');
  }
  await expireJob(db, id, asker.at);
}
