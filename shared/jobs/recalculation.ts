import type { Instant } from '../platform/clock.ts';
import { sha256 } from '../platform/ids.ts';
import type { Database } from '../platform/table.ts';
import { readScoringRules } from '../settings/store.ts';
import { newJob } from './job.ts';
import type { Job } from './job.ts';

type Begun = { controller: string; version: number; keyId: string; at: Instant };

/** The id of the job that scores everybody under a version of the rules. */
export function recalculationId(controller: string, version: number): string {
  return `job_${sha256(`${controller}\n${version}`).slice(0, 32)}`;
}

/** The job that scores everybody anew: rules are active with it, or not at all. */
export function newRecalculation({ controller, version, keyId, at }: Begun): Job {
  const id = recalculationId(controller, version);
  const task = { kind: 'recalculation', version } as const;
  return newJob({ id, controller, createdBy: keyId, createdAt: at, task });
}

/** Whether other rules were activated since: their own job scores everybody. */
export async function isSuperseded(
  db: Database,
  { controller, task }: Pick<Job, 'controller' | 'task'>,
): Promise<boolean> {
  return task.kind === 'recalculation' && (await readScoringRules(db, controller)).version !== task.version;
}
