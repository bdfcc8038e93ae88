import * as z from 'zod';

import { countryCode, settingId } from './brand.ts';
import { localized } from './language.ts';
import { EVENT_TYPES, POTENTIAL, SALES_ACTIONS } from './scoring-defaults.ts';

/** Where somebody stands in their company. */
export const POSITIONS = ['owner', 'board', 'head', 'manager', 'specialist', 'student'] as const;
/** What somebody does when the company buys. */
export const BUYING_ROLES = ['decider', 'buyer', 'influencer', 'initiator', 'user', 'gatekeeper'] as const;
/** How far somebody may decide about money. */
export const AUTHORITIES = ['alone', 'shared', 'none'] as const;
export const GRADES = ['A', 'B', 'C', 'D'] as const;
export type Grade = (typeof GRADES)[number];
/** Interest bands: 1 is the highest. */
export const BANDS = [1, 2, 3, 4] as const;
export type Band = (typeof BANDS)[number];
export const ACTIONS = ['key-account', 'field-sales', 'inside-sales', 'nurture', 'none'] as const;
export type ScoreAction = (typeof ACTIONS)[number];

const points = z.int().min(-1_000).max(1_000);
const halfLifeDays = z.int().min(1).max(3_650);

/** One kind of engagement: what it is worth, and what it needs to be kept at all. */
export const eventType = z.object({
  id: settingId,
  name: localized,
  points,
  /** After so many days half of the points are left; the document's own unless told. */
  halfLifeDays: halfLifeDays.optional(),
  /** Points of this type count on one UTC day up to here, in either direction. */
  dayCap: z.int().nonnegative(),
  /**
   * `tracked`: watched without the person's doing (a click, a page visit): needs the permission `tracking` (G12).
   * `act`: done knowingly (a form, a download, a visit at a fair): needs none, but a purpose.
   */
  kind: z.enum(['tracked', 'act']),
  /** What an act is kept for, in the person's words. */
  purpose: localized.optional(),
});
export type EventType = z.infer<typeof eventType>;

/** Points for a number: those of the last step that it reaches; `over` steps begin above their number. */
const step = z.union([
  z.strictObject({ from: z.number().nonnegative(), points }),
  z.strictObject({ over: z.number().nonnegative(), points }),
]);
export type Step = z.infer<typeof step>;
const words = z.array(z.string().trim().min(1).max(100)).max(500);

const potential = z.object({
  position: z.record(z.enum(POSITIONS), points),
  /** Words in a job title that tell a position, where nobody has said it; their order counts (see `positionIn`). */
  positionWords: z.array(z.object({ position: z.enum(POSITIONS), words: words.min(1) })),
  /** Words in the name of a department that we sell to. */
  department: z.object({ words, points }),
  /** Employees. */
  companySize: z.array(step),
  /** Millions of euros a year. */
  revenue: z.array(step),
  industry: z.object({ industries: words, points }),
  country: z.object({ countries: z.array(countryCode), points }),
  decisionAuthority: z.record(z.enum(AUTHORITIES), points),
  buyingRole: z.record(z.enum(BUYING_ROLES), points),
  /** A company whose name opens doors. */
  referenceValue: points,
});

/**
 * How a controller scores its contacts (DOMAIN 6). Every number can be changed; each default is the one of the domain.
 * A version of it is never changed: going back is activating an earlier one anew.
 */
export const scoring = z.object({
  /** The controller's id. */
  id: settingId,
  types: z.array(eventType).max(200).default(EVENT_TYPES),
  halfLifeDays: halfLifeDays.default(30),
  /** Nobody reacted to a mailing within so many days of its delivery. */
  noReaction: z
    .object({
      points: z.int().min(-1_000).max(0),
      days: z.int().min(1).max(28),
      dayCap: z.int().nonnegative(),
    })
    .default({ points: -10, days: 7, dayCap: 20 }),
  /** A click counts when nothing within so many seconds shows that a machine made it. */
  quietSeconds: z.int().min(0).max(3_600).default(60),
  /** From how many points of interest on a band begins; below the third is band 4. */
  bands: z.object({ '1': z.int(), '2': z.int(), '3': z.int() }).default({ '1': 100, '2': 60, '3': 30 }),
  /** From how many points of potential on a grade begins; below C is D. */
  grades: z.object({ A: z.int(), B: z.int(), C: z.int() }).default({ A: 75, B: 50, C: 25 }),
  potential: potential.default(POTENTIAL),
  /** What sales does with a band and a grade: `1A`. */
  actions: z
    .record(z.templateLiteral([z.enum(['1', '2', '3', '4']), z.enum(GRADES)]), z.enum(ACTIONS))
    .default(SALES_ACTIONS),
  /** A lead that marketing hands over: so many points in all, or in one topic, and this grade or a better one. */
  mql: z
    .object({ total: z.int(), topic: z.int(), grade: z.enum(GRADES) })
    .default({ total: 60, topic: 40, grade: 'C' }),
});
export type Scoring = z.infer<typeof scoring>;
/** The rules in force, and the version of the document that they are; 0 where none is set. */
export type ScoringRules = Scoring & { version: number };
