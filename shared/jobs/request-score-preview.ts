import { checkDraft } from '../settings/change.ts';
import type { ChangeDeps } from '../settings/change.ts';
import type { Scoring } from '../settings/scoring.ts';
import { readSetting } from '../settings/store.ts';
import type { Acknowledged } from '../settings/store.ts';
import type { Job } from './job.ts';
import { queueJob } from './request-job.ts';
import type { Asker, QueueDeps } from './request-job.ts';

/**
 * Stores a job that tries out scoring rules against those in force now.
 * @throws AppError as `changeSetting` does for rules that could not be activated, and as `queueJob` does
 */
export async function requestScorePreview(
  deps: QueueDeps & ChangeDeps,
  asker: Asker,
  { document, acknowledged }: { document: Scoring; acknowledged?: Acknowledged | undefined },
): Promise<Job> {
  const { controller } = asker;
  const current = await readSetting(deps.db, 'scoring', controller, { consistent: true });
  await checkDraft(deps, { controller, kind: 'scoring', document, acknowledged }, current?.document);
  return queueJob(deps, asker, { kind: 'scoring-preview', document, against: current?.version ?? 0 });
}
