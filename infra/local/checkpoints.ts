import * as z from 'zod';

import { readJson, writeJson } from './json-file.ts';
import type { StreamPosition } from './stream-reader.ts';

/** How far each stream consumer came, kept over restarts; kill -9 loses at most the last few, never gains. */
export type Checkpoints = {
  get(consumer: string): StreamPosition | undefined;
  set(consumer: string, position: StreamPosition): void;
  /** Resolves when all is written. */
  flush(): Promise<void>;
};

const saved = z.record(z.string(), z.object({ stream: z.string(), shard: z.string(), sequence: z.string() }));

/** A file that cannot be read counts as none: delivering again is harmless. */
export async function openCheckpoints(path: string): Promise<Checkpoints> {
  const positions = (await readJson(path, saved).catch(() => undefined)) ?? {};
  let changed = false;
  let writing: Promise<void> | undefined;
  const write = async () => {
    while (changed) {
      changed = false;
      await writeJson(path, positions);
    }
  };
  const flush = () => (writing ??= write().finally(() => (writing = undefined)));
  return {
    get: (consumer) => positions[consumer],
    set: (consumer, position) => {
      positions[consumer] = position;
      changed = true;
      // One write at a time; what comes meanwhile is in the next one. The next change tries again after a failure.
      flush().catch(() => undefined);
    },
    flush: async () => {
      await writing?.catch(() => undefined);
      await flush();
    },
  };
}
