import type * as z from 'zod';

import { serveParent } from './child.ts';
import { openConnection } from './http-connection.ts';
import { loadJob } from './load.ts';
import type { LoadResult } from './load.ts';

/**
 * Sends requests over a fixed number of connections, one after the other on each, and times the answers. A process
 * of its own, so that its work is in nobody's figures.
 */
async function run({ port, connections, requests }: z.infer<typeof loadJob>): Promise<LoadResult> {
  const left = requests.values();
  const statuses: Record<string, number> = {};
  const latencies: number[] = [];
  // Every connection comes from an address of its own, as visitors do; the whole of 127/8 is this machine.
  const open = await Promise.all(
    Array.from({ length: connections }, (_, at) =>
      openConnection(port, `127.1.${at >> 8}.${(at & 255) + 1}`),
    ),
  );
  const startedAt = performance.now();
  await Promise.all(
    open.map(async ({ send }) => {
      for (const next of left) {
        const sentAt = performance.now();
        const status = await send(next);
        latencies.push(performance.now() - sentAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const { close } of open) close();
  return { seconds, statuses, latencies };
}

serveParent({}, async (message) => run(loadJob.parse(message)));
