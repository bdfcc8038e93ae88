import { replayFailures } from '../replay-failures.ts';
import type { ReplayWish, Replayed } from '../replay-shapes.ts';
import type { DataFolder } from './data-folder.ts';
import type { LocalDatabase } from './database.ts';
import { readFailures } from './failures.ts';
import type { Invoke } from './handlers.ts';
import { firstFailure } from './stream-delivery.ts';

/** Replays what a function of this local system failed on; only where the system runs may anybody change the file. */
export function replayHere(
  deps: { folder: DataFolder; database: LocalDatabase; invoke: Invoke },
  wish: ReplayWish,
): AsyncGenerator<Replayed> {
  const call = (Records: object[]) => deps.invoke(wish.function, { Records });
  return replayFailures(
    {
      waiting: readFailures(deps.folder, wish.function),
      streams: deps.database.clients.streams,
      feed: async (record) => (await firstFailure([record], { call })) === undefined,
    },
    wish,
  );
}
