import * as z from 'zod';

import { STREAMS } from './triggers.ts';

/** Functions that streams feed, and that have a failure queue therefore. */
export const CONSUMERS = [...new Set(STREAMS.map((stream) => stream.function))];
export type StreamConsumer = (typeof CONSUMERS)[number];

export const replayWish = z.strictObject({
  function: z.enum(CONSUMERS),
  /** Calls nobody and drops nothing. */
  dryRun: z.boolean().default(false),
  /** Takes out of the queue what no stream remembers. */
  dropForgotten: z.boolean().default(false),
});
export type ReplayWish = z.infer<typeof replayWish>;

/** What became of one record; what nobody can read, or no stream remembers, counts as one. */
export const replayed = z.object({
  outcome: z.enum(['waits', 'done', 'failed', 'forgotten', 'dropped', 'unreadable']),
  shard: z.string(),
  sequence: z.string(),
  /** When it was given up. */
  at: z.string(),
});
export type Replayed = z.infer<typeof replayed>;
