import type { SesSwitches } from '../local/ses-switches.ts';
import type { Bench } from './doors.ts';
import { awaitMails, measure } from './measure.ts';
import type { Figures } from './measure.ts';
import { signUp } from './requests.ts';
import { newAddresses } from './visitors.ts';

const CASES: { name: string; switches: SesSwitches; comes: boolean }[] = [
  { name: 'mail at once', switches: {}, comes: true },
  { name: 'mail takes 200 ms', switches: { delayMs: 200 }, comes: true },
  { name: 'mail takes 1 s', switches: { delayMs: 1_000 }, comes: true },
  { name: 'mail down', switches: { fail: 'down' }, comes: false },
];

/** Sign-ups while SES is slow or down, streams running: what a visitor notices of it. */
export async function measureSlowMail({ system, client, seed, options }: Bench): Promise<Figures[]> {
  const figures: Figures[] = [];
  await system.streams(true);
  for (const { name, switches, comes } of CASES) {
    for (const connections of options.connections) {
      await system.dev('ses', switches);
      const requests = newAddresses(options.operations).map((address) =>
        signUp(seed.secrets['link-keys'], address),
      );
      const job = { client, port: system.port, connections, requests, expect: 303, of: system };
      const settled = () => awaitMails(system, comes ? requests.length : 0);
      figures.push(await measure({ operation: `sign-up, ${name}`, ...job, settled }));
      await system.dev('ses', {});
      await awaitMails(system, 0);
    }
  }
  return figures;
}
