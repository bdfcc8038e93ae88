import { readAccount } from '../contacts/account-store.ts';
import type { Contact } from '../contacts/contact.ts';
import { dataUseSettings, mayUse } from '../decision/data-use.ts';
import { settingAsOf } from '../evidence/setting-as-of.ts';
import { judgeReactions } from '../engagement/verdict.ts';
import type { Judged } from '../engagement/verdict.ts';
import type { EngagementEvent } from '../engagement/event.ts';
import type { Instant } from '../platform/clock.ts';
import type { Database } from '../platform/table.ts';
import type { ScoringRules } from '../settings/scoring.ts';
import { readScoringRules, scoringRules } from '../settings/store.ts';
import { nextChange, saysOf } from './changes.ts';
import { countsFrom } from './day-counts.ts';
import { trackingKept, withoutForgotten } from './forget-tracked.ts';
import { loadInput } from './load-input.ts';
import type { ScoreDeps } from './recalculate.ts';
import { scoreAt } from './score.ts';
import type { Score, ScoreInput } from './score.ts';
import { readScore } from './store.ts';

/** An event of the last weeks, whose doing it was, and from when on it counts where that is still to come. */
export type ExplainedEvent = { event: EngagementEvent; judged?: Judged | undefined; countsFrom?: Instant };
/** What a score will say by time alone. */
export type Change = { at: Instant; from: Score; to: Score };
export type Explained =
  | { scored: false }
  | { scored: true; score: Score; rules: ScoringRules; events: ExplainedEvent[]; ahead: Change[] };

const EVENTS_SHOWN = 200;
const CHANGES_SHOWN = 5;

/**
 * A contact's score at an instant with everything that it is made of (G15): what was so far under the rules that were
 * in force then, what is to come under those of `now`. The potential is that of today's profile.
 */
export async function explainScore(
  { db, settings }: ScoreDeps,
  contact: Contact,
  { at, now }: { at: Instant; now: Instant },
): Promise<Explained> {
  if (!mayUse('profiling', contact, await dataUseSettings(settings, contact), now)) return { scored: false };
  const [known, account, rules] = await Promise.all([
    readScore(db, contact.id),
    contact.accountId === undefined ? undefined : readAccount(db, contact.accountId),
    at < now ? rulesAsOf(db, contact.controller, at) : readScoringRules(db, contact.controller),
  ]);
  const isKept = trackingKept(contact);
  const whole = await loadInput(db, { contact, account, rules, known, rebuild: isKept !== undefined, at });
  const input = isKept ? withoutForgotten(whole, isKept) : whole;
  const score = scoreAt(input, at);
  return { scored: true, score, rules, events: explainEvents(input, at), ahead: changesAhead(input, score) };
}

async function rulesAsOf(db: Database, controller: string, at: Instant): Promise<ScoringRules> {
  return scoringRules(controller, await settingAsOf(db, 'scoring', controller, at));
}

/** Newest first. */
function explainEvents({ events, rules }: ScoreInput, at: Instant): ExplainedEvent[] {
  const known = events.filter(({ occurredAt }) => occurredAt <= at);
  const judged = judgeReactions(known);
  return known
    .toSorted((a, b) => (a.occurredAt > b.occurredAt ? -1 : 1))
    .slice(0, EVENTS_SHOWN)
    .map((event) => {
      const from = countsFrom(event, rules);
      return {
        event,
        judged: judged.get(event),
        ...(from !== undefined && from > at ? { countsFrom: from } : {}),
      };
    });
}

function changesAhead(all: ScoreInput, score: Score): Change[] {
  const found: Change[] = [];
  // What was done later is no work of time.
  const input = { ...all, events: all.events.filter(({ occurredAt }) => occurredAt <= score.at) };
  let from = score;
  // Some looks find nothing new: an event begins to count and changes no threshold.
  for (let look = 0; look < 100 && found.length < CHANGES_SHOWN; look += 1) {
    const at = nextChange(input, from);
    if (at === undefined) break;
    const to = scoreAt(input, at);
    if (saysOf(to) !== saysOf(from)) found.push({ at, from, to });
    from = to;
  }
  return found;
}
