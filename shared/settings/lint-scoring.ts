import type { Around } from './around.ts';
import type { Finding } from './findings.ts';
import type { Scoring } from './scoring.ts';

/** Rules that contradict each other, or refer to what is not set. */
export function lintScoring(_document: Scoring, _previous: Scoring | undefined, _around: Around): Finding[] {
  return [];
}
