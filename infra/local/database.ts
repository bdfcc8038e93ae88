import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';

import type { DataFolder } from './data-folder.ts';
import { forgetEngine, recordEngine } from './engine-record.ts';
import { startEngine } from './engine.ts';
import { CREDENTIALS, REGION, TABLE_PREFIX } from './environment.ts';
import { StartError } from './start-error.ts';
import { createTables } from './tables.ts';

export type LocalDatabase = {
  endpoint: string;
  clients: { tables: DynamoDBClient; streams: DynamoDBStreamsClient };
  /** Resolves when the engine ends by itself; a foreign one is not ours to watch. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

type Running = Pick<LocalDatabase, 'endpoint' | 'ended' | 'stop'>;

/** Starts the engine, or takes the foreign one, and makes sure of all tables. */
export async function openLocalDatabase(
  folder: DataFolder,
  { memory, foreign, baseUrl }: { memory: boolean; foreign: string | undefined; baseUrl?: string },
): Promise<LocalDatabase> {
  const { endpoint, ended, stop } = foreign
    ? await joinForeign(foreign)
    : await startOwn(folder, memory, baseUrl);
  const settings = { endpoint, region: REGION, credentials: CREDENTIALS };
  const clients = { tables: new DynamoDBClient(settings), streams: new DynamoDBStreamsClient(settings) };
  await createTables(clients.tables, TABLE_PREFIX);
  return {
    endpoint,
    clients,
    ended,
    stop: () => {
      clients.tables.destroy();
      clients.streams.destroy();
      return stop();
    },
  };
}

async function startOwn(folder: DataFolder, memory: boolean, baseUrl: string | undefined): Promise<Running> {
  const engine = await startEngine(memory ? {} : { file: folder.database });
  await recordEngine(folder.engine, engine.pid, { endpoint: engine.endpoint, baseUrl });
  return {
    ...engine,
    stop: async () => {
      await engine.stop();
      await forgetEngine(folder.engine);
    },
  };
}

async function joinForeign(endpoint: string): Promise<Running> {
  // Any answer will do: DynamoDB Local says 400 to a request that is not signed.
  await fetch(endpoint, { signal: AbortSignal.timeout(3_000) }).catch(() => {
    throw new StartError(`No DynamoDB answers at DYNAMODB_ENDPOINT=${endpoint}.`);
  });
  return { endpoint, ended: new Promise(() => undefined), stop: () => Promise.resolve() };
}
