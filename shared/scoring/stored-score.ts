import * as z from 'zod';

import { settingId } from '../settings/brand.ts';
import { ACTIONS, BANDS, GRADES } from '../settings/scoring.ts';
import { carry } from './interest.ts';
import type { Score } from './score.ts';

const instant = z.iso.datetime({ precision: 3 });

/**
 * The score of a contact as it was last worked out, for those who act on it; its parts are worked out anew whenever
 * somebody asks. It exists only while the person lets us keep a profile.
 */
export const storedScore = z.object({
  schema: z.literal(1),
  contactId: z.string(),
  controller: z.string(),
  accountId: z.string().optional(),
  at: instant,
  /** Version of the rules. */
  rules: z.int().nonnegative(),
  total: z.number(),
  topics: z.record(settingId, z.number()),
  band: z.literal(BANDS),
  grade: z.enum(GRADES),
  potential: z.number(),
  action: z.enum(ACTIONS),
  mql: z
    .discriminatedUnion('by', [
      z.object({ by: z.literal('total') }),
      z.object({ by: z.literal('topic'), topic: settingId }),
    ])
    .optional(),
  /** What the final days are worth: saves reading them again and again. */
  carry,
  /** The next instant at which it says something else by time alone. */
  dueAt: instant.optional(),
  /** Set by whoever wants it worked out again; every write of ours takes it away. */
  wokenAt: instant.optional(),
  /** Version condition of every write. */
  rev: z.int().positive(),
});
export type StoredScore = z.infer<typeof storedScore>;

/** What is kept of a score. */
export function figuresOf({ at, rules, interest, band, potential, action, mql }: Score) {
  const { total, topics } = interest;
  const { grade, points } = potential;
  return { at, rules, total, topics, band, grade, potential: points, action, ...(mql ? { mql } : {}) };
}
