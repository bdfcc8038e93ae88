import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import { eventKey } from '../../shared/engagement/event.ts';
import { CREDENTIALS, REGION, TABLE_PREFIX } from '../local/environment.ts';
import { prefixedName } from '../local/tables.ts';
import { newAct, storedAct } from './acts.ts';
import { openApi } from './api.ts';
import type { Bench } from './doors.ts';
import { LOOK_EVERY_MS, awaitMails, measure } from './measure.ts';
import type { Figures } from './measure.ts';
import { putMany } from './put-many.ts';
import { quantile } from './quantile.ts';
import { openScoreFeed } from './score-feed.ts';

/** Of all that is done, by event; CPU in milliseconds. */
export type EventFigures = {
  operation: string;
  events: number;
  /** Contacts whose score was stored. */
  scored: number;
  perSecond: number;
  own: number;
  engine: number;
};
export type Latency = EventFigures & { p50: number; p99: number };
/** Figures of posts; CPU by event. */
export type PostFigures = Figures & { events: number };

const POSTS = '/v1/engagements';
const BATCHES = [1, 10, 100];
const EVENTS_PER_CONTACT = 10;
const PER_SECOND = 50;
const LOOK_FOR_SCORES_MS = 10;
/** A machine that others use too seems quiet sooner than it is. */
const QUIET_LOOKS = 8;
const PATIENCE_MS = 20_000;

/** Posts of events with the streams held back: what it costs to take them. Each ten are about one contact. */
export async function measurePosts(bench: Bench): Promise<PostFigures[]> {
  const { system, client, seed, options } = bench;
  const api = await openApi(system.dir);
  const { contactIds } = seed;
  let next = 0;
  const post = (events: number) => {
    const people = Array.from(
      { length: Math.ceil(events / EVENTS_PER_CONTACT) },
      () => contactIds[(next += 1) % contactIds.length] ?? '',
    );
    const told = people.flatMap((id) =>
      Array.from({ length: Math.min(events, EVENTS_PER_CONTACT) }, () => ({ ...newAct(), contact: { id } })),
    );
    return api(POSTS, events === 1 ? (told[0] ?? {}) : { events: told });
  };
  const run = (operation: string, connections: number, events: number, count: number) => {
    const requests = Array.from({ length: Math.max(4, Math.ceil(count)) }, () => post(events));
    const job = { client, port: system.port, connections, requests, expect: 202, of: system };
    return measure({ operation, ...job });
  };
  await system.streams(false);
  await run('', 8, 1, 50);
  const figures: PostFigures[] = [];
  for (const events of BATCHES) {
    for (const connections of options.connections) {
      const measured = await run(
        `${events} in one`,
        connections,
        events,
        options.operations / Math.sqrt(events),
      );
      figures.push({ ...measured, events, own: measured.own / events, engine: measured.engine / events });
    }
  }
  return figures;
}

/**
 * First scores, which cost most; then one event after another at a steady rate for people who have one: how long until
 * the new score is stored. Streams run all the while.
 */
