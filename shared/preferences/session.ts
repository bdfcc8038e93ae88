import * as z from 'zod';

import { HOUR, MINUTE, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { mailEvidence } from '../permission/evidence.ts';

/** Ends after this without a request, and in any case after that (T5). */
export const IDLE = 15 * MINUTE;
export const LONGEST = HOUR;
/** Taking data away, erasing and a new address ask for a log-in that is younger than this (D7). */
const FRESH = 15 * MINUTE;

const instant = z.iso.datetime({ precision: 3 });

/** A person's visit after a log-in by mail. What proves it is the mail, which is why it stands here. */
export const session = z.object({
  /** SHA-256 of the cookie's secret: nothing that opens it is at rest (T2). */
  hash: z.string(),
  contactId: z.string(),
  controller: z.string(),
  brand: z.string(),
  /** The address that the log-in mail went to: a session of another address proves nothing for today's. */
  addressKey: z.string(),
  since: instant,
  seenAt: instant,
  /** Browser and system in a few words, for the list of sessions. */
  device: z.string(),
  /** Id of the log-in and its mail, for the evidence of what was agreed to in it. */
  loginId: z.string(),
  mail: mailEvidence.optional(),
});
export type Session = z.infer<typeof session>;

/** When a session ends by itself. */
export function endsAt({ since, seenAt }: Pick<Session, 'since' | 'seenAt'>): Instant {
  const [idle, longest] = [plus(seenAt, IDLE), plus(since, LONGEST)];
  return idle < longest ? idle : longest;
}

/** Whether the log-in is young enough for what cannot be taken back. */
export function isFresh({ since }: Pick<Session, 'since'>, at: Instant): boolean {
  return at < plus(since, FRESH);
}
