import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { failure } from '../../infra/failed-records.ts';
import { openDataFolder } from '../../infra/local/data-folder.ts';
import type { DataFolder } from '../../infra/local/data-folder.ts';
import { startLocalSystem } from '../../infra/bench/local-system.ts';
import type { LocalSystem } from '../../infra/bench/local-system.ts';
import { CREDENTIALS, REGION, applyEnvironment } from '../../infra/local/environment.ts';
import { discardToFile } from '../../infra/local/failures.ts';
import { runningSystem } from '../../infra/local/engine-record.ts';
import { startPoller } from '../../infra/local/stream-poller.ts';
import { openStream } from '../../infra/local/stream-reader.ts';
import { readReplayArguments, sumUp } from '../../infra/replay-command.ts';
import { STREAMS } from '../../infra/triggers.ts';
import { eventKey } from '../../shared/engagement/event.ts';
import { MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { openDatabase, remove, write } from '../../shared/platform/table.ts';
import type { Database } from '../../shared/platform/table.ts';
import { readScore } from '../../shared/scoring/store.ts';
import { openSettings } from '../../shared/settings/store.ts';
import { agreed, makePerson } from '../decision/people.ts';
import { event } from '../support/engagement.ts';
import { captureLog, testSecrets } from '../support/system.ts';

captureLog();
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the command as `npm run replay --` does. */
function replay(...args: string[]): Promise<{ code: number; out: string; errors: string }> {
  const command = ['--import', './infra/local/require-node.mjs', 'infra/replay.ts', ...args];
  const env = { ...process.env, DYNAMODB_ENDPOINT: '' };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: ROOT, env }, (_, out, errors) =>
      resolve({ code: child.exitCode ?? -1, out, errors }),
    );
  });
}

