import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { RequestListener } from 'node:http';

import { now, nowMs } from '../../../shared/platform/clock.ts';
import { required } from '../../../shared/platform/config.ts';
import { openDatabase } from '../../../shared/platform/table.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Handlers } from '../handlers.ts';
import type { LocalSes } from '../ses.ts';
import { advanceClock } from '../ticker.ts';
import type { Ticker } from '../ticker.ts';
import type { DevDeps } from './deps.ts';
import { sendSample } from './sample-mailing.ts';
import { readEventChoices, sendEvent } from './send-event.ts';
import { changeLimits, readForms, readLimits, readOutbox } from './state.ts';

/** Loads the built pages under `/dev` and connects them with the system that runs. */
export async function connectDev(
  file: string,
  {
    folder,
    ses,
    handlers,
    ticker,
    replay,
  }: { folder: DataFolder; ses: LocalSes; handlers: Handlers; ticker: Ticker } & Pick<DevDeps, 'replay'>,
): Promise<RequestListener> {
  const db = openDatabase();
  // Node strips types from our sources but does not read JSX, so these pages are a bundle like the functions.
  const bundle: { createDevListener: (deps: DevDeps) => RequestListener } = await import(
    pathToFileURL(file).href
  );
  return bundle.createDevListener({
    mailbox: ses.mailbox,
    ses: ses.server,
    report: ses.report,
    visit: ses.visit,
    sendSample: async (to) =>
      sendSample(to, {
        baseUrl: required('ASSENT_BASE_URL'),
        apiKey: (await readFile(folder.apiKey, 'utf8')).trim(),
        sesEndpoint: ses.server.endpoint,
      }),
    clock: {
      now,
      offsetMs: () => nowMs() - Date.now(),
      advance: async (ms) => {
        await advanceClock(folder.clock, ms);
        await ticker.tick();
        return now();
      },
    },
    limits: {
      read: () => readLimits(db),
      change: async (change) => {
        const limits = await changeLimits(db, change);
        // Functions remember settings for a minute; new ones remember nothing.
        await handlers.reload();
        return limits;
      },
    },
    forms: () => readForms(db),
    outbox: () => readOutbox(db),
    replay,
    engagement: { choices: () => readEventChoices(db), send: (event) => sendEvent(db, event) },
  });
}
