import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VENV = join(ROOT, '.venv-emu');
const PYTHON = join(VENV, 'bin/python');
const LAUNCHER = fileURLToPath(new URL('emulator.py', import.meta.url));
/** The launcher replaces insides of exactly this version; the other makes keys for it. */
const PACKAGES = ['ministack==1.5.33', 'cryptography==50.0.2'];

/** A SendEmail request as the emulator received it. */
const sentMail = z.object({
  FromEmailAddress: z.string(),
  Destination: z.object({ ToAddresses: z.array(z.string()) }),
  ConfigurationSetName: z.string(),
  Content: z.object({
    Simple: z.object({
      Subject: z.object({ Data: z.string() }),
      Body: z.object({ Text: z.object({ Data: z.string() }) }),
      Headers: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
    }),
  }),
});
export type SentMail = z.infer<typeof sentMail>;

export type Emulator = {
  port: number;
  /** For every command and client that is to talk to the emulator, as its administrator. */
  env: NodeJS.ProcessEnv;
  /** Every mail accepted so far, oldest first. */
  mails: () => Promise<SentMail[]>;
  /** An empty folder, removed at the end. */
  folder: string;
  /** The last lines the emulator wrote. */
  log: () => Promise<string>;
  stop: () => Promise<void>;
};

/** Installs the emulator into `.venv-emu` where it is missing. Throws one line where there is no Python. */
export function installEmulator(): void {
  if (run(PYTHON, ['-c', 'import ministack, cryptography']).status === 0) return;
  console.log(`installing ${PACKAGES.join(' and ')} into .venv-emu …`);
  if (run('python3', ['-m', 'venv', VENV]).status !== 0) {
    throw new Error(
      'The emulator needs Python 3 with the module venv (Debian: apt-get install python3-venv).',
    );
  }
  const pip = run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
  if (pip.status !== 0) throw new Error(`pip could not install ${PACKAGES.join(' and ')}: ${pip.stderr}`);
}

/** Starts the emulator on a free port, with execution roles enforced, and waits until it answers. */
export async function startEmulator(): Promise<Emulator> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'assent-deployed-'));
  const mailFile = join(folder, 'sent-mail.jsonl');
  const logFile = await open(join(folder, 'emulator.log'), 'w');
  const endpoint = `http://127.0.0.1:${port}`;
  const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const child = spawn(PYTHON, [LAUNCHER], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PYTHONDONTWRITEBYTECODE: '1',
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: 'localhost',
      AUTH: 'true',
      SENT_MAIL: mailFile,
      AWS_ENDPOINT_URL: endpoint,
      ...keys,
    },
    stdio: ['ignore', logFile.fd, logFile.fd],
    // A group of its own: its Lambda workers are ended with it.
    detached: true,
  });
  const log = async () =>
    (await readFile(join(folder, 'emulator.log'), 'utf8')).split('\n').slice(-60).join('\n');
  const stop = async () => {
    await end(child);
    await logFile.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answering(child, endpoint);
  } catch (error) {
    console.error(await log());
    await stop();
    throw error;
  }
  return {
    port,
    folder,
    log,
    stop,
    env: {
      ...process.env,
      ...keys,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_HOME: folder,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
    mails: async () => {
      const lines = existsSync(mailFile) ? (await readFile(mailFile, 'utf8')).split('\n') : [];
      return lines.filter(Boolean).map((line) => sentMail.parse(JSON.parse(line)));
    },
  };
}

async function answering(child: ChildProcess, endpoint: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`the emulator ended with code ${child.exitCode}`);
    const health = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (health?.ok) return;
    await sleep(200);
  }
  throw new Error('the emulator did not answer within 30 seconds');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGTERM');
  const forced = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), 5_000);
  await ended;
  clearTimeout(forced);
}

function run(command: string, args: string[]) {
  return spawnSync(command, args, { encoding: 'utf8' });
}

/** Asked of the system just before use; nothing else here starts servers meanwhile. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
