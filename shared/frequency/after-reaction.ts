import type { ContactFrequency } from '../contacts/contact.ts';
import type { Instant } from '../platform/clock.ts';

/**
 * The frequency once somebody reacted: what was sent until then is answered, what went out since waits on (DOMAIN 5).
 * @returns the very `known` where that changes nothing, as it does the second time
 */
export function afterReaction(known: ContactFrequency, reactedAt: Instant): ContactFrequency {
  if (!known.unanswered || known.unanswered.since > reactedAt) return known;
  const { unanswered: _, ...rest } = known;
  const waiting = known.slots
    .filter((slot) => slot.channel === 'email' && slot.reservation === undefined && slot.at > reactedAt)
    .map(({ at }) => at)
    .sort();
  const [since] = waiting;
  return {
    ...rest,
    rev: known.rev + 1,
    ...(since === undefined ? {} : { unanswered: { count: waiting.length, since } }),
  };
}
