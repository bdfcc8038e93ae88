import * as z from 'zod';

import { DAY, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { cap } from '../settings/policy.ts';
import type { Cap, Policy } from '../settings/policy.ts';
import type { Use } from '../settings/uses.ts';
import type { CountedSlot } from './slots.ts';

/** Whose limit it is: our policy, the wording agreed to (G18), the person's wish, or their silence. */
export const CAP_REASONS = ['frequency', 'promised-frequency', 'own-wish', 'unanswered'] as const;
export type CapReason = (typeof CAP_REASONS)[number];

/** One limit on messages of a channel, or of one use of one brand. */
export const limit = cap.extend({ reason: z.enum(CAP_REASONS), per: z.enum(['channel', 'use']) });
export type Limit = z.infer<typeof limit>;

export type CapInput = {
  frequency: Policy['frequency'];
  use: Pick<Use, 'channel' | 'bulk'>;
  /** Interest band 1 (DOMAIN 5). */
  highAffinity: boolean;
  promised?: Cap | undefined;
  wish?: 'weekly' | 'monthly' | undefined;
  /** Only where we may know of reactions at all: without `tracking` silence proves nothing (DOMAIN 5). */
  unanswered?: { count: number; since: Instant } | undefined;
  slots: readonly CountedSlot[];
  at: Instant;
};

const WISHES = {
  weekly: { count: 1, days: 7 },
  monthly: { count: 1, days: 30 },
} as const satisfies Record<'weekly' | 'monthly', Cap>;

/** All limits that hold at once; the smallest of them decides (DOMAIN 5). */
export function capsFor(input: CapInput): Limit[] {
  const { use, promised, wish, unanswered } = input;
  const limits = ofPolicy(input).map((each): Limit => ({ ...each, reason: 'frequency', per: 'channel' }));
  if (promised) limits.push({ ...promised, reason: 'promised-frequency', per: 'use' });
  if (use.channel !== 'email') return limits;
  if (wish) limits.push({ ...WISHES[wish], reason: 'own-wish', per: 'channel' });
  const slowed = unanswered && afterSilence(input.frequency.unanswered, unanswered, input.slots, input.at);
  if (slowed) limits.push({ ...slowed, reason: 'unanswered', per: 'channel' });
  return limits;
}

/** The owner's calls are no campaign: the cap on calls is the call centre's. Data uses send nothing. */
function ofPolicy({ frequency, use, highAffinity }: CapInput): readonly Cap[] {
  switch (use.channel) {
    case 'email':
      return highAffinity ? frequency.emailHighAffinity : frequency.email;
    case 'phone':
      return use.bulk ? frequency.phone : [];
    case 'post':
      return frequency.post;
    case 'data':
      return [];
  }
}

/** Too many messages or too long without a reaction: first slow, then none. */
function afterSilence(
  rule: Policy['frequency']['unanswered'],
  { count, since }: { count: number; since: Instant },
  slots: readonly CountedSlot[],
  at: Instant,
): Cap | undefined {
  const slowFrom = plus(since, rule.days * DAY);
  if (count < rule.messages && at < slowFrom) return undefined;
  const sentSince = slots.filter((slot) => slot.until === undefined && slot.at >= slowFrom).length;
  const stopped = count >= rule.messages + rule.stopAfter || sentSince >= rule.stopAfter;
  return stopped ? { count: 0, days: rule.slow.days } : rule.slow;
}
