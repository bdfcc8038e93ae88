import { rm } from 'node:fs/promises';

import { openDatabase } from '../../shared/platform/table.ts';
import { seedDemo } from '../../shared/settings/seed.ts';
import { buildAll } from './build.ts';
import { openCheckpoints } from './checkpoints.ts';
import { emptyFolder, openDataFolder } from './data-folder.ts';
import { openLocalDatabase } from './database.ts';
import { ensureDemoKey } from './demo-key.ts';
import { connectDev } from './dev/connect.ts';
import { endRecordedEngine } from './engine-record.ts';
import { applyEnvironment } from './environment.ts';
import { loadHandlers } from './handlers.ts';
import { createListener, listen } from './http-server.ts';
import type { Options } from './options.ts';
import { ensureSecrets, ensureSigningKey } from './secrets-file.ts';
import { openSes } from './ses.ts';
import { startStreams } from './streams.ts';
import { restoreClock, startTicker } from './ticker.ts';

export type LocalSystem = {
  baseUrl: string;
  /** Resolves when the engine ends by itself. */
  ended: Promise<void>;
  /** Takes no more calls, finishes what runs, ends the engine. */
  stop(): Promise<void>;
};

/** Starts everything that stands in for AWS on this machine, in the order in which one needs the other. */
export async function startSystem(options: Options): Promise<LocalSystem> {
  const http = await listen(options.port);
  const baseUrl = `http://127.0.0.1:${http.port}`;
  const folder = await openDataFolder(options.dataDir);
  await endRecordedEngine(folder.engine);
  if (options.memory) await emptyFolder(folder);

  const [built, database, ses] = await Promise.all([
    buildAll(folder.build),
    openLocalDatabase(folder, { memory: options.memory, foreign: process.env['DYNAMODB_ENDPOINT'] }),
    openSes(folder),
    ensureSecrets(folder.secrets),
    ensureSigningKey(folder.signingKey),
    restoreClock(folder.clock),
  ]);
  applyEnvironment({
    baseUrl,
    dynamodb: database.endpoint,
    ses: ses.server.endpoint,
    secretsFile: folder.secrets,
    signingKeyFile: folder.signingKey,
    rootsFolder: folder.roots,
  });
  const db = openDatabase();
  await seedDemo(db);
  await ensureDemoKey(db, folder.apiKey);

  const handlers = await loadHandlers(built.functions);
  const { invoke } = handlers;
  const checkpoints = await openCheckpoints(folder.checkpoints);
  const streams = await startStreams({ database, checkpoints, folder, invoke });
  ses.start(invoke);
  const ticker = startTicker({ invoke, ticked: streams.nudge });
  const dev = await connectDev(built.dev, { folder, ses, handlers, ticker });
  http.serve(createListener({ invoke, dev, written: streams.nudge }));

  return {
    baseUrl,
    ended: database.ended,
    stop: async () => {
      await http.stop();
      await ticker.stop();
      await streams.stop();
      await ses.stop();
      await database.stop();
      if (options.memory) await rm(folder.dir, { recursive: true, force: true });
    },
  };
}
