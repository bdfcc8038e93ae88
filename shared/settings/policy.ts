import * as z from 'zod';

import { settingId } from './brand.ts';
import { localized } from './language.ts';

/** At most `count` messages in any `days` days (sliding). */
export const cap = z.object({ count: z.int().nonnegative(), days: z.int().positive() });
export type Cap = z.infer<typeof cap>;

/** A share, not per cent: `0.003` is three in a thousand. */
const share = z.number().positive().max(1);
/** From `warn` on somebody is told, from `stop` on nothing more goes out; below `leastMails` a rate says nothing. */
const brake = z.object({ warn: share, stop: share, leastMails: z.int().positive().max(10_000) });

/**
 * How a controller treats its contacts over all brands (DOMAIN 2, 5, 8). Every number can be changed; each default is
 * the one of the domain.
 */
export const policy = z.object({
  /** The controller's id. */
  id: settingId,
  /** Contacts entered by staff rest this long without bulk use, so that sales can block first. */
  holdHours: z.int().nonnegative().default(24),
  /** A consent lapses after so many months without a lawful use, and is warned of before (G8). */
  lapse: z
    .object({ months: z.int().positive(), warnMonths: z.int().positive() })
    .default({ months: 24, warnMonths: 18 }),
  frequency: z
    .object({
      email: z.array(cap),
      /** E-mail to contacts of interest band 1. */
      emailHighAffinity: z.array(cap),
      phone: z.array(cap),
      post: z.array(cap),
      /** No reaction to `messages` messages or in `days` days: `slow`; after `stopAfter` more unanswered ones: nothing. */
      unanswered: z.object({
        messages: z.int().positive(),
        days: z.int().positive(),
        slow: cap,
        stopAfter: z.int().positive(),
      }),
      /** A reservation that is not used is released after this. */
      reservationMinutes: z.int().positive(),
    })
    .default({
      email: [
        { count: 2, days: 7 },
        { count: 6, days: 30 },
      ],
      emailHighAffinity: [
        { count: 4, days: 7 },
        { count: 12, days: 30 },
      ],
      phone: [{ count: 1, days: 30 }],
      post: [{ count: 1, days: 30 }],
      unanswered: { messages: 10, days: 180, slow: { count: 1, days: 30 }, stopAfter: 3 },
      reservationMinutes: 15,
    }),
  /** Mail of one purpose that bounces or is complained about too often is stopped (B1, B3). */
  guard: z.object({ bounces: brake, complaints: brake }).default({
    bounces: { warn: 0.02, stop: 0.04, leastMails: 500 },
    complaints: { warn: 0.001, stop: 0.003, leastMails: 1_000 },
  }),
  retention: z
    .object({
      /** Contact without grant or business, after its last own act (DOMAIN 8). */
      idleContactMonths: z.int().positive(),
      promotionMonths: z.int().positive(),
      /** Proof after a withdrawal: so many years, to the end of the year (G14). */
      proofYears: z.int().positive(),
      /** Proof of phone consent, from the grant and from each use (G7). */
      phoneProofYears: z.int().positive(),
    })
    .default({ idleContactMonths: 24, promotionMonths: 24, proofYears: 3, phoneProofYears: 5 }),
  /** Who else gets people's data, and what for: told on access (art. 15 GDPR). */
  recipients: z.array(z.object({ name: z.string().min(1), purpose: localized })).default([]),
  /** Days until a request that a person must answer is due, and until somebody is reminded of it (D1). */
  requests: z
    .object({ dueDays: z.int().positive(), alarmDays: z.int().positive() })
    .default({ dueDays: 30, alarmDays: 21 }),
});
export type Policy = z.infer<typeof policy>;
