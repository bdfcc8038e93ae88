import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { StartError } from './start-error.ts';

/** Everything the local system keeps, by path. */
export type DataFolder = {
  dir: string;
  build: string;
  database: string;
  engine: string;
  secrets: string;
  signingKey: string;
  roots: string;
  apiKey: string;
  mailbox: string;
  sesQueue: string;
  suppressed: string;
  checkpoints: string;
  clock: string;
  failures(functionName: string): string;
};

/**
 * Opens the data folder and makes sure we may write there.
 * @throws StartError where we may not
 */
export async function openDataFolder(dir: string): Promise<DataFolder> {
  try {
    await makeFolder(dir);
    const probe = join(dir, '.writable');
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new StartError(`The data folder ${dir} is not writable${code}. Choose another with --data DIR.`);
  }
  return {
    dir,
    build: join(dir, 'build'),
    database: join(dir, 'assent.db'),
    engine: join(dir, 'engine.pid'),
    secrets: join(dir, 'secrets.json'),
    signingKey: join(dir, 'signing-key.json'),
    roots: join(dir, 'roots'),
    apiKey: join(dir, 'api-key'),
    mailbox: join(dir, 'mailbox.jsonl'),
    sesQueue: join(dir, 'queue-ses-events.jsonl'),
    suppressed: join(dir, 'suppressed.jsonl'),
    checkpoints: join(dir, 'checkpoints.json'),
    clock: join(dir, 'clock.json'),
    failures: (functionName) => join(dir, `failed-${functionName}.jsonl`),
  };
}

/** Not `recursive`: Node 22 never returns from it where the system says that even the parent is not there. */
async function makeFolder(dir: string, parentsMade = false): Promise<void> {
  try {
    await mkdir(dir);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || parentsMade || dirname(dir) === dir) throw error;
    await makeFolder(dirname(dir));
    await makeFolder(dir, true);
  }
}

/** Removes what an earlier throw-away left behind. */
export async function emptyFolder({ dir }: DataFolder): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir);
}
