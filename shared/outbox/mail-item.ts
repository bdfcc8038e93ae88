import * as z from 'zod';

import { mailEvidence } from '../permission/evidence.ts';
import { language } from '../settings/language.ts';

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

/** A service mail that follows from an act in the ledger. */
export const mailItem = z.object({
  id: z.string(),
  kind: z.enum(['welcome', 'unsubscribe-receipt']),
  controller: z.string(),
  contactId: z.string(),
  brand: z.string(),
  language,
  /** The ledger entry it follows from. */
  seq: z.int(),
  createdAt: instant,
  progress: mailState,
});
export type MailItem = z.infer<typeof mailItem>;
