import { wakeEach } from '../outbox/wake.ts';
import type { Database } from '../platform/table.ts';
import { wakeScore } from './store.ts';

/** Has every score worked out again that says something else by now: decay, the end of a quiet window, silence. */
export async function wakeScores(db: Database): Promise<number> {
  return wakeEach(db, 'engagement', (key, at) => wakeScore(db, key, at));
}
