import type { DynamoDBRecord } from 'aws-lambda';

import { errorFields, log } from '../../shared/platform/log.ts';
import { compileFilters } from './stream-filter.ts';
import { startLanes } from './stream-lanes.ts';
import type { Discarded, Mapping } from './stream-mapping.ts';
import { trackProgress } from './stream-progress.ts';
import { changedNothing, toLambdaRecord } from './stream-record.ts';
import type { StreamPosition, StreamReader } from './stream-reader.ts';
import { createWake } from './wake.ts';

export type Poller = {
  /** Something was probably written: look now instead of at the next turn. */
  nudge(): void;
  /** Reads no more and waits for the calls that run; what was not delivered comes again at the next start. */
  stop(): Promise<void>;
};

const PAGE = 500;
/** Records read and not yet delivered, at most. */
const MAX_OPEN = 2_000;
/** Each poll costs a call to the engine, so nudges that come thick and fast share one. */
const SHORTEST_MS = 25;
const BUSY_MS = 50;
const QUIET_MS = 250;
const QUIET_AFTER_MS = 1_000;
const AFTER_ERROR_MS = 1_000;

/** Reads a table stream and feeds one function with it, as Lambda's event source mapping does. */
export function startPoller(
  mapping: Mapping,
  deps: {
    reader: StreamReader;
    call: (event: { Records: DynamoDBRecord[] }) => Promise<unknown>;
    checkpoint: (position: StreamPosition) => void;
    discard: (discarded: Discarded) => void;
    /** Told after each call: the function may have written to other tables. */
    called?: () => void;
    /** Before the first repetition of what failed; each further one waits twice as long. */
    firstRetryMs?: number;
  },
): Poller {
  const wanted = compileFilters(mapping.filters);
  const progress = trackProgress(deps.checkpoint);
  const wake = createWake();
  const lanes = startLanes(mapping, deps);
  let activeAt = performance.now();

  /** @returns whether more may be waiting. */
  const poll = async (): Promise<boolean> => {
    const found = await deps.reader.next(PAGE);
    for (const { position, record } of found) {
      const done = progress.begin(position);
      const event = toLambdaRecord(record, deps.reader.stream);
      if (changedNothing(record) || !wanted(event)) done();
      else lanes.push({ record: event, position, done });
    }
    if (found.length > 0) activeAt = performance.now();
    return found.length === PAGE;
  };
  const run = async () => {
    while (!wake.stopped()) {
      const more = progress.open() < MAX_OPEN && (await poll());
      if (more) continue;
      const quiet = performance.now() - activeAt > QUIET_AFTER_MS;
      await pauseBetween(quiet ? QUIET_MS : BUSY_MS);
    }
  };
  const pauseBetween = async (ms: number) => {
    await new Promise((resolve) => setTimeout(resolve, SHORTEST_MS));
    if (!nudged) await wake.sleep(ms - SHORTEST_MS);
    nudged = false;
  };
  let nudged = false;
  const runForEver = async () => {
    while (!wake.stopped()) {
      await run().catch(async (error: unknown) => {
        log('error', 'stream-poll-failed', { function: mapping.function, ...errorFields(error) });
        await wake.sleep(AFTER_ERROR_MS);
      });
    }
  };
  const running = runForEver();
  return {
    nudge: () => {
      nudged = true;
      activeAt = performance.now();
      wake.nudge();
    },
    stop: async () => {
      wake.stop();
      await running;
      await lanes.stop();
    },
  };
}
