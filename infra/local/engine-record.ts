import { readFile, readlink, rm } from 'node:fs/promises';
import { basename } from 'node:path';

import * as z from 'zod';

import { readJson, writeJson } from './json-file.ts';
import { StartError } from './start-error.ts';

const record = z.object({
  pid: z.int().positive(),
  owner: z.int().positive(),
  /** Where it answers, for commands that run beside the local system. */
  endpoint: z.url().optional(),
  /** Where the local system itself answers. */
  baseUrl: z.url().optional(),
});
type Answering = { endpoint?: string | undefined; baseUrl?: string | undefined };

/** Remembers which engine works on this data folder, and for which process. */
export async function recordEngine(path: string, pid: number, answering: Answering = {}): Promise<void> {
  await writeJson(path, { pid, owner: process.pid, ...answering });
}

/** Where the recorded engine and its owner answer, if they still run. */
export async function runningSystem(path: string): Promise<Answering | undefined> {
  const found = await readJson(path, record).catch(() => undefined);
  if (!found || !(await isEngine(found.pid))) return undefined;
  return (await parentOf(found.pid)) === found.owner ? found : undefined;
}

export async function forgetEngine(path: string): Promise<void> {
  await rm(path, { force: true });
}

/**
 * Ends the engine that an earlier, killed start left behind: only the recorded process, and only if it really is
 * an engine (pids are given out again).
 * @throws StartError where its owner still runs
 */
export async function endRecordedEngine(path: string): Promise<void> {
  const found = await readJson(path, record).catch(() => undefined);
  if (found && (await isEngine(found.pid))) {
    if ((await parentOf(found.pid)) === found.owner) {
      throw new StartError(
        `This data folder is in use by process ${found.owner}. Stop it, or choose another with --data DIR.`,
      );
    }
    await end(found.pid);
  }
  await forgetEngine(path);
}

async function isEngine(pid: number): Promise<boolean> {
  const executable = await readlink(`/proc/${pid}/exe`).catch(() => '');
  // Linux appends ` (deleted)` where the file was replaced by an update.
  return basename(executable).split(' ')[0] === 'dynoxide';
}

/** An orphan has been given to init (or a sub-reaper), so a parent that matches is alive. */
async function parentOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; await isEngine(pid); waited += 20) {
    if (waited === 3_000) process.kill(pid, 'SIGKILL');
    if (waited >= 6_000)
      throw new StartError(`The engine of an earlier start (process ${pid}) does not end.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
