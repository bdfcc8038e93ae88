import { countsFrom } from './day-counts.ts';
import { judgeReactions } from '../engagement/verdict.ts';
import type { EngagementEvent } from '../engagement/event.ts';
import { DELIVERED } from '../engagement/event.ts';
import type { Instant } from '../platform/clock.ts';
import type { Scoring } from '../settings/scoring.ts';

/** When the person last did something that we may know of: their own act, or a reaction that no machine made. */
export function lastReaction(
  events: readonly EngagementEvent[],
  rules: Pick<Scoring, 'types' | 'noReaction' | 'quietSeconds'>,
  at: Instant,
): Instant | undefined {
  const known = events.filter(({ occurredAt }) => occurredAt <= at);
  const judged = judgeReactions(known);
  const against = new Set(rules.types.filter(({ points }) => points < 0).map(({ id }) => id));
  return known
    .filter((event) => {
      if (event.type === DELIVERED || event.mail?.leaving || against.has(event.type)) return false;
      const from = countsFrom(event, rules);
      return (
        judged.get(event)?.verdict !== 'suspect' &&
        judged.get(event)?.verdict !== 'machine' &&
        (from ?? '') <= at
      );
    })
    .reduce<Instant | undefined>(
      (last, { occurredAt }) => (last === undefined || occurredAt > last ? occurredAt : last),
      undefined,
    );
}
