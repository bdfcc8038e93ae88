import type { ScoreAction } from '../settings/scoring.ts';
import type { Score } from './score.ts';

/** What follows from a score: an MQL is handed over whatever its band and grade say (DOMAIN 6). */
export function whatSalesDoes({ action, mql }: Pick<Score, 'action' | 'mql'>): ScoreAction {
  return mql && (action === 'nurture' || action === 'none') ? 'inside-sales' : action;
}
