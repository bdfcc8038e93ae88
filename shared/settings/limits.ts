import * as z from 'zod';

/** Limits against abuse (T7). Every number can be changed while running. */
export const limits = z.object({
  /** Sign-ups per client address (IPv6: per /64) and hour. */
  signupsPerIpPerHour: z.int().positive().default(10),
  /** Service mails to one mailbox: one per window, and so many per day. */
  mailboxWindowMinutes: z.int().positive().default(15),
  mailboxPerDay: z.int().positive().default(3),
  /** Open requests of one address and brand; one more is answered alike and not stored. */
  openRequests: z.int().positive().default(10),
  /** Confirmation mails of one form: this rate when under attack, after a free burst. */
  formMailsPerMinute: z.int().positive().default(60),
  formBurst: z.int().positive().default(300),
  /** A form filled in faster or later than this is shown again. */
  minFillSeconds: z.number().nonnegative().default(2),
  maxFillHours: z.number().positive().default(2),
  /** Log-in mails that may be asked for per client address (IPv6: per /64) and hour. */
  loginsPerIpPerHour: z.int().positive().default(10),
  /** Calls of one API key (W8). */
  apiCallsPerMinute: z.int().positive().default(600),
  /** Jobs of one controller that are not done yet: each reads all contacts. */
  openJobs: z.int().positive().max(50).default(5),
});
export type Limits = z.infer<typeof limits>;
