import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

import { log } from '../../shared/platform/log.ts';

const run = promisify(execFile);

/**
 * The engine (dynoxide 1.2.1) numbers a stream record by looking through all records of its table, and finds those
 * to read in the same way: at 6,000 records a write took 3 ms of its time, at 12,000 an empty poll 7. With the index a
 * write takes 0.4 ms and a poll 0.2, however many there are.
 */
const INDEX =
  'CREATE INDEX IF NOT EXISTS assent_stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER))';

/** In a process of its own: Node still calls its SQLite experimental, and says so wherever it is loaded. */
const SCRIPT = `
import { DatabaseSync } from 'node:sqlite';
const database = new DatabaseSync(process.argv[1]);
database.exec('PRAGMA busy_timeout = 5000');
database.exec(${JSON.stringify(INDEX)});
database.close();
`;

/** Gives the engine's stream records the index they lack; an engine in memory or of another make does without. */
export async function indexStreamRecords(databaseFile: string): Promise<void> {
  if (!existsSync(databaseFile)) return;
  try {
    await run(process.execPath, ['--no-warnings', '--input-type=module', '-e', SCRIPT, databaseFile]);
  } catch {
    log('warn', 'stream-index-missing');
  }
}
