import * as z from 'zod';

import { keys } from '../platform/keys.ts';
import { getMany, queryPartition } from '../platform/read-many.ts';
import { get, remove, transact, write } from '../platform/table.ts';
import type { Action, Database, Put } from '../platform/table.ts';
import { isOpen, job } from './job.ts';
import type { Job } from './job.ts';

const listed = z.object({ sk: z.string(), createdAt: z.string() });
const holder = z.object({ jobId: z.string() });
const anyKey = z.object({ pk: z.string(), sk: z.string() });
export const jobPage = z.object({ ids: z.array(z.string()) });

export async function readJob(db: Database, jobId: string): Promise<Job | undefined> {
  return get(db, 'config', keys.job(jobId), job);
}

/** A new job where the `jobs` function finds it. */
export function jobPuts(made: Job): Action[] {
  return [
    { put: 'config', item: { ...keys.job(made.id), ...made } },
    { put: 'config', item: { ...keys.openJob(made.id), createdAt: made.createdAt } },
  ];
}

/**
 * Stores a new job. It takes one of its controller's `places`; a place is free again
 * once its job is open no more, so nobody has to give one back and none is ever lost.
 * @returns false where all places are taken
 */
export async function createJob(db: Database, made: Job, places: number): Promise<boolean> {
  const slots = Array.from({ length: places }, (_, slot) => keys.jobSlot(made.controller, slot));
  for (;;) {
    const holders = await getMany(db, 'config', slots, holder);
    const jobs = await Promise.all(holders.map(async (last) => last && readJob(db, last.jobId)));
    const free = jobs.findIndex((found) => !found || !isOpen(found) || found.expiresAt <= made.createdAt);
    if (free < 0) return false;
    const [slot, last] = [slots[free], holders[free]];
    const { done } = await transact(db, [
      ...jobPuts(made),
      {
        put: 'config',
        item: { ...slot, jobId: made.id },
        // Somebody else may have taken it since.
        ...(last
          ? { condition: 'jobId = :last', values: { ':last': last.jobId } }
          : { condition: 'attribute_not_exists(pk)' }),
      },
    ]);
    if (done) return true;
  }
}

/**
 * Writes a step of a job and the ids that it found, both or neither, if the job is still the one that the step was
 * made on.
 * @returns the job as stored; undefined where another run was faster, or the job was cancelled
 */
export async function saveJob(
  db: Database,
  before: Job,
  step: Partial<Job>,
  ids: readonly string[] = [],
): Promise<Job | undefined> {
  const after = { ...before, ...step, rev: before.rev + 1 };
  const put: Put = {
    put: 'config',
    item: { ...keys.job(after.id), ...after },
    condition: 'rev = :rev',
    values: { ':rev': before.rev },
  };
  const page: Put = { put: 'config', item: { ...keys.jobPage(after.id, before.pages), ids } };
  const saved = ids.length === 0 ? await write(db, put) : (await transact(db, [put, page])).done;
  return saved ? after : undefined;
}

/** Ends a job at once: nobody reads it any more, and a run that is at it cannot write its next step. */
export async function expireJob(db: Database, jobId: string, at: string): Promise<void> {
  await write(db, {
    update: 'config',
    key: keys.job(jobId),
    set: 'SET expiresAt = :at ADD rev :one',
    condition: 'attribute_exists(pk)',
    values: { ':at': at, ':one': 1 },
  });
}

export async function readJobPage(db: Database, jobId: string, page: number): Promise<string[]> {
  return (await get(db, 'config', keys.jobPage(jobId, page), jobPage))?.ids ?? [];
}

/** Ids of all jobs that are not gone yet, oldest first. */
export async function listJobs(db: Database): Promise<string[]> {
  const found: z.infer<typeof listed>[] = [];
  for await (const each of queryPartition(db, 'config', keys.openJob('').pk, listed)) found.push(each);
  return found.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1)).map(({ sk }) => sk);
}

/** Removes a job and its results; its place in the list goes last, so that a removal cut short is made again. */
export async function removeJob(db: Database, jobId: string): Promise<void> {
  for await (const { pk, sk } of queryPartition(db, 'config', keys.job(jobId).pk, anyKey)) {
    await remove(db, { remove: 'config', key: { pk, sk } });
  }
  await remove(db, { remove: 'config', key: keys.openJob(jobId) });
}
