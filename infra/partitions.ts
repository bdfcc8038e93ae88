import { keys } from '../shared/platform/keys.ts';

/** Partitions that the rights of several functions are held to. */

/** Where jobs and their results are. */
export const JOBS = [keys.job('*').pk, keys.openJob('').pk];
/** Whether mail of a purpose was stopped … */
export const GUARDS = [keys.guard('*', '*').pk];
/** … and what became of it. */
export const REPUTATION = [keys.counted('*', '*', '*').pk];
/** What is known of recipients' domains, where machines read the mail. */
export const SCANS = [keys.domainScans('*', '*').pk];
/** What was done, contact by contact: an undo looks at what came since. */
export const CHAINS = [keys.evidence('*', 0).pk];
