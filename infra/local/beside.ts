import { openDatabase } from '../../shared/platform/table.ts';
import type { Database } from '../../shared/platform/table.ts';
import { openDataFolder } from './data-folder.ts';
import { openLocalDatabase } from './database.ts';
import { endRecordedEngine, runningSystem } from './engine-record.ts';
import { applyEnvironment } from './environment.ts';
import { restoreClock } from './ticker.ts';

/** Works on the database of the local system: beside it where it runs, by itself where it does not. */
export async function besideLocalSystem<T>(dataDir: string, work: (db: Database) => Promise<T>): Promise<T> {
  const folder = await openDataFolder(dataDir);
  await restoreClock(folder.clock);
  const running = process.env['DYNAMODB_ENDPOINT'] || (await runningSystem(folder.engine))?.endpoint;
  if (!running) await endRecordedEngine(folder.engine);
  const database = await openLocalDatabase(folder, { memory: false, foreign: running });
  // Neither pages nor mails are made here.
  const unused = 'http://127.0.0.1:9';
  applyEnvironment({
    baseUrl: unused,
    dynamodb: database.endpoint,
    ses: unused,
    secretsFile: folder.secrets,
    signingKeyFile: folder.signingKey,
    rootsFolder: folder.roots,
  });
  try {
    return await work(openDatabase());
  } finally {
    await database.stop();
  }
}
