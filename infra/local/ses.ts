import { appendFileSync } from 'node:fs';

import { log } from '../../shared/platform/log.ts';
import { SECOND, now } from '../../shared/platform/clock.ts';
import { SES_QUEUE } from '../triggers.ts';
import type { DataFolder } from './data-folder.ts';
import { CONFIGURATION_SET } from './environment.ts';
import type { Invoke } from './handlers.ts';
import { openMailbox } from './mailbox.ts';
import type { Mail, Mailbox } from './mailbox.ts';
import { openQueue } from './queue.ts';
import { fateOf, toNotification, toVisitNotification } from './ses-event.ts';
import type { SesEventType, Visit } from './ses-event.ts';
import { startSes } from './ses-server.ts';
import type { SesServer } from './ses-server.ts';
import { openSuppressionList } from './suppression-list.ts';
import { failedMessages, toSqsEvent } from './sqs-event.ts';

const STEP_MS = 300;

/** SES, its configuration set, the topic and the queue behind it. */
export type LocalSes = {
  server: SesServer;
  mailbox: Mailbox;
  report(type: SesEventType, mail: Mail): void;
  /** Reports an open or a click. */
  visit(mail: Mail, visit: Visit): void;
  /** Begins to bring events to `ses-events`, those of an earlier start first. */
  start(invoke: Invoke): void;
  stop(): Promise<void>;
};

export async function openSes(folder: DataFolder): Promise<LocalSes> {
  const name = SES_QUEUE.function;
  const mailbox = openMailbox(folder.mailbox);
  // A visibility timeout of minutes would only make a developer wait.
  const queue = openQueue(folder.sesQueue, { ...SES_QUEUE, retryMs: SECOND }, ({ id, body }) => {
    appendFileSync(folder.failures(name), `${JSON.stringify({ messageId: id, body })}\n`, { mode: 0o600 });
    log('error', 'queue-message-given-up', { function: name, messageId: id });
  });
  const suppressed = openSuppressionList(folder.suppressed);
  const report = (type: SesEventType, mail: Mail, delayMs = 0) => {
    if (type === 'Bounce' || type === 'Complaint') {
      suppressed.add(mail.to, type === 'Bounce' ? 'BOUNCE' : 'COMPLAINT', now());
      const { lose, ...others } = server.switches();
      if (lose) return void server.switch(others);
    }
    queue.send(toNotification(type, mail), delayMs);
  };
  const accept = (mail: Mail) => {
    mailbox.add(mail);
    report('Send', mail);
    fateOf(mail.to).forEach((type, step) => report(type, mail, (step + 1) * STEP_MS));
  };
  const server = await startSes({ configurationSets: [CONFIGURATION_SET], accept, suppressed });
  return {
    server,
    mailbox,
    report,
    visit: (mail, visit) => queue.send(toVisitNotification(mail, visit)),
    start: (invoke) =>
      queue.start(async (messages) =>
        failedMessages(await invoke(name, toSqsEvent(messages, `assent-${name}`))),
      ),
    stop: async () => {
      await server.stop();
      await queue.stop();
      mailbox.close();
      suppressed.close();
    },
  };
}
