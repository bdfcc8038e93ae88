import * as z from 'zod';

import { replayed } from '../replay-shapes.ts';
import type { ReplayWish, Replayed } from '../replay-shapes.ts';
import { openDataFolder } from './data-folder.ts';
import { runningSystem } from './engine-record.ts';
import { openSystem } from './open-system.ts';

/** Replays within the local system where it runs, else within one that is started for that and nothing else. */
export async function* replayLocally(dataDir: string, wish: ReplayWish): AsyncGenerator<Replayed> {
  const folder = await openDataFolder(dataDir);
  const running = await runningSystem(folder.engine);
  if (running?.baseUrl !== undefined) {
    yield* await askRunning(running.baseUrl, wish);
    return;
  }
  const system = await openSystem({ port: 0, memory: false, dataDir }, process.env['DYNAMODB_ENDPOINT']);
  try {
    yield* system.replay(wish);
  } finally {
    await system.http.stop();
    await system.close();
  }
}

async function askRunning(baseUrl: string, wish: ReplayWish): Promise<Replayed[]> {
  const answer = await fetch(`${baseUrl}/dev/replay`, { method: 'POST', body: JSON.stringify(wish) });
  if (!answer.ok) throw new Error(`the local system answered ${answer.status}: ${await answer.text()}`);
  return z.object({ records: z.array(replayed) }).parse(await answer.json()).records;
}
