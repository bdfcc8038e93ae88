import { resolve } from 'node:path';
import { argv } from 'node:process';

import * as z from 'zod';

import { openDatabase } from '../shared/platform/table.ts';
import { deployedTableName } from './constructs/table-name.ts';
import { USAGE, readKeysArguments, runKeysCommand } from './keys-command.ts';
import { besideLocalSystem } from './local/beside.ts';

/** API keys from the command line, of the local system or of a stage on AWS. */
async function main(): Promise<string> {
  const { wish, place } = readKeysArguments(argv.slice(2));
  if (place.kind === 'local') return besideLocalSystem(resolve(place.data), (db) => runKeysCommand(db, wish));
  process.env.AWS_REGION = place.region;
  process.env.TABLE_CONFIG = deployedTableName(place.stage, 'config');
  process.env.TABLE_OUTBOX = deployedTableName(place.stage, 'outbox');
  return runKeysCommand(openDatabase(), wish);
}

try {
  console.log(await main());
} catch (error) {
  const reason = error instanceof z.ZodError ? z.prettifyError(error) : error;
  console.error(`${reason instanceof Error ? reason.message : String(reason)}\n\n${USAGE}`);
  process.exitCode = 1;
}
