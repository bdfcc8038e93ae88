import { changeSetting } from '../settings/change.ts';
import type { Change, ChangeDeps, Changed } from '../settings/change.ts';
import type { SettingKind } from '../settings/store.ts';
import { jobPuts } from './job-store.ts';
import { newRecalculation } from './recalculation.ts';

/**
 * Stores the next version of a document. Scoring rules bring the job that scores everybody anew in the same write, so
 * that there are no rules in force that nobody applies. It takes no place among open jobs: it is never refused.
 * @throws AppError as `changeSetting` does
 */
export async function activateSetting<K extends SettingKind>(
  deps: ChangeDeps,
  { keyId, ...change }: Change<K> & { keyId: string },
): Promise<Changed & { job?: string }> {
  if (change.kind !== 'scoring') return changeSetting(deps, change);
  const { controller, expected, at } = change;
  const job = newRecalculation({ controller, version: expected + 1, keyId, at });
  return { ...(await changeSetting(deps, { ...change, also: jobPuts(job) })), job: job.id };
}