describe('npm run replay, of the local system', () => {
  const dir = mkdtempSync(join(tmpdir(), 'assent-replay-'));
  let system: LocalSystem;
  let folder: DataFolder;
  let db: Database;
  const waiting = () => readFileSync(folder.failures('score'), 'utf8').split('\n').filter(Boolean);
  const here = ['score', '--data', dir];

  beforeAll(async () => {
    folder = await openDataFolder(dir);
    // Its streams stand still, so that nothing heals by itself.
    system = await startLocalSystem(dir);
    const unused = 'http://127.0.0.1:9';
    const { engine, secrets: secretsFile, signingKey: signingKeyFile, roots: rootsFolder } = folder;
    const dynamodb = (await runningSystem(engine))?.endpoint ?? '';
    const addresses = { baseUrl: unused, ses: unused, dynamodb, secretsFile, signingKeyFile, rootsFolder };
    applyEnvironment(addresses);
    db = openDatabase();
  }, 120_000);
  afterAll(async () => {
    await system.stop();
    await rm(dir, { recursive: true, force: true });
  });

  /** What a stream does until the last retry. */
  const giveUp = async (failures: number) => {
    const mapping = STREAMS.find((stream) => stream.function === 'score' && stream.table === 'engagement');
    if (!mapping) throw new Error('score does not read engagement');
    const { handler } = await import('../../functions/score.ts');
    const endpoint = process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';
    const settings = { endpoint, region: REGION, credentials: CREDENTIALS };
    const [tables, streams] = [new DynamoDBClient(settings), new DynamoDBStreamsClient(settings)];
    const poller = startPoller(mapping, {
      reader: await openStream({ tables, streams }, db.name('engagement'), undefined),
      call: handler,
      checkpoint: () => {},
      discard: discardToFile(folder, 'score'),
      firstRetryMs: 1,
    });
    await vi.waitFor(() => expect(existsSync(folder.failures('score'))).toBe(true), 20_000);
    await vi.waitFor(() => expect(waiting()).toHaveLength(failures), 20_000);
    await poller.stop();
    tables.destroy();
    streams.destroy();
  };

  test('N5 poison is listed, fails again, and once it is repaired the score is right', async () => {
    const deps = { db, secrets: testSecrets(), settings: openSettings(db) };
    const { id: contactId } = await makePerson(deps, 'anna@maschinenbau.example', [agreed('profiling')]);
    const act = event('download', plus(now(), -MINUTE), { contactId });
    await write(db, { put: 'engagement', item: { ...eventKey(act), ...act } });
    // No stream speaks of a counted day, so nothing but a replay heals this.
    const day = keys.engagementDay(contactId, '2026-01-01');
    await write(db, { put: 'engagement', item: { ...day, counts: 'damaged' } });
    await giveUp(1);
    const [line = ''] = waiting();
    const { startSequenceNumber } = failure.parse(JSON.parse(line)).DDBStreamBatchInfo;

    const listed = await replay(...here, '--dry-run');
    expect(listed).toMatchObject({ code: 0, errors: '' });
    expect(listed.out).toMatch(new RegExp(`  ${startSequenceNumber}  waits\n0 done, 1 left.\n$`));
    expect(waiting()).toEqual([line]);

    const again = await replay(...here);
    expect(again.code).toBe(1);
    expect(again.out).toContain(`${startSequenceNumber}  failed again, and stays`);
    expect(again.out).toContain('0 done, 1 left.\nThe log of score says why');
    expect(waiting()).toEqual([line]);
    expect(await readScore(db, contactId)).toBeUndefined();

    await remove(db, { remove: 'engagement', key: day });
    const repaired = await replay(...here);
    expect(repaired).toMatchObject({ code: 0, errors: '' });
    expect(repaired.out).toMatch(/ {2}done\n1 done, 0 left\.\n$/);
    expect(waiting()).toEqual([]);
    expect(await readScore(db, contactId)).toMatchObject({ total: 20 });

    expect((await replay(...here)).out).toBe('Nothing waits in the failure queue of score.\n');
    expect((await replay('mail', '--data', dir)).out).toBe('Nothing waits in the failure queue of mail.\n');
  }, 120_000);

  test('N5 what the stream has forgotten stays until somebody lets it go; the system need not run for it', async () => {
    await system.stop();
    const place = {
      streamArn: 'arn:aws:dynamodb:dynoxide:000000000000:table/assent-engagement/stream/1',
      shardId: 'shardId-00000001-assent-engagement',
      startSequenceNumber: '999999999',
      endSequenceNumber: '999999999',
    };
    const lost = JSON.stringify({
      requestContext: { condition: 'RetryAttemptsExhausted' },
      timestamp: '2026-01-01T00:00:00.000Z',
      DDBStreamBatchInfo: place,
    });
    writeFileSync(folder.failures('score'), `${lost}\nnonsense\n`);

    const told = await replay(...here);
    expect(told.code).toBe(1);
    expect(told.out).toContain('999999999  is no longer in the stream, and stays');
    expect(told.out).toContain('is not the failure of a stream record, and stays');
    expect(told.out).toContain('any change of the contact');
    expect(told.out).toContain('--drop-forgotten');
    expect(waiting()).toEqual([lost, 'nonsense']);

    const dropped = await replay(...here, '--drop-forgotten');
    expect(dropped.code).toBe(1);
    expect(dropped.out).toContain('999999999  is no longer in the stream, and was dropped');
    expect(waiting()).toEqual(['nonsense']);
  }, 120_000);
});

describe('the arguments of npm run replay', () => {
  test('name a function that a stream feeds, and one place', () => {
    expect(readReplayArguments(['mail', '--stage', 'prod', '--dry-run'])).toEqual({
      wish: { function: 'mail', dryRun: true, dropForgotten: false },
      place: { kind: 'aws', stage: 'prod', region: 'eu-central-1' },
    });
    expect(() => readReplayArguments([])).toThrow('which function?');
    expect(() => readReplayArguments(['clock'])).toThrow(
      'clock is not fed by a stream: mail, publish, score',
    );
    expect(() => readReplayArguments(['mail', 'score'])).toThrow('too many words: score');
    expect(() => readReplayArguments(['mail', '--local', '--stage', 'x'])).toThrow('not both');
  });

  test.each(STREAMS)('N5 for $function it is said what to do where a record is forgotten', (stream) => {
    const wish = { function: stream.function, dryRun: false, dropForgotten: false };
    const lost = { outcome: 'forgotten', shard: 's', sequence: '1', at: '' } as const;
    const { text, failed } = sumUp([lost], wish);
    expect(failed).toBe(true);
    expect(text).toMatch(/^0 done, 1 left\.\nStreams remember 24 hours\. .{40,}\n/);
  });
});
