import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { OTHER_SCORING, OTHER_USES, measureApi, measurePreview, measureVerify } from './api.ts';
import type { Tried } from './api.ts';
import { startChild } from './child.ts';
import { measureColdStarts } from './cold-starts.ts';
import { cpuMs } from './cpu.ts';
import { measureDoors } from './doors.ts';
import type { Bench } from './doors.ts';
import { measureBacklog, measureLatency, measurePosts } from './engagement.ts';
import { buildHonoOnly } from './hono-only.ts';
import { startLocalSystem } from './local-system.ts';
import { measure, startClient } from './measure.ts';
import type { Client, Figures } from './measure.ts';
import { parseBenchOptions } from './options.ts';
import type { BenchOptions } from './options.ts';
import { coldStartTable, eventsTable, figuresTable, postsTable, unitsTable } from './report.ts';
import { openSeed } from './seed.ts';
import { measureSlowMail } from './slow-mail.ts';
import { countUnits } from './units.ts';

const REFERENCE = fileURLToPath(new URL('./reference.ts', import.meta.url));
const say = (line: string) => console.log(line);

const options = parseBenchOptions(process.argv.slice(2));
const dir = await mkdtemp(join(tmpdir(), 'assent-bench-'));
// Where it is stopped or fails, the logs in there stay and tell why.
say(`Working in ${dir}`);
process.once('SIGINT', () => process.exit(130));
await bench(options, dir);
await rm(dir, { recursive: true, force: true });

async function bench(options: BenchOptions, dir: string): Promise<void> {
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  const day = new Date().toISOString().slice(0, 10);
  say(`${cpus().length} cores, Node ${process.versions.node}, ${day}, load ${load} at the start`);
  const client = await startClient(dir);
  const reference = await measureReference(client, options, dir);

  await mkdir(join(dir, 'data'));
  const seed = await openSeed(options.contacts, join(dir, 'data'), say);
  const system = await startLocalSystem(seed.dir);
  const input = { system, client, seed, options };
  if (!options.only) await benchDoors(input, reference);
  if (options.only !== 'engagement') await benchApi(input, reference);
  if (options.only !== 'api') await benchEngagement(input);
  await system.stop();

  say('\nRequest units per operation\n');
  say(unitsTable(await countUnits(join(dir, 'units'), client)));
  await client.stop();
  if (options.only) return;
  say('\nBundles as Lambda gets them; CPU, medians\n');
  say(coldStartTable(await measureColdStarts(join(dir, 'cold'), options.starts)));
}

async function benchDoors(input: Bench, reference: Figures[]): Promise<void> {
  const doors = await measureDoors(input);
  say(`\nDoors, ${input.options.contacts} contacts; CPU in ms per request\n`);
  say(figuresTable([...reference, ...doors], 'form page'));
  if (input.options.quick) return;
  say('\nSign-ups while mail is slow or down, streams running; CPU of the whole chain\n');
  say(figuresTable(await measureSlowMail(input), 'sign-up, mail at once'));
}

async function benchApi(input: Bench, reference: Figures[]): Promise<void> {
  say(`\nAPI, ${input.options.contacts} contacts; CPU in ms per request\n`);
  say(figuresTable([...reference, ...(await measureApi(input))], 'hono only'));
  const verified = await measureVerify(input);
  say(`\nVerifying that evidence: ${verified.ms.toFixed(0)} ms, ${verified.steps} steps`);
  await benchPreview(input, OTHER_USES);
}

async function benchPreview(input: Bench, tried: Tried): Promise<void> {
  const { seconds, runs, own, engine, state } = await measurePreview(input, tried);
  say(
    `Preview of other ${tried.name} over all contacts: ${seconds.toFixed(1)} s in ${runs} runs, ` +
      `${(input.options.contacts / seconds).toFixed(0)} contacts/s, ` +
      `CPU ${(own / 1_000).toFixed(1)} s own, ${(engine / 1_000).toFixed(1)} s engine, ${state}`,
  );
}

async function benchEngagement(input: Bench): Promise<void> {
  say(`\nEngagement posts, ${input.options.contacts} contacts; CPU in ms per event\n`);
  say(postsTable(await measurePosts(input)));
  say('\nFrom event to stored score, streams running; CPU in ms per event\n');
  say(eventsTable([...(await measureLatency(input)), ...(await measureBacklog(input))]));
  await benchPreview(input, OTHER_SCORING);
}

/** A function of hono alone behind the same gateway. */
async function measureReference(client: Client, options: BenchOptions, dir: string): Promise<Figures[]> {
  const file = await buildHonoOnly(dir);
  const server = await startChild(REFERENCE, [file], join(dir, 'reference.log'), z.object({ port: z.int() }));
  const of = { cpu: () => ({ own: cpuMs(server.pid), engine: 0 }) };
  const figures: Figures[] = [];
  for (const connections of [1, ...options.connections]) {
    const requests = Array.from({ length: 2 * options.operations }, () => ({
      method: 'GET' as const,
      path: '/',
      headers: {},
      body: '',
    }));
    const job = {
      operation: 'hono only',
      expect: 200,
      client,
      port: server.ready.port,
      connections,
      requests,
      of,
    };
    figures.push(await measure(job));
  }
  await server.stop();
  // The first round only warmed it up.
  return figures.slice(1);
}
