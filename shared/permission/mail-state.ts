import * as z from 'zod';

import { mailEvidence } from './evidence.ts';

const instant = z.iso.datetime({ precision: 3 });
const tries = { attempt: z.int().nonnegative(), unsure: z.int().nonnegative() };

/** How far a mail to a contact got; the same states as a sign-up's own mail. */
export const mailState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('waiting'), until: instant, ...tries }),
  z.object({ state: z.literal('sending'), mail: mailEvidence, ...tries }),
  z.object({ state: z.literal('sent'), mail: mailEvidence }),
  /** Not sent: no longer wanted, no longer allowed, or given up. */
  z.object({ state: z.literal('dropped'), why: z.enum(['withdrawn', 'suppressed', 'failed']), at: instant }),
]);
export type MailState = z.infer<typeof mailState>;
