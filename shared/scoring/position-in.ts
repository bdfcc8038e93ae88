import type { Scoring } from '../settings/scoring.ts';
import { findWords, fold } from './find-words.ts';

type Words = Scoring['potential']['positionWords'];
export type Position = Words[number]['position'];

/**
 * The position that a job title tells. Of words in one place the longest counts (a Teamleiter is no Leiter); of several
 * places the one whose word stands first in the rules.
 */
export function positionIn(jobTitle: string, rules: Words): Position | undefined {
  const title = fold(jobTitle);
  const all = rules.flatMap(({ position, words }) =>
    words.flatMap((word) => findWords(title, word).map((place) => ({ ...place, position }))),
  );
  return all.find(
    ({ start, end }) =>
      !all.some((other) => other.start < end && start < other.end && other.end - other.start > end - start),
  )?.position;
}
