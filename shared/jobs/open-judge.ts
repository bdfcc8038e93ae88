import type { LoadDeps } from '../decision/load-known.ts';
import { assertNever } from '../platform/assert-never.ts';
import { recalculate } from '../scoring/recalculate.ts';
import type { ScoreDeps } from '../scoring/recalculate.ts';
import type { Job } from './job.ts';
import { openDecided } from './judge.ts';
import { byPage, oneByOne } from './judge-contacts.ts';
import type { Judge } from './judge-contacts.ts';
import { openScorePreview } from './preview-scores.ts';

export type JudgeDeps = LoadDeps & ScoreDeps;

/**
 * What a job makes of contacts. Apart from `judge`, so that who only asks for jobs brings along nothing that scores.
 * @throws AppError as `openDecided` does
 */
export async function openJudge(
  deps: JudgeDeps,
  { controller, createdAt, task }: Pick<Job, 'controller' | 'createdAt' | 'task'>,
): Promise<Judge> {
  switch (task.kind) {
    case 'scoring-preview':
      return openScorePreview(deps, { controller, createdAt }, task);
    case 'recalculation':
      // Doing it again changes nothing.
      return oneByOne(
        (contact) => recalculate(deps, contact.id, { rulesSince: task.version }),
        () => ({ listed: false }),
      );
    case 'audience':
    case 'contacts-by-status':
    case 'settings-preview':
    case 'class-preview':
      return byPage(deps, await openDecided(deps, { controller, createdAt }, task));
    default:
      return assertNever(task);
  }
}
