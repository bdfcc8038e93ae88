import { randomUUID } from 'node:crypto';

import type { EventBridgeEvent } from 'aws-lambda';
import * as z from 'zod';

import { MINUTE, now, nowMs, setClockOffset } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { errorFields, log } from '../../shared/platform/log.ts';
import { SCHEDULES } from '../triggers.ts';
import { ACCOUNT, REGION } from './environment.ts';
import type { Invoke } from './handlers.ts';
import { readJson, writeJson } from './json-file.ts';

const saved = z.object({ offsetMs: z.int().nonnegative() });

export type Ticker = {
  /** Runs what is scheduled now; after a run that is under way. */
  tick(): Promise<void>;
  stop(): Promise<void>;
};

/** Sets our clock to where an earlier start had moved it. */
export async function restoreClock(path: string): Promise<void> {
  setClockOffset((await readJson(path, saved))?.offsetMs ?? 0);
}

/** Moves our clock on by `ms`, for this start and all later ones. */
export async function advanceClock(path: string, ms: number): Promise<Instant> {
  const offsetMs = Math.round(nowMs() - Date.now()) + ms;
  await writeJson(path, { offsetMs });
  setClockOffset(offsetMs);
  return now();
}

/** Calls each scheduled function as often as it says, the first time at once; looks each minute of real time. */
export function startTicker(deps: { invoke: Invoke; ticked: () => void }): Ticker {
  let running = Promise.resolve();
  // By our clock: whoever moves it on by a day sees what a night does.
  const ranAt = new Map<string, number>();
  const run = async () => {
    for (const { function: name, everyMinutes } of SCHEDULES) {
      const last = ranAt.get(name);
      if (everyMinutes > 1 && last !== undefined && nowMs() < last + everyMinutes * MINUTE) continue;
      ranAt.set(name, nowMs());
      await deps.invoke(name, scheduledEvent(name)).catch((error: unknown) => {
        log('error', 'function-failed', { function: name, ...errorFields(error) });
      });
    }
    deps.ticked();
  };
  const tick = () => (running = running.then(run));
  const timer = setInterval(() => void tick(), MINUTE);
  void tick();
  return {
    tick,
    stop: () => {
      clearInterval(timer);
      return running;
    },
  };
}

function scheduledEvent(name: string): EventBridgeEvent<'Scheduled Event', object> {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT,
    time: now().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources: [`arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`],
    detail: {},
  };
}
