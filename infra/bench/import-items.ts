import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { marshall } from '@aws-sdk/util-dynamodb';

import type { TableName } from '../../shared/platform/keys.ts';
import { ENGINE } from '../local/engine.ts';
import { tableInput } from '../local/tables.ts';

export type NewItem = { table: TableName; item: Record<string, unknown> };
/** Items on their way into a new database file. */
export type ItemImport = {
  add(items: readonly NewItem[]): Promise<void>;
  /** Makes the file with all tables that items came for; nothing of it shows in a stream. */
  finish(databaseFile: string): Promise<void>;
};

const run = promisify(execFile);
const compress = promisify(gzip);

/**
 * Gathers items in `dir` the way DynamoDB exports a table, for the engine to import: its requests take many
 * times as long.
 */
export async function openImport(dir: string, prefix: string): Promise<ItemImport> {
  await mkdir(dir);
  const tables = new Set<TableName>();
  let parts = 0;
  return {
    add: async (items) => {
      const part = `${(parts += 1)}.json.gz`;
      for (const [table, its] of Map.groupBy(items, (one) => one.table)) {
        tables.add(table);
        const folder = join(dir, tableInput(prefix, table).TableName, 'data');
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, part), await compress(its.map(toLine).join(''), { level: 1 }));
      }
    },
    finish: async (databaseFile) => {
      const schema = join(dir, 'schema.json');
      const described = [...tables].map((table) => ({ Table: tableInput(prefix, table) }));
      await writeFile(schema, JSON.stringify(described));
      await run(ENGINE, ['import', '--source', dir, '--schema', schema, '--output', databaseFile]);
      await rm(dir, { recursive: true });
    },
  };
}

function toLine({ item }: NewItem): string {
  return `${JSON.stringify({ Item: marshall(item, { removeUndefinedValues: true }) })}\n`;
}
