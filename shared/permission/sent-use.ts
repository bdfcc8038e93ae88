import * as z from 'zod';

/** A message that was sent, or a call that was made, as a proof names it: without a word about the person. */
export const sentUse = z.object({
  sendId: z.string(),
  at: z.string(),
  channel: z.string(),
  brand: z.string(),
  use: z.string(),
  mailing: z.string().optional(),
});
export type SentUse = z.infer<typeof sentUse>;
