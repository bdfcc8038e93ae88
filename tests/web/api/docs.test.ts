import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';

import { decisionAnswer } from '../../../web/api/decision-shapes.ts';
import { ENDPOINTS } from '../../../web/api/endpoints.ts';
import { startLocalServer } from '../../support/local-server.ts';
import type { LocalServer } from '../../support/local-server.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
/** Not every machine has curl; this one knows what the page uses of it. */
const CURL = fileURLToPath(new URL('../../support/curl.ts', import.meta.url));

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

/** The examples of a language, one after the other, for the system that runs here. */
function examples(language: 'sh' | 'ts'): string {
  const blocks = [...PAGE.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(([, found]) => found === language);
  return blocks
    .map(([, , code = '']) => code)
    .filter((code) => !code.includes('npm run'))
    .join('\n')
    .replaceAll('http://127.0.0.1:8787', server.baseUrl)
    .replaceAll('.assent/api-key', join(server.dataDir, 'api-key'));
}

/** Runs a program at the root of the repository, where the page is read. */
async function run(command: string, args: string[], input: string): Promise<string> {
  const PATH = [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, PATH } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, output]).toEqual([0, output]);
  return output;
}

test('what docs/api.md says to a shell works as it stands there', { timeout: 60_000 }, async () => {
  const output = await run('sh', ['-e'], `curl() { node '${CURL}' "$@"; }\n${examples('sh')}`);
  const answers = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): unknown => JSON.parse(line));
  const problems = answers.filter((one) => z.object({ title: z.string() }).safeParse(one).success);
  expect(problems).toEqual([]);
  expect(decisionAnswer.parse(answers[0]).results).toEqual([{ error: 'not-found' }]);
  expect(answers).toContainEqual(expect.objectContaining({ changed: true }));
  expect(answers).toContainEqual({
    results: [
      expect.objectContaining({ unsubscribeUrl: expect.stringContaining('/unsubscribe/') }),
      { error: 'not-found' },
    ],
  });
  expect(answers).toContainEqual(expect.objectContaining({ kind: 'audience', state: 'waiting' }));
  expect(answers).toHaveLength(6);
});

test('its TypeScript runs as it stands there', { timeout: 60_000 }, async () => {
  const program = examples('ts').replace('everySeconds: 10', 'everySeconds: 0.1');
  const ticking = setInterval(() => void server.advance('PT1M'), 1_000);
  const output = await run('node', ['--input-type=module-typescript', '-'], program).finally(() =>
    clearInterval(ticking),
  );
  expect(output).toMatch(/^done 1$/m);
  expect(output).toMatch(/^call con_[0-9a-f]{32} res_\S+$/m);
  expect(output).toMatch(/^404 There is no such contact\.$/m);
});

test('W10 every endpoint answers on the local system, from its own function', async () => {
  for (const { method, path } of ENDPOINTS) {
    const url = server.baseUrl + path.replaceAll(/\{\w+\}/g, 'x');
    const allow = (await fetch(url, { method: 'OPTIONS' })).headers.get('allow')?.split(', ') ?? [];
    expect([method, path, allow.includes(method)]).toEqual([method, path, true]);
  }
});

test('W10 what describes the API is public, and the same for everybody', async () => {
  const answer = await fetch(`${server.baseUrl}/v1/openapi.json`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
  const { paths } = z.object({ paths: z.record(z.string(), z.unknown()) }).parse(await answer.json());
  expect(new Set(Object.keys(paths))).toEqual(new Set(ENDPOINTS.map(({ path }) => path)));
  for (const path of ['/v1/docs', '/v1/docs.css', '/v1/openapi.json']) {
    expect((await fetch(server.baseUrl + path, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(server.baseUrl + path, { method: 'POST' })).status).toBe(405);
  }
  const key = await readFile(join(server.dataDir, 'api-key'), 'utf8');
  const page = await (await fetch(`${server.baseUrl}/v1/docs`)).text();
  expect(page).not.toContain(key.trim());
});
