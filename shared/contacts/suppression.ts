import { isDeepStrictEqual } from 'node:util';

import * as z from 'zod';

import { assertNever } from '../platform/assert-never.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';

/** Five soft bounces in 30 days close an address for 30 days, five more for good (DOMAIN 2, V3). */
const SOFT_LIMIT = 5;
const SOFT_WINDOW = 30 * DAY;
const SOFT_BLOCK = 30 * DAY;
/** A hard-bounced address may get a confirmation mail again after this (DOMAIN 2). */
const RETRY_AFTER = 30 * DAY;
/** Soft bounces kept: both rounds of five and as many that came to nothing. */
const SOFT_KEPT = 20;

const instant = z.iso.datetime({ precision: 3 });

/**
 * What we learned about mail to one address. Of each kind only the latest is kept, and what follows from them is
 * derived, so that news may arrive in any order and more than once (V7).
 */
export const suppression = z.object({
  hard: z.object({ at: instant, reason: z.string() }).optional(),
  complaint: z.object({ at: instant }).optional(),
  /** Since mail last arrived; oldest first, one per id. */
  soft: z.array(z.object({ at: instant, id: z.string() })),
  deliveredAt: instant.optional(),
  /** When a hard-bounced address got the one confirmation mail that it may get. */
  retriedAt: instant.optional(),
  /** When the owner clicked a link of ours: proof of the mailbox. */
  provenAt: instant.optional(),
});
export type Suppression = z.infer<typeof suppression>;

export type SuppressionNews =
  | { kind: 'hard-bounce'; at: Instant; reason: string }
  /** `id` is the same whenever the same bounce is told again. */
  | { kind: 'soft-bounce'; at: Instant; id: string }
  | { kind: 'complaint' | 'delivery' | 'retry' | 'proof'; at: Instant };

export type SuppressionReason = 'complaint' | 'hard-bounce' | 'soft-bounces';
export type SuppressionVerdict = { suppressed: false } | { suppressed: true; reason: SuppressionReason };

/** The state after one more piece of news: the very `state` given where it tells nothing new. */
export function applyNews(state: Suppression | undefined, news: SuppressionNews): Suppression {
  const told = withNews(state ?? { soft: [] }, news);
  const next = { ...told, soft: recent(told) };
  return state && isDeepStrictEqual(next, state) ? state : next;
}

/** Whether mail to the address must stay away at `at`; the strictest reason is given. */
export function isSuppressed(state: Suppression | undefined, at: Instant): SuppressionVerdict {
  if (!state) return { suppressed: false };
  if (state.complaint) return { suppressed: true, reason: 'complaint' };
  if (standingHardBounce(state)) return { suppressed: true, reason: 'hard-bounce' };
  return softBlocked(state, at) ? { suppressed: true, reason: 'soft-bounces' } : { suppressed: false };
}

/** Whether news of a hard bounce or a complaint closes an address that is not closed by one of that kind. */
export function isStricter(state: Suppression | undefined, news: SuppressionNews): boolean {
  if (news.kind === 'complaint') return state?.complaint === undefined;
  const closed = (of: Suppression | undefined) => of !== undefined && standingHardBounce(of) !== undefined;
  return !closed(state) && closed(applyNews(state, news));
}

/**
 * Whether somebody who signs up now may get a confirmation mail. A hard-bounced address may get one, 30 days after
 * its last bounce (`retry`: to be told to `applyNews`); never after a complaint, never while soft bounces block
 * (DOMAIN 2).
 */
export function mayConfirm(
  state: Suppression | undefined,
  at: Instant,
): { allowed: true; retry: boolean } | { allowed: false; reason: SuppressionReason } {
  const verdict = isSuppressed(state, at);
  if (!state || !verdict.suppressed) return { allowed: true, retry: false };
  const { reason } = verdict;
  const hard = standingHardBounce(state);
  if (reason !== 'hard-bounce' || !hard || softBlocked(state, at)) return { allowed: false, reason };
  const retried = state.retriedAt !== undefined && state.retriedAt > hard.at;
  return !retried && plus(hard.at, RETRY_AFTER) <= at
    ? { allowed: true, retry: true }
    : { allowed: false, reason };
}

function withNews(state: Suppression, news: SuppressionNews): Suppression {
  switch (news.kind) {
    case 'hard-bounce':
      return { ...state, hard: laterHard(state.hard, { at: news.at, reason: news.reason }) };
    case 'soft-bounce':
      return { ...state, soft: [...state.soft, { at: news.at, id: news.id }] };
    case 'complaint':
      return { ...state, complaint: { at: later(state.complaint?.at, news.at) } };
    case 'delivery':
      return { ...state, deliveredAt: later(state.deliveredAt, news.at) };
    case 'retry':
      return { ...state, retriedAt: later(state.retriedAt, news.at) };
    case 'proof':
      return { ...state, provenAt: later(state.provenAt, news.at) };
    default:
      return assertNever(news);
  }
}

/** Delivery and proof forget the soft bounces before them. Both cut off the oldest, so either order ends alike. */
function recent({ soft, deliveredAt, provenAt }: Suppression): Suppression['soft'] {
  const arrived = later(deliveredAt, provenAt ?? '');
  const byId = new Map(soft.map((bounce) => [bounce.id, bounce]));
  return [...byId.values()]
    .filter(({ at }) => at > arrived)
    .sort((a, b) => (`${a.at}${a.id}` < `${b.at}${b.id}` ? -1 : 1))
    .slice(-SOFT_KEPT);
}

function softBlocked({ soft }: Suppression, at: Instant): boolean {
  let run: Instant[] = [];
  let until: Instant | undefined;
  for (const bounce of soft) {
    // Mails that were under way when the block began say nothing new.
    if (until !== undefined && bounce.at < until) continue;
    run = [...run.filter((earlier) => plus(earlier, SOFT_WINDOW) >= bounce.at), bounce.at];
    if (run.length < SOFT_LIMIT) continue;
    if (until !== undefined) return true;
    until = plus(bounce.at, SOFT_BLOCK);
    run = [];
  }
  return until !== undefined && at < until;
}

/** A delivery never lifts a hard bounce (V7); the owner's click does. */
function standingHardBounce({ hard, provenAt }: Suppression): Suppression['hard'] {
  return hard && (provenAt === undefined || provenAt < hard.at) ? hard : undefined;
}

function later(known: Instant | undefined, told: Instant): Instant {
  return known !== undefined && known > told ? known : told;
}

function laterHard(known: Suppression['hard'], told: { at: Instant; reason: string }) {
  return known && `${known.at}${known.reason}` > `${told.at}${told.reason}` ? known : told;
}
