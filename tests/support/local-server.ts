import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { mail } from '../../infra/local/mailbox.ts';
import type { Mail } from '../../infra/local/mailbox.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 60_000;
const MAIL_MS = 20_000;
const STOP_MS = 15_000;

export type LocalServer = {
  baseUrl: string;
  /** Where it keeps its data, the key of the demo company among it. */
  dataDir: string;
  /** Waits for a mail to this address that `wanted` accepts; the newest of several. */
  mailTo(to: string, wanted?: (mail: Mail) => boolean): Promise<Mail>;
  /** All mails to this address, oldest first. */
  mailsTo(to: string): Promise<Mail[]>;
  /** Moves the system's clock on by an ISO 8601 duration. */
  advance(duration: string): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the local system as `npm start -- --memory` does, in a process and a folder of its own. */
export async function startLocalServer(): Promise<LocalServer> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-story-'));
  const port = await freePort();
  const args = ['infra/local/start.ts', '--memory', '--port', String(port), '--data', folder];
  // It ships its own static files: those of this run lack the description of the API.
  const { ASSENT_ASSETS: _, ...env } = process.env;
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...env, DYNAMODB_ENDPOINT: '' } });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));

  const baseUrl = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGTERM');
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(impatient);
    await rm(folder, { recursive: true, force: true });
  };
  const up = await until(START_MS, async () => {
    if (child.exitCode !== null) throw new Error(`the local system ended: ${output}`);
    const answer = await fetch(`${baseUrl}/dev/health`).catch(() => undefined);
    return answer?.ok;
  });
  if (!up) {
    await stop();
    throw new Error(`the local system did not start: ${output}`);
  }

  const mailsTo = async (to: string) => {
    const answer = await fetch(`${baseUrl}/dev/mail.json?to=${encodeURIComponent(to)}`);
    return z.array(mail).parse(await answer.json());
  };
  return {
    baseUrl,
    dataDir: join(folder, `memory-${port}`),
    mailsTo,
    mailTo: async (to, wanted = () => true) => {
      const found = await until(MAIL_MS, async () => (await mailsTo(to)).findLast(wanted));
      if (!found) throw new Error(`the mail did not come: ${output}`);
      return found;
    },
    advance: async (duration) => {
      const body = JSON.stringify({ advance: duration });
      const answer = await fetch(`${baseUrl}/dev/clock`, { method: 'POST', body });
      if (!answer.ok) throw new Error(`the clock answered ${answer.status}`);
    },
    stop,
  };
}

/** Asks every 100 ms until there is an answer. */
async function until<T>(ms: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = z.object({ port: z.int() }).parse(server.address());
  await new Promise((closed) => server.close(closed));
  return port;
}
