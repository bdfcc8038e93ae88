import * as z from 'zod';

export const loadRequest = z.object({
  method: z.enum(['GET', 'POST']),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
export type LoadRequest = z.infer<typeof loadRequest>;
/** What the client process is asked to do. */
export const loadJob = z.object({ port: z.int(), connections: z.int(), requests: z.array(loadRequest) });
/** What came of it: answers by status, and milliseconds from the first byte sent to the last one received. */
export const loadResult = z.object({
  seconds: z.number(),
  statuses: z.record(z.string(), z.int()),
  latencies: z.array(z.number()),
});
export type LoadResult = z.infer<typeof loadResult>;
