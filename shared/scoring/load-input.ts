import type { Account } from '../contacts/account.ts';
import type { Contact } from '../contacts/contact.ts';
import type { EngagementEvent } from '../engagement/event.ts';
import type { Instant } from '../platform/clock.ts';
import type { Database } from '../platform/table.ts';
import type { ScoringRules } from '../settings/scoring.ts';
import { finalDay } from './interest.ts';
import { potentialFacts } from './potential.ts';
import type { ScoreInput } from './score.ts';
import { readDays, readEvents } from './store.ts';
import type { StoredScore } from './stored-score.ts';

type Wanted = {
  contact: Contact;
  account: Account | undefined;
  rules: ScoringRules;
  /** The score as it was last written; nobody has counted any day where there is none. */
  known: StoredScore | undefined;
  /** What its final days were worth is no longer right. */
  rebuild?: boolean;
  /** Events since the last final day, where they were read already. */
  recent?: readonly EngagementEvent[];
  at: Instant;
};

/**
 * What the score of a contact at an instant rests on. Final days come from what they were worth when the score was last
 * written, where the rules are still the same; else from their counts; only where nobody has counted them yet from all
 * events. So one more event costs the same however many came before.
 */
export async function loadInput(db: Database, wanted: Wanted): Promise<ScoreInput> {
  const { contact, account, rules, known, rebuild = false, at } = wanted;
  const facts = potentialFacts(contact, account);
  const last = finalDay(at);
  const counted = known?.carry.through;
  if (!rebuild && carries(known, rules, at)) {
    const events = await eventsSince(db, wanted, known.carry.through);
    return { events, days: new Map(), from: known.carry, facts, rules };
  }
  const since = counted !== undefined && counted < last ? counted : last;
  const [days, events] = await Promise.all([
    readDays(db, contact.id),
    counted === undefined
      ? readEvents(db, contact.id, { since: '', most: Infinity })
      : eventsSince(db, wanted, since),
  ]);
  return { events, days, facts, rules };
}

/** The events since a day: those that are known already, and what came before them. */
async function eventsSince(
  db: Database,
  { contact: { id }, recent, at }: Wanted,
  since: string,
): Promise<EngagementEvent[]> {
  if (!recent) return readEvents(db, id, { since });
  const last = finalDay(at);
  return since >= last ? [...recent] : [...recent, ...(await readEvents(db, id, { since, until: last }))];
}

/** Whether what the final days were worth when a score was last written still holds. */
export function carries(
  known: StoredScore | undefined,
  rules: Pick<ScoringRules, 'version'>,
  at: Instant,
): known is StoredScore {
  return known !== undefined && known.carry.through <= finalDay(at) && known.rules === rules.version;
}
