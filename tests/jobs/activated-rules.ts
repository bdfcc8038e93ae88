import { lawAt } from '../../shared/decision/law.ts';
import { activateSetting } from '../../shared/jobs/activate-setting.ts';
import { readJob, readJobPage } from '../../shared/jobs/job-store.ts';
import { requestScorePreview } from '../../shared/jobs/request-score-preview.ts';
import { runJobs } from '../../shared/jobs/run-jobs.ts';
import { now } from '../../shared/platform/clock.ts';
import type { EventType, Scoring } from '../../shared/settings/scoring.ts';
import { readScoringRules } from '../../shared/settings/store.ts';
import { CONTROLLER } from '../support/system.ts';
import type { openTestSystem } from '../support/system.ts';

type Deps = Awaited<ReturnType<typeof openTestSystem>>['deps'];
/** Items that a run reads at once. */
export const PAGE = { page: 60 };

/** Rules are tried out and activated as the API does. */
export function rulesOf(deps: Deps) {
  const asker = { controller: CONTROLLER, keyId: 'ak_1' };
  const withLaw = () => ({ ...deps, law: lawAt(now()) });
  return {
    inForce: () => readScoringRules(deps.db, CONTROLLER),
    preview: async (document: Scoring) => {
      const { id } = await requestScorePreview(withLaw(), { ...asker, at: now() }, { document });
      await runJobs(deps, PAGE);
      const job = await readJob(deps.db, id);
      if (job?.state !== 'done') throw new Error(`the preview is ${job?.state}`);
      const pages = Array.from({ length: job.pages }, (_, at) => readJobPage(deps.db, id, at));
      return { job, listed: (await Promise.all(pages)).flat() };
    },
    /** @returns the id of the job that scores everybody anew */
    activate: async (document: Scoring, expected: number): Promise<string> => {
      const change = { kind: 'scoring', id: CONTROLLER, actor: 's-17', ...asker } as const;
      const { job } = await activateSetting(withLaw(), { ...change, document, expected, at: now() });
      if (job === undefined) throw new Error('nobody is scored anew');
      return job;
    },
  };
}

const RETYPED: Record<string, Partial<EventType>> = {
  download: { points: 35, dayCap: 35, halfLifeDays: 15 },
  'contact-request': { points: 5, dayCap: 5 },
  webinar: { points: 10 },
};

/** Rules under which nearly everything comes out differently. */
export function otherRules(rules: Scoring): Scoring {
  return {
    ...rules,
    halfLifeDays: 60,
    types: rules.types.map((type) => ({ ...type, ...RETYPED[type.id] })),
    noReaction: { points: -4, days: 4, dayCap: 8 },
    bands: { '1': 80, '2': 50, '3': 20 },
    grades: { A: 45, B: 30, C: 15 },
    actions: { ...rules.actions, '3B': 'inside-sales' },
    mql: { total: 35, topic: 30, grade: 'C' },
  };
}
