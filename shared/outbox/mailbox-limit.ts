import * as z from 'zod';

import { DAY, MINUTE, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Limits } from '../settings/limits.ts';

/** Service mails lately claimed for one mailbox; `ref` names the request, so that a repeated claim counts once. */
export const mailboxLimit = z.object({
  rev: z.int(),
  sends: z.array(z.object({ at: z.string(), ref: z.string() })),
});
export type MailboxLimit = z.infer<typeof mailboxLimit>;

export type MailboxLimits = Pick<Limits, 'mailboxWindowMinutes' | 'mailboxPerDay'>;

/** When the next mail may go to a mailbox: one per window, so many per day (T7). Pure. */
export function nextMailAt(sends: MailboxLimit['sends'], at: Instant, limits: MailboxLimits): Instant {
  const times = sends.map((send) => send.at).sort();
  const last = times.at(-1);
  const window = last ? plus(last, limits.mailboxWindowMinutes * MINUTE) : at;
  const crowded = times.at(-limits.mailboxPerDay);
  const day = crowded ? plus(crowded, DAY) : at;
  return [at, window, day].sort().at(-1) ?? at;
}
