import { spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { ROOT } from './emulator.ts';
import type { Emulator } from './emulator.ts';

export const STAGE = 'emu';
/** The demo company's domain: its sender address belongs to the deployed identity. */
const DOMAIN = 'nordlicht.example';
const KEY = ['--name', 'emulator', '--stage', STAGE];

const outputs = z.object({
  'assent-emu-site': z.object({ ApiId: z.string(), BaseUrl: z.string() }),
  'assent-emu-data': z.record(z.string(), z.string()),
});

/** The ordinary deployment, step by step as docs/deploying.md tells it, only with another endpoint. */
export async function deploy(
  emulator: Emulator,
): Promise<{ apiId: string; baseUrl: string; apiKey: string }> {
  const cdk = join(ROOT, 'node_modules/.bin/cdk');
  const empty = join(emulator.folder, 'empty');
  await mkdir(empty);
  // In an empty folder there is no app to synthesize first.
  await command(emulator, empty, cdk, ['bootstrap', 'aws://000000000000/eu-central-1', '--no-notices']);
  const outputsFile = join(emulator.folder, 'outputs.json');
  const context = ['local=1', `stage=${STAGE}`, `domain=${DOMAIN}`].flatMap((pair) => ['-c', pair]);
  const flags = ['--require-approval', 'never', '--no-notices', '--method=direct', '--progress', 'events'];
  const files = ['--outputs-file', outputsFile, '--output', join(emulator.folder, 'cdk.out')];
  await command(emulator, ROOT, cdk, ['deploy', '--all', ...context, ...flags, ...files]);
  await command(emulator, ROOT, process.execPath, ['infra/bootstrap.ts', '--stage', STAGE]);
  const made = await command(emulator, ROOT, process.execPath, ['infra/keys.ts', 'create', ...KEY]);
  const apiKey = /^ak_\S+/m.exec(made)?.[0] ?? '';
  const site = outputs.parse(JSON.parse(await readFile(outputsFile, 'utf8')))['assent-emu-site'];
  return { apiId: site.ApiId, baseUrl: site.BaseUrl, apiKey };
}

/** Runs a command to its end and answers what it wrote; shows it only where it failed. */
async function command(emulator: Emulator, cwd: string, file: string, args: string[]): Promise<string> {
  const started = Date.now();
  const child = spawn(file, args, { cwd, env: emulator.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  const keep = (chunk: Buffer) => (written += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const name = [file.split('/').at(-1), ...args.slice(0, 2)].join(' ');
  if (code !== 0)
    throw new Error(`${name} ended with code ${code}\n${written.split('\n').slice(-60).join('\n')}`);
  console.log(`${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return written;
}
