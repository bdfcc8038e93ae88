import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';

import { temporaryFolder } from './temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const record = z.object({ pid: z.int() });

/** Runs the local system as `npm start` does. */
function start(...args: string[]) {
  const command = ['--import', './infra/local/require-node.mjs', 'infra/local/start.ts', ...args];
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: { ...process.env, DYNAMODB_ENDPOINT: '' },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output: () => output };
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

async function untilUp(port: number, { child, output }: ReturnType<typeof start>): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/dev/health`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect.unreachable(`the local system ended: ${output()}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = z.object({ port: z.int() }).parse(server.address()).port;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const isAlive = (pid: number) => existsSync(`/proc/${pid}/exe`);

describe('npm start', () => {
  test(
    'serves the form, keeps its clock over kill -9, ends only its own engine and stops cleanly',
    { timeout: 90_000 },
    async () => {
      const folder = join(temporaryFolder(), 'data');
      const port = await freePort();
      const first = start('--port', String(port), '--data', folder);
      await untilUp(port, first);
      expect((await fetch(`http://127.0.0.1:${port}/forms/newsletter`)).status).toBe(200);
      expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
      await fetch(`http://127.0.0.1:${port}/dev/clock`, { method: 'POST', body: '{"advance":"P1D"}' });
      const orphan = record.parse(JSON.parse(readFileSync(join(folder, 'engine.pid'), 'utf8'))).pid;
      const killed = exitCode(first.child);
      first.child.kill('SIGKILL');
      await killed;
      expect(isAlive(orphan)).toBe(true);

      const second = start('--port', String(port), '--data', folder);
      await untilUp(port, second);
      expect(isAlive(orphan)).toBe(false);
      expect(second.output()).toContain(`http://127.0.0.1:${port}/dev`);
      const overview = await (await fetch(`http://127.0.0.1:${port}/dev`)).text();
      expect(overview).toContain('24 h ahead of real time');

      const busy = start('--port', String(port), '--data', join(folder, 'other'));
      expect(await exitCode(busy.child)).toBe(1);
      expect(busy.output()).toBe(`Port ${port} is busy. Choose another with --port N.\n`);
      const shared = start('--port', String(await freePort()), '--data', folder);
      expect(await exitCode(shared.child)).toBe(1);
      expect(shared.output()).toMatch(/^This data folder is in use by process \d+\..*\n$/);

      const engine = record.parse(JSON.parse(readFileSync(join(folder, 'engine.pid'), 'utf8'))).pid;
      const stopped = exitCode(second.child);
      second.child.kill('SIGINT');
      expect(await stopped).toBe(0);
      expect(isAlive(engine)).toBe(false);
    },
  );

  test('tells in one line that it may not write', async () => {
    const { child, output } = start('--data', '/proc/nowhere', '--port', String(await freePort()));
    expect(await exitCode(child)).toBe(1);
    expect(output()).toMatch(/^The data folder \/proc\/nowhere is not writable.*\n$/);
  });

  test('leaves nothing of a throw-away', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const port = await freePort();
    const system = start('--memory', '--port', String(port), '--data', folder);
    await untilUp(port, system);
    const stopped = exitCode(system.child);
    system.child.kill('SIGTERM');
    expect(await stopped).toBe(0);
    expect(existsSync(join(folder, `memory-${port}`))).toBe(false);
  });
});
