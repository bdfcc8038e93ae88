import { parseArgs } from 'node:util';

import * as z from 'zod';

import { openSystem } from '../local/open-system.ts';
import type { Poller } from '../local/stream-poller.ts';
import { serveParent } from './child.ts';

/** The local system, but streams run only while the bench says so, and nothing happens by the clock. */
const request = z.union([z.object({ streams: z.boolean() }), z.object({ run: z.literal('jobs') })]);

const { values } = parseArgs({ options: { data: { type: 'string' }, endpoint: { type: 'string' } } });
const options = { port: 0, memory: false, dataDir: values.data ?? '' };
const system = await openSystem(options, values.endpoint);
let streams: Poller | undefined;
const ticker = { tick: () => Promise.resolve(), stop: () => Promise.resolve() };
await system.serve(ticker, () => streams?.nudge());

async function switchStreams(on: boolean): Promise<void> {
  if (on) streams ??= await system.startStreams();
  else {
    await streams?.stop();
    streams = undefined;
  }
}

process.once('SIGTERM', () => {
  const stop = async () => {
    await system.http.stop();
    await switchStreams(false);
    await system.close();
  };
  void stop().finally(() => process.exit(0));
});
serveParent({ port: system.http.port }, async (message) => {
  const asked = request.parse(message);
  if ('run' in asked) await system.invoke(asked.run, {});
  else await switchStreams(asked.streams);
  return {};
});
