import type { EngagementEvent } from '../engagement/event.ts';
import { GRADES } from '../settings/scoring.ts';
import type { Band, Grade, ScoreAction, Scoring, ScoringRules } from '../settings/scoring.ts';
import type { Instant } from '../platform/clock.ts';
import { countDays } from './day-counts.ts';
import type { DayCounts } from './day-counts.ts';
import { finalDay, interestAt } from './interest.ts';
import type { Carry, Interest } from './interest.ts';
import { potentialOf } from './potential.ts';
import type { Potential, PotentialFacts } from './potential.ts';

/** Everything that a score rests on. */
export type ScoreInput = {
  /** Events of the days that are not final at the instant asked for, and of one day before. */
  events: readonly EngagementEvent[];
  /** Final days, counted: all of them, or those since `from`. */
  days: DayCounts;
  from?: Carry | undefined;
  facts: PotentialFacts;
  rules: ScoringRules;
};
/** What makes a contact ripe for sales: all its interest, or that in one topic. */
export type Mql = { by: 'total' } | { by: 'topic'; topic: string };
export type Score = {
  at: Instant;
  /** Version of the rules. */
  rules: number;
  interest: Interest;
  band: Band;
  potential: Potential;
  action: ScoreAction;
  mql?: Mql | undefined;
  /** What was counted, day by day. */
  days: DayCounts;
};

/** The score of a contact at an instant, past, present or future (DOMAIN 6). Pure. */
export function scoreAt({ events, days, from, facts, rules }: ScoreInput, at: Instant): Score {
  const counted = allDays(events, days, rules, at);
  const interest = interestAt(counted, rules, at, from);
  const potential = potentialOf(facts, rules);
  const verdict = verdictOf(interest, potential.grade, rules);
  return { at, rules: rules.version, interest, potential, ...verdict, days: counted };
}

/** What follows from interest and grade: band, sales action, and whether marketing hands over. */
export function verdictOf(
  { total, topics }: Pick<Interest, 'total' | 'topics'>,
  grade: Grade,
  { bands, actions, mql }: Pick<Scoring, 'bands' | 'actions' | 'mql'>,
): Pick<Score, 'band' | 'action' | 'mql'> {
  const band = bandOf(total, bands);
  const action = actions[`${band}${grade}`];
  if (GRADES.indexOf(grade) > GRADES.indexOf(mql.grade)) return { band, action };
  if (total >= mql.total) return { band, action, mql: { by: 'total' } };
  const [topic] = Object.entries(topics)
    .filter(([, points]) => points >= mql.topic)
    .toSorted(([a, most], [b, more]) => more - most || (a < b ? -1 : 1));
  return { band, action, ...(topic ? { mql: { by: 'topic', topic: topic[0] } as const } : {}) };
}

function bandOf(total: number, bands: Scoring['bands']): Band {
  if (total >= bands['1']) return 1;
  if (total >= bands['2']) return 2;
  return total >= bands['3'] ? 3 : 4;
}

/** Counts of every day at `at`: of final days as they are kept, where they are. */
function allDays(
  events: readonly EngagementEvent[],
  days: DayCounts,
  rules: ScoringRules,
  at: Instant,
): DayCounts {
  const last = finalDay(at);
  const kept = [...days].filter(([day]) => day <= last);
  return new Map([...countDays(events, rules, at), ...kept]);
}
