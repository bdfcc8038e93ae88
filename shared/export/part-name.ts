import { NO_REACTION } from '../scoring/interest.ts';
import type { Language } from '../settings/language.ts';
import type { Scoring } from '../settings/scoring.ts';

/** What a kind of event is called, or its id where the rules do not name it any more. */
export function partName(
  type: string,
  { types }: Pick<Scoring, 'types'>,
  noReaction: string,
  language: Language,
): string {
  if (type === NO_REACTION) return noReaction;
  return types.find(({ id }) => id === type)?.name[language] ?? type;
}
