import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

import { log } from '../../shared/platform/log.ts';

const run = promisify(execFile);

/**
 * The engine (dynoxide 1.2.1) numbers a stream record by looking through all records of its table, and finds those
 * to read in the same way; at 16,000 records a write took 7 ms of its time instead of 0.4, an empty poll as much.
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