export async function measureLatency({ system, seed, options }: Bench): Promise<(EventFigures | Latency)[]> {
  const api = await openApi(system.dir);
  const ids = seed.contactIds.slice(-4 * options.operations);
  const tell = async (body: object) => {
    const { method, path, headers, body: text } = api(POSTS, body);
    const answer = await fetch(`http://127.0.0.1:${system.port}${path}`, { method, headers, body: text });
    const said = await answer.text();
    if (answer.status !== 202) throw new Error(`events were answered ${answer.status}: ${said}`);
  };
  await settle(system);
  const first = await workOff(system, { operation: 'first scores', events: ids.length }, async () => {
    for (let at = 0; at < ids.length; at += 100) {
      await tell({ events: ids.slice(at, at + 100).map((id) => ({ ...newAct(), contact: { id } })) });
    }
  });

  const feed = await openScoreFeed(engineOf(system));
  const sentAt = new Map<string, number>();
  const taken = new Map<string, number>();
  const look = async () => {
    for (const id of await feed.next()) {
      const sent = sentAt.get(id);
      if (sent !== undefined && !taken.has(id)) taken.set(id, performance.now() - sent);
    }
  };
  const before = system.cpu();
  const startedAt = performance.now();
  const posted = ids.map(async (id, at) => {
    await sleep((at * 1_000) / PER_SECOND);
    sentAt.set(id, performance.now());
    await tell({ ...newAct(), contact: { id } });
  });
  const end = startedAt + (ids.length * 1_000) / PER_SECOND + PATIENCE_MS;
  while (taken.size < ids.length && performance.now() < end) {
    await sleep(LOOK_FOR_SCORES_MS);
    await look();
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  await Promise.all(posted);
  feed.close();
  const done = {
    operation: `${PER_SECOND} events a second`,
    events: ids.length,
    scored: taken.size,
    seconds,
  };
  const times = [...taken.values()];
  const steady = perEvent(done, before, system.cpu());
  return [first, { ...steady, p50: quantile(times, 0.5), p99: quantile(times, 0.99) }];
}

/**
 * Works off what has gathered while the streams stood still. Contacts have ten events each: one after the other, as a
 * system posts them that was away, or scattered over all that happened, a tenth as many.
 */
export async function measureBacklog({ system, seed, options }: Bench): Promise<EventFigures[]> {
  const client = new DynamoDBClient({ endpoint: engineOf(system), region: REGION, credentials: CREDENTIALS });
  const db = {
    client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    name: (table: Parameters<typeof putMany>[1]) => prefixedName(TABLE_PREFIX, table),
  };
  const contacts = Math.ceil(options.contacts / EVENTS_PER_CONTACT);
  const figures: EventFigures[] = [];
  for (const isScattered of [false, true]) {
    const ids = seed.contactIds.slice(0, isScattered ? Math.ceil(contacts / 10) : contacts);
    const rounds = Array.from({ length: EVENTS_PER_CONTACT }, () => ids);
    const order = isScattered ? rounds.flat() : ids.flatMap((id) => rounds.map(() => id));
    await settle(system);
    await system.streams(false);
    const items = order.map(storedAct).map((item) => ({ ...eventKey(item), ...item }));
    await putMany(db, 'engagement', items);
    const operation = isScattered ? 'backlog, scattered' : 'backlog, ten of a contact in a row';
    const all = { operation, events: order.length };
    figures.push(await workOff(system, all, () => system.streams(true)));
  }
  client.destroy();
  return figures;
}

/** Whatever came before is done. */
async function settle(system: Bench['system']): Promise<void> {
  await system.streams(true);
  await awaitMails(system, 0, QUIET_LOOKS);
}

/** What it takes from `start` until the machine has nothing left to do. */
async function workOff(
  system: Bench['system'],
  all: { operation: string; events: number },
  start: () => Promise<void>,
): Promise<EventFigures> {
  const feed = await openScoreFeed(engineOf(system));
  const before = system.cpu();
  const startedAt = performance.now();
  await start();
  await awaitMails(system, 0, QUIET_LOOKS);
  const seconds = (performance.now() - startedAt - QUIET_LOOKS * LOOK_EVERY_MS) / 1_000;
  const after = system.cpu();
  const scored = new Set(await feed.next()).size;
  feed.close();
  return perEvent({ ...all, scored, seconds }, before, after);
}

type Cpu = { own: number; engine: number };

function perEvent(
  { seconds, ...done }: { operation: string; events: number; scored: number; seconds: number },
  before: Cpu,
  after: Cpu,
): EventFigures {
  return {
    ...done,
    perSecond: done.events / seconds,
    own: (after.own - before.own) / done.events,
    engine: (after.engine - before.engine) / done.events,
  };
}

function engineOf({ engine }: Bench['system']): string {
  if (engine === undefined) throw new Error('scores are measured on an engine of our own');
  return engine;
}
