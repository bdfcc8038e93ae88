import * as z from 'zod';

import { ACTIONS, BANDS, GRADES } from '../settings/scoring.ts';
import type { Band, Grade, ScoreAction } from '../settings/scoring.ts';

/** What a score says under one set of rules. */
type Says = { total: number; band: Band; grade: Grade; action: ScoreAction; isMql: boolean };
/** What a contact's score says before and after a change of the rules. */
export type ScoreMove = { before: Says; after: Says };

const count = z.int().nonnegative();
const crossing = z.object({ count, samples: z.array(z.string()) });
const band = z.literal(BANDS);
const grade = z.enum(GRADES);
const action = z.enum(ACTIONS);

/** What a change of scoring rules does to all scores together. */
export const scoreTally = z.object({
  mql: z.object({ becomes: crossing, stops: crossing, stays: count, none: count }),
  bands: z.array(z.object({ from: band, to: band, count })),
  grades: z.array(z.object({ from: grade, to: grade, count })),
  actions: z.array(z.object({ from: action, to: action, count })),
  totals: z
    .array(z.object({ from: z.int(), before: count, after: count }))
    .describe('Contacts by their total in steps of ten; the first and the last step hold all beyond.'),
});
export type ScoreTally = z.infer<typeof scoreTally>;
type Pair<V> = { from: V; to: V };
type Step = ScoreTally['totals'][number];

export const NO_SCORES: ScoreTally = {
  mql: { becomes: { count: 0, samples: [] }, stops: { count: 0, samples: [] }, stays: 0, none: 0 },
  bands: [],
  grades: [],
  actions: [],
  totals: [],
};
/** Ids shown for either way across the threshold. */
const SAMPLES = 20;
/** A job is one item, and an item has an end (N9). */
const [STEP, LOWEST, HIGHEST] = [10, -200, 1_000];

/** Whether a contact becomes an MQL, or stops being one. */
export function crosses({ before, after }: ScoreMove): boolean {
  return before.isMql !== after.isMql;
}

/** The tally with one page more. */
export function addMoves(known: ScoreTally, page: readonly { id: string; moved?: ScoreMove }[]): ScoreTally {
  const found = page.flatMap(({ id, moved }) => (moved ? [{ id, ...moved }] : []));
  const ids = (was: boolean, is: boolean) =>
    found.flatMap(({ id, before, after }) => (before.isMql === was && after.isMql === is ? [id] : []));
  const { becomes, stops, stays, none } = known.mql;
  const pairs = <K extends 'band' | 'grade' | 'action'>(name: K) =>
    found.map(({ before, after }) => ({ from: before[name], to: after[name] }));
  return {
    mql: {
      becomes: addCrossing(becomes, ids(false, true)),
      stops: addCrossing(stops, ids(true, false)),
      stays: stays + ids(true, true).length,
      none: none + ids(false, false).length,
    },
    bands: addPairs(known.bands, pairs('band')),
    grades: addPairs(known.grades, pairs('grade')),
    actions: addPairs(known.actions, pairs('action')),
    totals: addTotals(known.totals, found),
  };
}

function addCrossing({ count: before, samples }: z.infer<typeof crossing>, ids: readonly string[]) {
  return { count: before + ids.length, samples: [...samples, ...ids].slice(0, SAMPLES) };
}

/** How many went from which to which. */
function addPairs<V extends string | number>(
  known: readonly (Pair<V> & { count: number })[],
  pairs: readonly Pair<V>[],
): (Pair<V> & { count: number })[] {
  const nameOf = ({ from, to }: Pair<V>) => `${from} ${to}`;
  const lines = new Map(known.map((line) => [nameOf(line), line]));
  for (const { from, to } of pairs) {
    const name = nameOf({ from, to });
    lines.set(name, { from, to, count: (lines.get(name)?.count ?? 0) + 1 });
  }
  return [...lines].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

function addTotals(known: readonly Step[], moves: readonly ScoreMove[]): Step[] {
  const steps = new Map(known.map((step) => [step.from, { ...step }]));
  const stepOf = (total: number): Step => {
    const from = Math.max(LOWEST, Math.min(HIGHEST, Math.floor(total / STEP) * STEP));
    const step = steps.get(from) ?? { from, before: 0, after: 0 };
    steps.set(from, step);
    return step;
  };
  for (const { before, after } of moves) {
    stepOf(before.total).before += 1;
    stepOf(after.total).after += 1;
  }
  return [...steps.values()].toSorted((a, b) => a.from - b.from);
}
