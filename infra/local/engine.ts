import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

import { StartError } from './start-error.ts';

/** A running embedded DynamoDB. */
export type Engine = {
  endpoint: string;
  pid: number;
  /** Resolves when the engine has ended, whoever ended it. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

/** The program; besides serving it imports what was exported. */
export const ENGINE = fileURLToPath(
  new URL('../../node_modules/@dynoxide/linux-x64/dynoxide', import.meta.url),
);
const START_MS = 10_000;

const MISSING_ENGINE =
  'There is no embedded DynamoDB for this platform. Start DynamoDB Local ' +
  '(docker run --rm -p 8000:8000 amazon/dynamodb-local) and set DYNAMODB_ENDPOINT=http://127.0.0.1:8000';

/**
 * Starts the engine on a free loopback port and waits until it answers.
 * @param options.file the database file; in memory where there is none
 * @throws StartError where the engine is missing or does not come up
 */
export async function startEngine(options: { file?: string } = {}): Promise<Engine> {
  if (!existsSync(ENGINE)) throw new StartError(MISSING_ENGINE);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const child = spawn(
      ENGINE,
      ['--host', '127.0.0.1', '--port', String(port), ...(options.file ? ['--db-path', options.file] : [])],
      // A group of its own: Ctrl-C reaches us alone, and we stop the engine after the last write.
      { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    );
    endWithUs(child);
    const complaint = collect(child);
    const endpoint = `http://127.0.0.1:${port}`;
    if (child.pid !== undefined && (await answers(child, endpoint))) {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      return { endpoint, pid: child.pid, ended, stop: () => stop(child) };
    }
    await stop(child);
    // Somebody else may have taken the port meanwhile.
    if (attempt === 3)
      throw new StartError(`The embedded DynamoDB did not start: ${complaint() || 'no answer'}`);
  }
}

/** However this process exits, short of kill -9, the engine does not outlive it. */
function endWithUs(child: ChildProcess): void {
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk) => (text = `${text}${String(chunk)}`.slice(-500)));
  child.once('error', (error) => (text = error.message));
  return () => text.trim();
}

async function answers(child: ChildProcess, endpoint: string): Promise<boolean> {
  const until = performance.now() + START_MS;
  while (performance.now() < until && child.exitCode === null && child.pid !== undefined) {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    if (response?.ok) return child.exitCode === null;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return resolve();
    const force = setTimeout(() => child.kill('SIGKILL'), 3_000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** A port that is free right now; the engine itself cannot tell which one it took. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
