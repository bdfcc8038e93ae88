import { contact } from '../contacts/contact.ts';
import { now, nowMs } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import { scanPage } from '../platform/read-many.ts';
import type { Item } from '../platform/table.ts';
import { SEGMENTS, leaseFrom } from './job.ts';
import type { Job } from './job.ts';
import { saveJob } from './job-store.ts';
import type { Judge, Outcome } from './judge-contacts.ts';
import { openJudge } from './open-judge.ts';
import type { JudgeDeps } from './open-judge.ts';
import { isSuperseded } from './recalculation.ts';
import { addMoves } from './score-tally.ts';
import { addMarks } from './tally.ts';

/** When a run ends (ms since 1970), and how many items it reads at once. */
export type Run = { stopAt: number; page: number };

const FAILURES_SHOWN = 20;

/**
 * Goes on with a job until it is done or the run ends. Every page is written together with the checkpoint
 * behind it, so whatever ends a run, the next one goes on from there.
 */
export async function advanceJob(deps: JudgeDeps, found: Job, { stopAt, page }: Run): Promise<void> {
  // Of two runs one gets the lease; the other leaves the job alone.
  let job = await saveJob(deps.db, found, { state: 'running', leaseUntil: leaseFrom(now()) });
  if (!job) return;
  if (await isSuperseded(deps.db, job)) {
    await saveJob(deps.db, job, { state: 'done', superseded: true, leaseUntil: undefined });
    return;
  }
  const judge = await openJudge(deps, job);
  while (job && job.state === 'running' && nowMs() < stopAt) {
    const { items, next } = await scanPage(deps.db, 'contacts', {
      segment: job.segment,
      segments: SEGMENTS,
      from: job.from,
      limit: page,
    });
    const outcomes = await judgeItems(judge, items, job.controller);
    job = await savePage(deps, job, next, outcomes);
  }
  if (job?.state === 'running') await saveJob(deps.db, job, { leaseUntil: undefined });
}

async function savePage(
  { db }: JudgeDeps,
  job: Job,
  next: Job['from'],
  outcomes: readonly Outcome[],
): Promise<Job | undefined> {
  const failed = outcomes.filter((each) => 'failed' in each).map(({ id }) => id);
  const judged = outcomes.flatMap((each) => ('failed' in each ? [] : [each]));
  const ids = judged.filter(({ listed }) => listed).map(({ id }) => id);
  const segment = next ? job.segment : job.segment + 1;
  const done = segment === SEGMENTS;
  const step: Partial<Job> = {
    state: done ? 'done' : 'running',
    leaseUntil: done ? undefined : leaseFrom(now()),
    attempts: 0,
    segment,
    from: next,
    contacts: job.contacts + outcomes.length,
    tallies: addMarks(job.tallies, judged),
    ...(job.scores ? { scores: addMoves(job.scores, judged) } : {}),
    failures: {
      count: job.failures.count + failed.length,
      samples: [...job.failures.samples, ...failed].slice(0, FAILURES_SHOWN),
    },
    pages: job.pages + (ids.length > 0 ? 1 : 0),
    listed: job.listed + ids.length,
  };
  return saveJob(db, job, step, ids);
}

/** The table holds more than contacts, and contacts of others. */
async function judgeItems(judge: Judge, items: readonly Item[], controller: string): Promise<Outcome[]> {
  const { sk } = keys.contact('');
  const own = items.filter((item) => item['sk'] === sk && item['controller'] === controller);
  const parsed = own.map((item) => ({ pk: String(item['pk']), ...contact.safeParse(item) }));
  const damaged = parsed
    .filter(({ success }) => !success)
    .map(({ pk }): Outcome => ({ id: pk.slice(keys.contact('').pk.length), failed: true }));
  return [...damaged, ...(await judge(parsed.flatMap(({ data }) => data ?? [])))];
}
