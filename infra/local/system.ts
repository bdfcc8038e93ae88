import { rm } from 'node:fs/promises';

import { openSystem } from './open-system.ts';
import type { Options } from './options.ts';
import { startTicker } from './ticker.ts';

export type LocalSystem = {
  baseUrl: string;
  /** Resolves when the engine ends by itself. */
  ended: Promise<void>;
  /** Takes no more calls, finishes what runs, ends the engine. */
  stop(): Promise<void>;
};

/** Starts everything that stands in for AWS on this machine. */
export async function startSystem(options: Options): Promise<LocalSystem> {
  const { http, invoke, ended, startStreams, serve, close } = await openSystem(
    options,
    process.env['DYNAMODB_ENDPOINT'],
  );
  const streams = await startStreams();
  const ticker = startTicker({ invoke, ticked: streams.nudge });
  await serve(ticker, streams.nudge);
  return {
    baseUrl: `http://127.0.0.1:${http.port}`,
    ended,
    stop: async () => {
      await http.stop();
      await ticker.stop();
      await streams.stop();
      await close();
      if (options.memory) await rm(options.dataDir, { recursive: true, force: true });
    },
  };
}
