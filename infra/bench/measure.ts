import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

import * as z from 'zod';

import type { Mail } from '../local/mailbox.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import { loadResult } from './load.ts';
import type { LoadRequest, LoadResult } from './load.ts';
import type { Cpu } from './local-system.ts';
import { quantile } from './quantile.ts';

/** One row of the report. CPU is in milliseconds per request that was answered as expected. */
export type Figures = {
  operation: string;
  connections: number;
  requests: number;
  /** Answers other than the expected one. */
  errors: number;
  /** Answers per second. */
  perSecond: number;
  /** Mails per second, until the last one. */
  mailsPerSecond?: number;
  p50: number;
  p99: number;
  own: number;
  engine: number;
};
type Measured = { cpu(): Cpu };
export type Client = Child;

const CLIENT = fileURLToPath(new URL('./client.ts', import.meta.url));

export function startClient(dir: string): Promise<Client> {
  return startChild(CLIENT, [], join(dir, 'client.log'), z.object({}));
}

export function send(client: Client, job: { port: number; connections: number; requests: LoadRequest[] }) {
  return client.ask(job, loadResult);
}

/**
 * Sends `requests` and reads what they cost until the last answer, or until `settled` resolves where it is given:
 * to the instant (ms since 1970) of the last mail.
 */
export async function measure(input: {
  operation: string;
  client: Client;
  port: number;
  connections: number;
  requests: LoadRequest[];
  expect: number;
  of: Measured;
  settled?: () => Promise<number>;
}): Promise<Figures> {
  const { operation, client, port, connections, requests, expect, of, settled } = input;
  const before = of.cpu();
  const startedAt = Date.now();
  const result = await send(client, { port, connections, requests });
  const lastMailAt = await settled?.();
  const figures = toFigures({ operation, connections, expect, result, before, after: of.cpu() });
  if (lastMailAt === undefined) return figures;
  return { ...figures, mailsPerSecond: (1_000 * requests.length) / (lastMailAt - startedAt) };
}

function toFigures(input: {
  operation: string;
  connections: number;
  expect: number;
  result: LoadResult;
  before: Cpu;
  after: Cpu;
}): Figures {
  const { operation, connections, expect, result, before, after } = input;
  const requests = result.latencies.length;
  const done = result.statuses[expect] ?? 0;
  return {
    operation,
    connections,
    requests,
    errors: requests - done,
    perSecond: requests / result.seconds,
    p50: quantile(result.latencies, 0.5),
    p99: quantile(result.latencies, 0.99),
    own: (after.own - before.own) / done,
    engine: (after.engine - before.engine) / done,
  };
}

const QUIET_SHARE = 0.15;
const LOOK_EVERY_MS = 250;

/** Collects mails until `count` have come and the machine has nothing left to do for them. */
export async function awaitMails(
  system: Measured & { newMails(): Mail[] },
  count: number,
  limitMs = 120_000,
): Promise<Mail[]> {
  const found: Mail[] = [];
  const until = performance.now() + limitMs;
  for (let quiet = 0; quiet < 2;) {
    if (performance.now() > until) throw new Error(`only ${found.length} of ${count} mails came`);
    const before = system.cpu();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const after = system.cpu();
    found.push(...system.newMails());
    const used = after.own + after.engine - before.own - before.engine;
    quiet = found.length >= count && used <= QUIET_SHARE * LOOK_EVERY_MS ? quiet + 1 : 0;
  }
  return found;
}
