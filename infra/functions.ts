import { HTTP_FUNCTIONS } from './http-functions.ts';
import { WORKER_FUNCTIONS } from './worker-functions.ts';

/**
 * What runs, what wakes it and what it may touch: one table, read by the CDK stacks, by the local system and by
 * the tests. Paths, filters and limits exist nowhere else.
 */
export const FUNCTIONS = { ...HTTP_FUNCTIONS, ...WORKER_FUNCTIONS } as const;

export type FunctionName = keyof typeof FUNCTIONS;
