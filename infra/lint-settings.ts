import { resolve } from 'node:path';
import { argv } from 'node:process';

import { now } from '../shared/platform/clock.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { assertNever } from '../shared/platform/assert-never.ts';
import { deployedTableName } from './constructs/table-name.ts';
import { lintFolder } from './lint-folder.ts';
import { USAGE, lintStored, readLintArguments, tellFindings } from './lint-settings-command.ts';
import type { Linted } from './lint-settings-command.ts';
import { besideLocalSystem } from './local/beside.ts';

/** The settings linter from the command line; ends with 1 where there is an error that nobody answers for. */
async function lint(): Promise<Linted[]> {
  const source = readLintArguments(argv.slice(2));
  switch (source.kind) {
    case 'folder':
      return lintFolder(source.folder, now());
    case 'local':
      return besideLocalSystem(resolve(source.data), (db) => lintStored(db, source.controller, now()));
    case 'aws':
      process.env.AWS_REGION = source.region;
      process.env.TABLE_CONFIG = deployedTableName(source.stage, 'config');
      return lintStored(openDatabase(), source.controller, now());
    default:
      return assertNever(source);
  }
}

try {
  const { text, failed } = tellFindings(await lint());
  console.log(text);
  process.exitCode = failed ? 1 : 0;
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 1;
}
