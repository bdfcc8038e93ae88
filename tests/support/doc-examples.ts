import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

import type { LocalServer } from './local-server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const standIn = (name: string, file: URL) => `${name}() { node '${fileURLToPath(file)}' "$@"; }\n`;
/** Not every machine has these; our own know what the pages use of them. */
const STAND_INS =
  standIn('curl', new URL('./curl.ts', import.meta.url)) +
  standIn('openssl', new URL('./openssl.ts', import.meta.url));

export function readDoc(name: string): string {
  return readFileSync(join(ROOT, 'docs', name), 'utf8');
}

/** The examples of a language on a page, one after the other, for the system that runs here. */
export function examplesIn(page: string, language: 'sh' | 'ts', { baseUrl, dataDir }: LocalServer): string {
  const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(([, found]) => found === language);
  return blocks
    .map(([, , code = '']) => code)
    .filter((code) => !code.includes('npm run'))
    .join('\n')
    .replaceAll('http://127.0.0.1:8787', baseUrl)
    .replaceAll('.assent/api-key', join(dataDir, 'api-key'));
}

/** Runs a shell script at the root of the repository, where the pages are read. */
export function runShell(script: string): Promise<string> {
  return run('sh', ['-e'], STAND_INS + script);
}

/** Runs a TypeScript program there. */
export function runTypeScript(program: string, env: Record<string, string> = {}): Promise<string> {
  return run('node', ['--input-type=module-typescript', '-'], program, env);
}

async function run(command: string, args: string[], input: string, env: Record<string, string> = {}) {
  const PATH = [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, PATH, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, output]).toEqual([0, output]);
  return output;
}
