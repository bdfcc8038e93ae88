import { openDatabase } from '../../shared/platform/table.ts';
import { seedDemo } from '../../shared/settings/seed.ts';
import type { ReplayWish, Replayed } from '../replay-shapes.ts';
import { buildAll } from './build.ts';
import { openCheckpoints } from './checkpoints.ts';
import { emptyFolder, openDataFolder } from './data-folder.ts';
import { openLocalDatabase } from './database.ts';
import { ensureDemoKey } from './demo-key.ts';
import { connectDev } from './dev/connect.ts';
import { indexDatabase } from './engine-indexes.ts';
import { endRecordedEngine } from './engine-record.ts';
import { applyEnvironment } from './environment.ts';
import { loadHandlers } from './handlers.ts';
import type { Invoke } from './handlers.ts';
import { createListener, listen } from './http-server.ts';
import type { HttpServer } from './http-server.ts';
import type { Options } from './options.ts';
import { replayHere } from './replay-here.ts';
import { ensureSecrets, ensureSigningKey } from './secrets-file.ts';
import { openSes } from './ses.ts';
import type { Poller } from './stream-poller.ts';
import { startStreams } from './streams.ts';
import { restoreClock } from './ticker.ts';
import type { Ticker } from './ticker.ts';

/** Functions, database and SES; nothing is served yet and nothing happens by itself, neither streams nor clock. */
export type OpenSystem = {
  http: HttpServer;
  invoke: Invoke;
  /** Resolves when the engine ends by itself. */
  ended: Promise<void>;
  /** Gives a function again what it failed on. */
  replay(wish: ReplayWish): AsyncGenerator<Replayed>;
  startStreams(): Promise<Poller>;
  /** Answers calls from now on; `written` hears of each that may have written something. */
  serve(ticker: Ticker, written: () => void): Promise<void>;
  /** Ends SES and the engine; before, calls and streams must have stopped. */
  close(): Promise<void>;
};

/** Opens what stands in for AWS on this machine, in the order in which one needs the other. */
export async function openSystem(options: Options, foreign: string | undefined): Promise<OpenSystem> {
  const { memory } = options;
  const http = await listen(options.port);
  const baseUrl = `http://127.0.0.1:${http.port}`;
  const folder = await openDataFolder(options.dataDir);
  await endRecordedEngine(folder.engine);
  if (memory) await emptyFolder(folder);

  const [built, database, ses] = await Promise.all([
    buildAll(folder.build),
    openLocalDatabase(folder, { memory, foreign, baseUrl }),
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
  const indexed = indexDatabase(folder.database);
  const db = openDatabase();
  await seedDemo(db);
  await ensureDemoKey(db, folder.apiKey);

  const handlers = await loadHandlers(built.functions);
  const { invoke } = handlers;
  const replay = (wish: ReplayWish) => replayHere({ folder, database, invoke }, wish);
  const checkpoints = await openCheckpoints(folder.checkpoints);
  ses.start(invoke);
  await indexed;
  return {
    http,
    invoke,
    ended: database.ended,
    replay,
    startStreams: () => startStreams({ database, checkpoints, folder, invoke }),
    serve: async (ticker, written) => {
      const dev = await connectDev(built.dev, { folder, ses, handlers, ticker, replay });
      http.serve(createListener({ invoke, dev, written }));
    },
    close: async () => {
      await ses.stop();
      await database.stop();
    },
  };
}
