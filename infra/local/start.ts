import { fileURLToPath } from 'node:url';

import { banner } from './banner.ts';
import { parseOptions } from './options.ts';
import { hideMetricLines } from './quiet-metrics.ts';
import { StartError } from './start-error.ts';
import { startSystem } from './system.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let stopping = false;
/** Before anything runs there is nothing to finish; the engine ends with this process. */
let stop: () => Promise<void> = () => Promise.resolve();

function onSignal(): void {
  // Asked twice, somebody is in a hurry; nothing acknowledged is lost by that.
  if (stopping) process.exit(1);
  stopping = true;
  stop().then(() => process.exit(0), fail);
}

function fail(error: unknown): never {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
}

async function main(): Promise<void> {
  hideMetricLines(process.stdout);
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const options = parseOptions(process.argv.slice(2), process.env, ROOT);
  const system = await startSystem(options);
  stop = system.stop;
  void system.ended.then(() => stopping || fail(new StartError('The embedded DynamoDB ended unexpectedly.')));
  console.log(banner(options, system.baseUrl, performance.now()));
}

main().catch(fail);
