import { resolve } from 'node:path';
import { argv } from 'node:process';

import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import * as z from 'zod';

import { feedDeployed, receiveAll } from './failure-queue.ts';
import { replayLocally } from './local/replay-locally.ts';
import { USAGE, lineOf, readReplayArguments, sumUp } from './replay-command.ts';
import { replayFailures } from './replay-failures.ts';
import type { ReplayWish, Replayed } from './replay-shapes.ts';

/** Replays what a stream consumer failed on for good (N5); ends with 1 where something is left. */
async function main(): Promise<boolean> {
  const { wish, place } = readReplayArguments(argv.slice(2));
  const records =
    place.kind === 'local' ? replayLocally(resolve(place.data), wish) : await replayDeployed(place, wish);
  const all: Replayed[] = [];
  for await (const record of records) {
    all.push(record);
    console.log(lineOf(record));
  }
  const { text, failed } = sumUp(all, wish);
  console.log(text);
  return failed;
}

async function replayDeployed(
  { stage, region }: { stage: string; region: string },
  wish: ReplayWish,
): Promise<AsyncGenerator<Replayed>> {
  process.env.AWS_REGION = region;
  const streams = new DynamoDBStreamsClient({ region });
  // Whatever they come from, a profile or a log-in: our own signed calls take them from the environment.
  const { accessKeyId, secretAccessKey, sessionToken } = await streams.config.credentials();
  process.env.AWS_ACCESS_KEY_ID = accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = secretAccessKey;
  if (sessionToken !== undefined) process.env.AWS_SESSION_TOKEN = sessionToken;
  const waiting = receiveAll(`assent-${stage}-worker-${wish.function}-failures`);
  const feed = (record: object) => feedDeployed(`assent-${stage}-${wish.function}`, record);
  return replayFailures({ waiting, streams, feed }, wish);
}

try {
  process.exitCode = (await main()) ? 1 : 0;
} catch (error) {
  const reason = error instanceof z.ZodError ? z.prettifyError(error) : error;
  console.error(`${reason instanceof Error ? reason.message : String(reason)}\n\n${USAGE}`);
  process.exitCode = 1;
}
