import { SECOND, now, nowMs } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { errorFields, log } from '../platform/log.ts';
import type { Database } from '../platform/table.ts';
import { advanceJob } from './advance-job.ts';
import type { Run } from './advance-job.ts';
import { isFree, isOpen } from './job.ts';
import { listJobs, readJob, removeJob, saveJob } from './job-store.ts';
import type { JudgeDeps } from './open-judge.ts';

/** What one run may take; what is left goes on in the next. */
const BUDGET = 45 * SECOND;
/** Few enough that a page is judged and written within a second or two. */
const PAGE = 500;
/** A job that comes to nothing so often in a row is given up; a recalculation never: nobody would ask for it again. */
const ATTEMPTS = 5;

/**
 * Goes on with every job that is open, oldest first, and removes those whose time is over.
 * @param budget ms
 * @param page items read at once
 */
export async function runJobs(deps: JudgeDeps, { budget = BUDGET, page = PAGE } = {}): Promise<void> {
  const stopAt = nowMs() + budget;
  for (const jobId of await listJobs(deps.db)) {
    // One job that cannot be read or worked on must not stop the others.
    await runJob(deps, jobId, { stopAt, page }).catch((error: unknown) => {
      log('error', 'job-run-failed', { jobId, ...errorFields(error) });
    });
    if (nowMs() >= stopAt) return;
  }
}

async function runJob(deps: JudgeDeps, jobId: string, run: Run): Promise<void> {
  const job = await readJob(deps.db, jobId);
  if (!job || job.expiresAt <= now()) return removeJob(deps.db, jobId);
  if (!isOpen(job) || !isFree(job, now())) return;
  try {
    await advanceJob(deps, job, run);
  } catch (error) {
    await noteFailure(deps.db, jobId, error);
    throw error;
  }
}

/** What it asks for may be gone meanwhile: then no further run helps. */
async function noteFailure(db: Database, jobId: string, error: unknown): Promise<void> {
  const job = await readJob(db, jobId);
  if (!job || !isOpen(job)) return;
  const attempts = job.attempts + 1;
  const failure = error instanceof AppError ? error.message : 'the job could not be finished';
  const tried = job.task.kind !== 'recalculation' && attempts >= ATTEMPTS;
  const givenUp = error instanceof AppError || tried;
  await saveJob(db, job, {
    attempts,
    leaseUntil: undefined,
    ...(givenUp ? { state: 'failed', failure } : {}),
  });
}
