import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';

import type { DataFolder } from './data-folder.ts';
import { forgetEngine, recordEngine } from './engine-record.ts';
import { startEngine } from './engine.ts';
import { CREDENTIALS, REGION, TABLE_PREFIX } from './environment.ts';
import { createTables } from './tables.ts';

export type LocalDatabase = {
  endpoint: string;
  clients: { tables: DynamoDBClient; streams: DynamoDBStreamsClient };
  /** Resolves when the engine ends by itself; a foreign one is not ours to watch. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

/** Starts the engine, or takes the foreign one, and makes sure of all tables. */
export async function openLocalDatabase(
  folder: DataFolder,
  { memory, foreign }: { memory: boolean; foreign: string | undefined },
): Promise<LocalDatabase> {
  const engine = foreign ? undefined : await startRecorded(folder, memory);
  const endpoint = foreign ?? engine?.endpoint ?? '';
  const settings = { endpoint, region: REGION, credentials: CREDENTIALS };
  const clients = { tables: new DynamoDBClient(settings), streams: new DynamoDBStreamsClient(settings) };
  await createTables(clients.tables, TABLE_PREFIX);
  return {
    endpoint,
    clients,
    ended: engine?.ended ?? new Promise(() => undefined),
    stop: async () => {
      clients.tables.destroy();
      clients.streams.destroy();
      await engine?.stop();
      if (engine) await forgetEngine(folder.engine);
    },
  };
}

async function startRecorded(folder: DataFolder, memory: boolean) {
  const engine = await startEngine(memory ? {} : { file: folder.database });
  await recordEngine(folder.engine, engine.pid);
  return engine;
}
