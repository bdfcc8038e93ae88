import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { verifyPack } from '../../shared/evidence/verify-pack.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { demoScoring } from '../../shared/settings/demo-scoring.ts';
import type { Bench } from './doors.ts';
import type { LoadRequest } from './load.ts';
import type { Cpu } from './local-system.ts';
import { measure, send } from './measure.ts';
import type { Figures } from './measure.ts';

const BATCH = 1_000;
const ENTRIES = 500;
export const QUESTION = { brand: demoBrand.id, use: 'newsletter' };

export type Api = (path: string, body?: object) => LoadRequest;

/** What other systems ask most: decisions one by one and a thousand at once, reservations, a long history as evidence. */
export async function measureApi(bench: Bench): Promise<Figures[]> {
  const { system, client, seed, options } = bench;
  const api = await openApi(system.dir);
  // The first contacts of the seed have unsubscribed by now.
  const ids = seed.contactIds.slice(-Math.min(seed.contactIds.length, 4 * BATCH));
  const decide = (contacts: string[], more = {}) =>
    api('/v1/decisions', { ...QUESTION, ...more, contacts: contacts.map((id) => ({ id })) });
  const one = (at: number) => ids.slice(at % ids.length, (at % ids.length) + 1);
  const run = (operation: string, connections: number, requests: LoadRequest[]) =>
    measure({ operation, connections, requests, expect: 200, client, port: system.port, of: system });

  await system.streams(false);
  await run('', 8, [decide(ids.slice(0, BATCH)), ...ids.slice(0, 50).map((id) => decide([id]))]);
  const figures: Figures[] = [];
  for (const connections of options.connections) {
    const requests = Array.from({ length: options.operations }, (_, at) => decide(one(at)));
    figures.push(await run('decision', connections, requests));
  }
  for (const connections of options.connections) {
    const offset = figures.length * options.operations;
    const requests = Array.from({ length: options.operations }, (_, at) =>
      decide(one(offset + at), { reserve: true }),
    );
    figures.push(await run('decision with reservation', connections, requests));
  }
  const batches = Array.from({ length: 8 }, (_, at) =>
    decide(ids.slice((at % 4) * BATCH, (at % 4) * BATCH + BATCH)),
  );
  for (const connections of [1, 4]) {
    figures.push(await run('1,000 decisions in one', connections, batches));
  }
  const id = ids.at(-1) ?? '';
  await makeHistory(bench, api, id);
  const evidence = Array.from({ length: 20 }, () => api(`/v1/contacts/${id}/evidence`));
  figures.push(await run(`evidence of ${ENTRIES} entries`, 1, evidence));
  return figures;
}

/** How long the verifier takes for the evidence that `measureApi` made, in milliseconds. */
export async function measureVerify({ system, seed }: Bench): Promise<{ ms: number; steps: number }> {
  const { path, headers } = (await openApi(system.dir))(`/v1/contacts/${seed.contactIds.at(-1)}/evidence`);
  const answer = await fetch(`http://127.0.0.1:${system.port}${path}`, { headers });
  const pack: unknown = await answer.json();
  verifyPack(pack);
  const startedAt = performance.now();
  const steps = verifyPack(pack);
  return { ms: performance.now() - startedAt, steps: steps.length };
}

const job = z.object({ id: z.string(), state: z.string() });

type Preview = Cpu & { seconds: number; runs: number; state: string };

/** Other settings, to be tried over all contacts. */
export type Tried = { name: string; path: string; document: object };
export const OTHER_USES: Tried = {
  name: 'uses',
  path: `/v1/settings/uses/${demoUses.id}/preview`,
  document: { ...demoUses, uses: demoUses.uses.filter(({ id }) => id !== 'direct-mail') },
};
export const OTHER_SCORING: Tried = {
  name: 'scoring rules',
  path: '/v1/scoring/preview',
  document: { ...demoScoring, halfLifeDays: 20 },
};

/** A preview of other settings over all contacts, run after run as the schedule would but without its pauses. */
export async function measurePreview({ system }: Bench, { path, document }: Tried): Promise<Preview> {
  const api = await openApi(system.dir);
  const ask = async ({ method, path, headers, body }: LoadRequest) => {
    const url = `http://127.0.0.1:${system.port}${path}`;
    const answer = await fetch(url, { method, headers, ...(body ? { body } : {}) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return job.parse(await answer.json());
  };
  const before = system.cpu();
  const startedAt = performance.now();
  let runs = 0;
  let { id, state } = await ask(api(path, { document }));
  while (state === 'waiting' || state === 'running') {
    await system.run('jobs');
    runs += 1;
    ({ id, state } = await ask(api(`/v1/jobs/${id}`)));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = system.cpu();
  return { seconds, runs, own: after.own - before.own, engine: after.engine - before.engine, state };
}

/** Requests with the key that the local system makes for its demo company. */
export async function openApi(dir: string): Promise<Api> {
  const key = (await readFile(join(dir, 'api-key'), 'utf8')).trim();
  return (path, body) => ({
    method: body ? 'POST' : 'GET',
    path,
    headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body ? JSON.stringify(body) : '',
  });
}

/** Blocks and unblocks by turns, until the chain is long. */
async function makeHistory({ system, client }: Bench, api: Api, id: string): Promise<void> {
  const act = { brand: demoBrand.id, uses: ['newsletter'], reason: 'bench', actor: 'bench' };
  const requests = Array.from({ length: ENTRIES - 1 }, (_, at) =>
    api(`/v1/contacts/${id}/${at % 2 === 0 ? 'block' : 'unblock'}`, act),
  );
  const { statuses } = await send(client, { port: system.port, connections: 1, requests });
  if (statuses['200'] !== requests.length) throw new Error(`history: ${JSON.stringify(statuses)}`);
}
