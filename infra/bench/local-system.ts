import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { readJson } from '../local/json-file.ts';
import type { Mail } from '../local/mailbox.ts';
import { startChild } from './child.ts';
import { cpuMs } from './cpu.ts';
import { openMailFeed } from './mail-feed.ts';

/** CPU that was used, in milliseconds. */
export type Cpu = { own: number; engine: number };
/** A running local system whose streams can be held back. */
export type LocalSystem = {
  port: number;
  dir: string;
  /** Where its own engine answers; none where it works on a foreign one. */
  engine: string | undefined;
  cpu(): Cpu;
  streams(on: boolean): Promise<void>;
  /** Runs a scheduled function once. */
  run(name: 'jobs'): Promise<void>;
  /** Asks a program interface under `/dev`. */
  dev(path: string, body: object): Promise<void>;
  /** Mails that SES accepted since the last call. */
  newMails(): Mail[];
  stop(): Promise<void>;
};

const SYSTEM = fileURLToPath(new URL('./system.ts', import.meta.url));
const LIMITS = {
  signupsPerIpPerHour: 1_000_000_000,
  formMailsPerMinute: 1_000_000_000,
  formBurst: 1_000_000_000,
  apiCallsPerMinute: 1_000_000_000,
};

/** Starts the system on the data in `dir`, or on a foreign engine, with limits that nobody reaches. */
export async function startLocalSystem(dir: string, endpoint?: string): Promise<LocalSystem> {
  const args = ['--data', dir, ...(endpoint ? ['--endpoint', endpoint] : [])];
  const started = await startChild(SYSTEM, args, join(dir, 'system.log'), z.object({ port: z.int() }));
  const { port } = started.ready;
  const engine = await readJson(join(dir, 'engine.pid'), z.object({ pid: z.int(), endpoint: z.url() }));
  const mails = openMailFeed(join(dir, 'mailbox.jsonl'));
  const system: LocalSystem = {
    port,
    dir,
    engine: engine?.endpoint,
    cpu: () => ({ own: cpuMs(started.pid), engine: engine ? cpuMs(engine.pid) : 0 }),
    streams: async (on) => void (await started.ask({ streams: on }, z.object({}))),
    run: async (name) => void (await started.ask({ run: name }, z.object({}))),
    dev: async (path, body) => {
      const answer = await fetch(`http://127.0.0.1:${port}/dev/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`/dev/${path} answered ${answer.status}`);
    },
    newMails: mails.next,
    stop: started.stop,
  };
  await system.dev('limits', LIMITS);
  return system;
}
