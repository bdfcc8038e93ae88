import { keys } from '../shared/platform/keys.ts';

/** Partitions that the rights of several functions are held to. */

/** Where jobs and their results are. */
export const JOBS = [keys.job('*').pk, keys.openJob('').pk];
/** What was done, contact by contact: an undo looks at what came since. */
export const CHAINS = [keys.evidence('*', 0).pk];
