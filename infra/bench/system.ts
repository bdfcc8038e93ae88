import { parseArgs } from 'node:util';

import * as z from 'zod';

import { openDatabase } from '../../shared/platform/table.ts';
import { seedDemo } from '../../shared/settings/seed.ts';
import { buildAll } from '../local/build.ts';
import { openCheckpoints } from '../local/checkpoints.ts';
import { openDataFolder } from '../local/data-folder.ts';
import { openLocalDatabase } from '../local/database.ts';
import { ensureDemoKey } from '../local/demo-key.ts';
import { connectDev } from '../local/dev/connect.ts';
import { applyEnvironment } from '../local/environment.ts';
import { loadHandlers } from '../local/handlers.ts';
import { createListener, listen } from '../local/http-server.ts';
import { ensureSecrets, ensureSigningKey } from '../local/secrets-file.ts';
import { openSes } from '../local/ses.ts';
import type { Poller } from '../local/stream-poller.ts';
import { startStreams } from '../local/streams.ts';
import { serveParent } from './child.ts';

/**
 * The local system as `npm start` puts it together, but for two things: streams run only while the bench says so,
 * and nothing happens by the clock in between.
 */
const request = z.union([z.object({ streams: z.boolean() }), z.object({ run: z.literal('jobs') })]);

const { values } = parseArgs({ options: { data: { type: 'string' }, endpoint: { type: 'string' } } });
const http = await listen(0);
const baseUrl = `http://127.0.0.1:${http.port}`;
const folder = await openDataFolder(values.data ?? '');
const [built, database, ses] = await Promise.all([
  buildAll(folder.build),
  openLocalDatabase(folder, { memory: false, foreign: values.endpoint }),
  openSes(folder),
  ensureSecrets(folder.secrets),
  ensureSigningKey(folder.signingKey),
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
ses.start(invoke);
let streams: Poller | undefined;
const ticker = { tick: () => Promise.resolve(), stop: () => Promise.resolve() };
const dev = await connectDev(built.dev, { folder, ses, handlers, ticker });
http.serve(createListener({ invoke, dev, written: () => streams?.nudge() }));

async function switchStreams(on: boolean): Promise<void> {
  if (on) streams ??= await startStreams({ database, checkpoints, folder, invoke });
  else {
    await streams?.stop();
    streams = undefined;
  }
}

process.once('SIGTERM', () => {
  const stop = async () => {
    await http.stop();
    await switchStreams(false);
    await ses.stop();
    await database.stop();
  };
  void stop().finally(() => process.exit(0));
});
serveParent({ port: http.port }, async (message) => {
  const asked = request.parse(message);
  if ('run' in asked) await invoke(asked.run, {});
  else await switchStreams(asked.streams);
  return {};
});
