import * as z from 'zod';

import { CRITERIA } from '../scoring/potential.ts';
import type { Criterion } from '../scoring/potential.ts';
import type { Explained } from '../scoring/explain.ts';
import { halfLifeOf, ruleOf } from '../scoring/interest.ts';
import type { Part } from '../scoring/interest.ts';
import { figuresOf, storedScore } from '../scoring/stored-score.ts';
import { whatSalesDoes } from '../scoring/what-sales-does.ts';
import type { Language } from '../settings/language.ts';
import type { Band, Grade, ScoreAction, ScoringRules } from '../settings/scoring.ts';
import { partName } from './part-name.ts';

/** What is stored of a score and left out of an export, each with its reason. */
export const INTERNAL_SCORE = {
  schema: true,
  /** Named above. */
  contactId: true,
  controller: true,
  accountId: true,
  /** An interim sum that saves reading days again; the days themselves are exported, and what is left of them. */
  carry: true,
  /** When our clock looks, whether it should look at once, and a counter. */
  dueAt: true,
  wokenAt: true,
  rev: true,
} as const;

const figures = storedScore.omit(INTERNAL_SCORE);
const part = z.object({
  /** Id of the kind of event in the rules. */
  rule: z.string(),
  name: z.string(),
  /** Day that the points fade from (UTC); of `older` ones the last. */
  day: z.iso.date(),
  older: z.literal(true).optional(),
  count: z.int().optional(),
  /** What one of them gives, and what all of a day give at most; absent where the rules do not name it any more. */
  pointsEach: z.number().optional(),
  pointsADay: z.number().optional(),
  /** Given on the day. */
  given: z.number().optional(),
  halfLifeDays: z.number(),
  /** What is left of it: these add up to the total. */
  left: z.number(),
  topics: z.record(z.string(), z.number()),
});
const criterion = z.object({
  criterion: z.enum(CRITERIA),
  name: z.string(),
  /** What is unknown has neither value nor points. */
  known: z.boolean(),
  value: z.string().optional(),
  points: z.number().optional(),
});

/** A score as the person whose it is may read it: figures, what each is made of, and what it means (G15). */
export const exportedScore = z.discriminatedUnion('scored', [
  figures.extend({
    scored: z.literal(true),
    inWords: z.object({
      interest: z.string(),
      potential: z.string(),
      action: z.string(),
      how: z.array(z.string()),
    }),
    parts: z.array(part),
    potentialParts: z.array(criterion),
  }),
  z.object({ scored: z.literal(false), inWords: z.string() }),
]);
type ExportedScore = z.infer<typeof exportedScore>;

/** What a score means, in the person's language. */
export type ScoreWords = {
  none: string;
  interest: Record<Band, string>;
  grades: Record<Grade, string>;
  actions: Record<ScoreAction, string>;
  criteria: Record<Criterion, string>;
  noReaction: string;
  /** How a score comes about under these rules. */
  how: (rules: ScoringRules) => string[];
};

/** Puts a score into words; where there is none, says so. */
export function exportScore(found: Explained, words: ScoreWords, language: Language): ExportedScore {
  if (!found.scored) return { scored: false, inWords: words.none };
  const { score, rules } = found;
  const { parts: criteria, grade } = score.potential;
  return {
    scored: true,
    ...figuresOf(score),
    inWords: {
      interest: words.interest[score.band],
      potential: words.grades[grade],
      action: words.actions[whatSalesDoes(score)],
      how: words.how(rules),
    },
    parts: score.interest.parts.map((each) => exportPart(each, rules, words, language)),
    potentialParts: criteria.map((each) => ({
      ...each,
      name: words.criteria[each.criterion],
      known: each.points !== undefined,
    })),
  };
}

function exportPart(
  { type, points, ...rest }: Part,
  rules: ScoringRules,
  words: ScoreWords,
  language: Language,
): z.infer<typeof part> {
  const rule = ruleOf(rules, type);
  return {
    ...rest,
    rule: type,
    name: partName(type, rules, words.noReaction, language),
    ...(rule ? { pointsEach: rule.points, pointsADay: rule.dayCap } : {}),
    halfLifeDays: halfLifeOf(rules, type),
    left: points,
  };
}
