import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ensureSigningKey } from '../../infra/local/secrets-file.ts';
import { startSes } from '../../infra/local/ses-server.ts';
import { openSuppressionList } from '../../infra/local/suppression-list.ts';
import { readRoots } from '../../shared/evidence/store.ts';
import { DAY, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { advanceClock, captureLog, linkIn, resetClock } from '../support/system.ts';
import { openLambda } from './lambda.ts';

const folder = await mkdtemp(join(tmpdir(), 'assent-nightly-'));
const system = await openLambda();
const suppressed = openSuppressionList(join(folder, 'suppressed.jsonl'));
const ses = await startSes({ configurationSets: [], accept: () => undefined, suppressed });
const key = join(folder, 'signing-key.json');
await ensureSigningKey(key);
Object.assign(process.env, {
  AWS_ENDPOINT_URL_SESV2: ses.endpoint,
  ASSENT_SIGNING_KEY_FILE: key,
  ASSENT_ROOTS_FOLDER: join(folder, 'roots'),
});
const { handler } = await import('../../functions/nightly.ts');

let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = captureLog();
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  resetClock();
  await ses.stop();
  suppressed.close();
  await rm(folder, { recursive: true });
});

async function member(email: string): Promise<void> {
  await system.signUp(email);
  await system.work();
  await system.confirm(linkIn(system.mailsTo(email).at(-1), 'confirm'));
}
const bounced = async (email: string) => (await system.pointerOf(email))?.suppression?.hard !== undefined;
const roots = async () => (await readRoots(system.deps.db)).length;

test('V6 signs the evidence of the day and finds the bounce that nobody reported', async () => {
  await member('anna@example.com');
  suppressed.add('anna@example.com', 'BOUNCE', plus(now(), SECOND));
  await handler();
  expect(await bounced('anna@example.com')).toBe(true);
  expect(await roots()).toBe(1);
});

test('SES does not answer: the evidence is signed all the same, and the run has failed', async () => {
  await member('ben@example.com');
  advanceClock(DAY);
  await ses.switch({ fail: 'down' });
  await expect(handler()).rejects.toThrow('a part of the night failed');
  await ses.switch({});
  expect(await roots()).toBe(2);
  expect(lines).toContainEqual(expect.objectContaining({ event: 'nightly-failed', level: 'error' }));
});

test('the evidence cannot be kept: bounces are found all the same, and the run has failed', async () => {
  suppressed.add('ben@example.com', 'BOUNCE', now());
  await member('carl@example.com');
  advanceClock(DAY);
  const file = join(folder, 'roots');
  await rm(file, { recursive: true, force: true });
  await writeFile(file, 'no folder');
  await expect(handler()).rejects.toThrow('a part of the night failed');
  expect(await bounced('ben@example.com')).toBe(true);
  await rm(file);
});
