import { randomUUID } from 'node:crypto';

import * as z from 'zod';

import { errorFields, log } from '../../shared/platform/log.ts';
import { openJournal } from './journal.ts';

export type Message = { id: string; body: string; sentAt: number; visibleAt: number; receives: number };
type Deliver = (messages: Message[]) => Promise<string[]>;
export type Queue = {
  /** Once it returns, the message survives kill -9. */
  send(body: string, delayMs?: number): void;
  /** Begins to deliver. `deliver` answers the ids of the messages that failed; all failed where it rejects. */
  start(deliver: Deliver): void;
  size(): number;
  /** Waits for the delivery that runs; what is left comes at the next start. */
  stop(): Promise<void>;
};

const entry = z.union([
  z.object({
    sent: z.object({ id: z.string(), body: z.string(), sentAt: z.number(), visibleAt: z.number() }),
  }),
  z.object({ failed: z.array(z.string()) }),
  z.object({ done: z.array(z.string()) }),
]);

/**
 * Opens a queue with SQS's manners: at least once, in no promised order, again after a while where the consumer
 * failed, given up after `maximumReceives`.
 */
export function openQueue(
  path: string,
  settings: { batchSize: number; maximumReceives: number; retryMs: number },
  giveUp: (message: Message) => void,
): Queue {
  const open = new Map<string, Message>();
  const journal = openJournal(path, (line) => apply(open, entry.parse(line)));
  if (open.size === 0) journal.clear();
  let deliver: Deliver | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const record = (line: z.infer<typeof entry>) => {
    journal.append(line);
    apply(open, line);
    if (open.size === 0) journal.clear();
  };
  const wakeUp = () => {
    if (!deliver || running || stopped || open.size === 0) return;
    let next = Infinity;
    for (const { visibleAt } of open.values()) next = Math.min(next, visibleAt);
    clearTimeout(timer);
    timer = setTimeout(run, Math.max(0, next - Date.now()));
  };
  const run = () => {
    running = deliverVisible().finally(() => {
      running = undefined;
      wakeUp();
    });
  };
  const deliverVisible = async () => {
    const batch = visible(open, settings.batchSize);
    if (batch.length === 0 || !deliver) return;
    for (const message of batch) message.receives += 1;
    const failures = new Set(
      await deliver(batch).catch((error: unknown) => {
        log('error', 'queue-delivery-failed', errorFields(error));
        return batch.map(({ id }) => id);
      }),
    );
    const failed = batch.filter(({ id }) => failures.has(id));
    const lost = failed.filter(({ receives }) => receives >= settings.maximumReceives);
    for (const message of lost) giveUp(message);
    for (const message of failed)
      message.visibleAt = Date.now() + settings.retryMs * 2 ** (message.receives - 1);
    const again = new Set(failed.filter((message) => !lost.includes(message)).map(({ id }) => id));
    if (again.size > 0) journal.append({ failed: [...again] });
    const done = batch.filter(({ id }) => !again.has(id)).map(({ id }) => id);
    if (done.length > 0) record({ done });
  };
  return {
    start: (to) => {
      deliver = to;
      wakeUp();
    },
    send: (body, delayMs = 0) => {
      const sentAt = Date.now();
      record({ sent: { id: randomUUID(), body, sentAt, visibleAt: sentAt + delayMs } });
      wakeUp();
    },
    size: () => open.size,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
      journal.close();
    },
  };
}

function apply(open: Map<string, Message>, line: z.infer<typeof entry>): void {
  if ('sent' in line) open.set(line.sent.id, { ...line.sent, receives: 0 });
  else if ('done' in line) for (const id of line.done) open.delete(id);
  else {
    for (const id of line.failed) {
      const message = open.get(id);
      if (message) message.receives += 1;
    }
  }
}

function visible(open: Map<string, Message>, limit: number): Message[] {
  const found: Message[] = [];
  const at = Date.now();
  for (const message of open.values()) {
    if (message.visibleAt <= at) found.push(message);
    if (found.length === limit) break;
  }
  return found;
}
