import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';

import { decisionAnswer } from '../../../web/api/decision-shapes.ts';
import { ENDPOINTS } from '../../../web/api/endpoints.ts';
import { examplesIn, readDoc, runShell, runTypeScript } from '../../support/doc-examples.ts';
import { startLocalServer } from '../../support/local-server.ts';
import type { LocalServer } from '../../support/local-server.ts';

const PAGE = readDoc('api.md');

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

test('what docs/api.md says to a shell works as it stands there', { timeout: 60_000 }, async () => {
  const output = await runShell(examplesIn(PAGE, 'sh', server));
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
  const program = examplesIn(PAGE, 'ts', server).replace('everySeconds: 10', 'everySeconds: 0.1');
  const ticking = setInterval(() => void server.advance('PT1M'), 1_000);
  const output = await runTypeScript(program).finally(() => clearInterval(ticking));
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
