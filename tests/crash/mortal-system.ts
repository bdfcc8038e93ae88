import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { cpuMs } from '../../infra/bench/cpu.ts';

/** A local system as `npm start` runs it, which can be killed. */
export type MortalSystem = {
  /** Resolves once it serves; false where it ended before. */
  ready(): Promise<boolean>;
  kill(): void;
  /** Ends it as Ctrl-C does and answers its exit code. */
  stop(): Promise<number | null>;
  ended: Promise<number | null>;
  /** Resolves when nothing has been going on for a second and a half. */
  quiet(): Promise<void>;
  dev(path: string, body: object): Promise<void>;
};

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LOOK_MS = 250;

export function startMortalSystem(dir: string, port: number): MortalSystem {
  const log = openSync(join(dir, 'system.log'), 'a');
  const args = ['infra/local/start.ts', '--data', join(dir, 'data'), '--port', String(port)];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', log, log] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const dev = async (path: string, body: object) => {
    const answer = await fetch(`http://127.0.0.1:${port}/dev/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`/dev/${path} answered ${answer.status}`);
  };
  return {
    ready: () => ready(child, port),
    kill: () => void child.kill('SIGKILL'),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    ended,
    quiet: () => quiet([child.pid ?? 0, ...enginesOn(dir)]),
    dev,
  };
}

async function ready(child: ChildProcess, port: number): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/dev/health`).catch(() => undefined);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

async function quiet(pids: readonly number[]): Promise<void> {
  const used = () => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  for (let looks = 0; looks < 6;) {
    const before = used();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    looks = used() - before <= 0.15 * LOOK_MS ? looks + 1 : 0;
  }
}

/** Engines that work on data in `dir`, whoever started them. */
export function enginesOn(dir: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return (
          command[0]?.endsWith('/dynoxide') === true && command.some((part) => part.startsWith(`${dir}/`))
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}
