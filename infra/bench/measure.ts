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
  /** Mails that followed, where somebody waited for them, and their rate until the last one. */
  mails?: number;
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
 * Sends `requests` and reads what they cost until the last answer, or until `settled` resolves to the mails that
 * followed.
 */
export async function measure(input: {
  operation: string;
  client: Client;
  port: number;
  connections: number;
  requests: LoadRequest[];
  expect: number;
  of: Measured;
  settled?: () => Promise<Mail[]>;
}): Promise<Figures> {
  const { operation, client, port, connections, requests, expect, of, settled } = input;
  const before = of.cpu();
  const startedAt = Date.now();
  const result = await send(client, { port, connections, requests });
  const mails = await settled?.();
  const figures = toFigures({ operation, connections, expect, result, before, after: of.cpu() });
  if (!mails) return figures;
  if (mails.length === 0) return { ...figures, mails: 0 };
  const lastAt = Math.max(...mails.map(({ at }) => Date.parse(at)));
  return { ...figures, mails: mails.length, mailsPerSecond: (1_000 * mails.length) / (lastAt - startedAt) };
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

export const LOOK_EVERY_MS = 250;
const QUIET_SHARE = 0.15;
/** Looks at a quiet machine after which nothing more is expected: longer than any mail is made to take. */
const PATIENCE = 12;

/**
 * Collects mails until `count` have come and the machine has nothing left to do for them, or until nothing happens
 * any more: a mail of which SES may have heard already waits for minutes (S7).
 * @param looks at a quiet machine that are enough
 */
export async function awaitMails(
  system: Measured & { newMails(): Mail[] },
  count: number,
  looks = 2,
): Promise<Mail[]> {
  const found: Mail[] = [];
  for (let quiet = 0; quiet < (found.length < count ? PATIENCE : looks);) {
    const before = system.cpu();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const after = system.cpu();
    found.push(...system.newMails());
    const used = after.own + after.engine - before.own - before.engine;
    quiet = used <= QUIET_SHARE * LOOK_EVERY_MS ? quiet + 1 : 0;
  }
  return found;
}
