import { STREAMS } from '../triggers.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { DataFolder } from './data-folder.ts';
import type { LocalDatabase } from './database.ts';
import { TABLE_PREFIX } from './environment.ts';
import { discardToFile } from './failures.ts';
import type { Invoke } from './handlers.ts';
import { startPoller } from './stream-poller.ts';
import type { Poller } from './stream-poller.ts';
import { openStream } from './stream-reader.ts';
import { prefixedName } from './tables.ts';

/** Feeds every stream consumer; each has a poller of its own, so that none waits for another. */
export async function startStreams(deps: {
  database: LocalDatabase;
  checkpoints: Checkpoints;
  folder: DataFolder;
  invoke: Invoke;
}): Promise<Poller> {
  const pollers: Poller[] = [];
  const nudge = () => {
    for (const poller of pollers) poller.nudge();
  };
  for (const mapping of STREAMS) {
    const name = mapping.function;
    const table = prefixedName(TABLE_PREFIX, mapping.table);
    const consumer = `${name} of ${mapping.table}`;
    const reader = await openStream(deps.database.clients, table, deps.checkpoints.get(consumer));
    pollers.push(
      startPoller(mapping, {
        reader,
        call: (event) => deps.invoke(name, event),
        checkpoint: (position) => deps.checkpoints.set(consumer, position),
        discard: discardToFile(deps.folder, name),
        called: nudge,
      }),
    );
  }
  return {
    nudge,
    stop: async () => {
      await Promise.all(pollers.map((poller) => poller.stop()));
      await deps.checkpoints.flush();
    },
  };
}
