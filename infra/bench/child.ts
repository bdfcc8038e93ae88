import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';

import * as z from 'zod';

/** A process of ours that answers one message with one message. */
export type Child<Ready = unknown> = {
  pid: number;
  /** What it said when it was ready. */
  ready: Ready;
  ask<S extends z.ZodType>(message: object, answer: S): Promise<z.infer<S>>;
  stop(): Promise<void>;
};

const failure = z.object({ failed: z.string() });

/** Starts `module` as a process of its own and waits for its first message. Its output goes to `logFile`. */
export async function startChild<S extends z.ZodType>(
  module: string,
  args: readonly string[],
  logFile: string,
  ready: S,
): Promise<Child<z.infer<S>>> {
  const output = openSync(logFile, 'a');
  const child = fork(module, args, {
    stdio: ['ignore', output, output, 'ipc'],
    serialization: 'advanced',
  });
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const said = ready.parse(await nextMessage(child, logFile));
  return {
    pid: child.pid ?? 0,
    ready: said,
    ask: async (message, answer) => {
      const answered = nextMessage(child, logFile);
      child.send(message);
      return answer.parse(await answered);
    },
    stop: () => stop(child),
  };
}

function nextMessage(child: ChildProcess, logFile: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`a process of the bench ended early, see ${logFile}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      const failed = failure.safeParse(message);
      if (failed.success) reject(new Error(failed.data.failed));
      else resolve(message);
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** The other side: answers each message by what `reply` resolves to, the first one unasked. */
export function serveParent(ready: object, reply: (message: unknown) => Promise<object>): void {
  const send = (message: object) => process.send?.(message);
  process.on('message', (message) => {
    reply(message).then(send, (error: unknown) => send({ failed: String(error) }));
  });
  process.once('disconnect', () => process.exit(0));
  send(ready);
}
