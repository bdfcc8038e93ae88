import * as z from 'zod';

export const FAILURES = ['throttle', 'down', 'reject', 'lost-answer'] as const;

/** How the SES stand-in misbehaves; `{}` not at all. */
export const sesSwitches = z.strictObject({
  /** Every answer comes this many milliseconds late. */
  delayMs: z.int().min(0).max(600_000).optional(),
  /**
   * `throttle`: 429 · `down`: nobody listens, so nothing was accepted · `reject`: 400 MessageRejected ·
   * `lost-answer`: the mail is accepted, but the connection breaks before the answer.
   */
  fail: z.enum(FAILURES).optional(),
  /** The next bounce or complaint gets onto the suppression list, but nobody is told of it. */
  lose: z.literal('next').optional(),
});
export type SesSwitches = z.infer<typeof sesSwitches>;
