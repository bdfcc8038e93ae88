import type { DynamoDBRecord } from 'aws-lambda';

import { jitter } from '../../shared/platform/ids.ts';
import { errorFields, log } from '../../shared/platform/log.ts';
import { deliver } from './stream-delivery.ts';
import type { Discarded, Mapping } from './stream-mapping.ts';
import type { StreamPosition } from './stream-reader.ts';
import { createWake } from './wake.ts';

type Entry = { record: DynamoDBRecord; position: StreamPosition; done: () => void };
export type Lanes = { push(entry: Entry): void; stop(): Promise<void> };

const FIRST_RETRY_MS = 200;

/**
 * Delivers records in `parallelizationFactor` lanes at once. Records of one partition key share a lane, which
 * keeps their order; a slow or failing lane holds up no other.
 */
export function startLanes(
  mapping: Mapping,
  deps: {
    call: (event: { Records: DynamoDBRecord[] }) => Promise<unknown>;
    discard: (discarded: Discarded) => void;
    called?: () => void;
    firstRetryMs?: number;
  },
): Lanes {
  const wake = createWake();
  const { firstRetryMs = FIRST_RETRY_MS } = deps;
  const lanes = Array.from({ length: mapping.parallelizationFactor }, () => ({
    waiting: new Array<Entry>(),
    running: Promise.resolve(),
    busy: false,
  }));
  const send = async (batch: Entry[]) => {
    const positions = new Map(batch.map(({ record, position }) => [record, position]));
    await deliver(
      batch.map(({ record }) => record),
      {
        ...mapping,
        call: async (Records) => {
          try {
            return await deps.call({ Records });
          } catch (error) {
            log('error', 'function-failed', { function: mapping.function, ...errorFields(error) });
            throw error;
          } finally {
            deps.called?.();
          }
        },
        discard: (record, cause, calls) => {
          const position = positions.get(record);
          if (position) deps.discard({ record, position, cause, calls });
        },
        pause: async (attempt) => {
          await wake.sleep(firstRetryMs * 2 ** (attempt - 1) + jitter(firstRetryMs));
          if (wake.stopped()) throw new Error('stopped');
        },
      },
    );
    for (const { done } of batch) done();
  };
  const drain = async (lane: (typeof lanes)[number]) => {
    while (lane.waiting.length > 0 && !wake.stopped()) {
      // Stopped amid retries: nothing of the batch counts as done, all of it comes again at the next start.
      await send(lane.waiting.splice(0, mapping.batchSize)).catch(() => undefined);
    }
    lane.busy = false;
  };
  return {
    push: (entry) => {
      const lane = lanes[laneOf(entry.record, lanes.length)];
      if (!lane) return;
      lane.waiting.push(entry);
      if (lane.busy) return;
      lane.busy = true;
      // On the next turn, so that records read together travel together.
      lane.running = Promise.resolve().then(() => drain(lane));
    },
    stop: async () => {
      wake.stop();
      await Promise.all(lanes.map(({ running }) => running));
    },
  };
}

function laneOf({ dynamodb }: DynamoDBRecord, lanes: number): number {
  let hash = 0;
  for (const character of dynamodb?.Keys?.['pk']?.S ?? '') hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  return hash % lanes;
}
