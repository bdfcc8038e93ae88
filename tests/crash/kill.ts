import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { localSecrets } from '../../infra/bench/requests.ts';
import { enginesOn, startMortalSystem } from './mortal-system.ts';
import type { MortalSystem } from './mortal-system.ts';
import { checkPromises } from './promises.ts';
import { seededRandom } from './random.ts';
import { readStored } from './stored.ts';
import { openVisits } from './visits.ts';

/** Kills the local system at random moments under load, and checks at the end that every promise was kept. */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '30' }, seed: { type: 'string' }, keep: { type: 'boolean' } },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const random = seededRandom(seed);
const dir = await mkdtemp(join(tmpdir(), 'assent-crash-'));
const data = join(dir, 'data');
const port = await freePort();
const killedAt: number[] = [];
const visits = openVisits(join(data, 'mailbox.jsonl'));
let unanswered = 0;
console.log(`${rounds} rounds, seed ${seed}, in ${dir}`);

const broken: string[] = [];
let running: MortalSystem | undefined;
try {
  // The first start is left alone, so that there are secrets and limits.
  running = startMortalSystem(dir, port);
  if (!(await running.ready())) throw new Error(`the first start failed, see ${dir}/system.log`);
  await running.dev('limits', { signupsPerIpPerHour: 1e9, formMailsPerMinute: 1e9, formBurst: 1e9 });
  const links = localSecrets.parse(JSON.parse(await readFile(join(data, 'secrets.json'), 'utf8')))[
    'link-keys'
  ];

  for (let round = 1; round <= rounds; round += 1) {
    running ??= startMortalSystem(dir, port);
    const [early, whom, after] = [random() < 0.15 && round > 1, random(), random()];
    if (early) {
      await pause(after * 1_500);
      await end(running, whom);
    } else {
      if (!(await running.ready())) throw new Error(`start ${round} failed, see ${dir}/system.log`);
      const system: MortalSystem = running;
      const killed = pause(50 + after * 1_200).then(() => end(system, whom));
      unanswered += await visits.run(port, links, random, killed);
      await killed;
    }
    running = undefined;
  }

  running = startMortalSystem(dir, port);
  if (!(await running.ready())) throw new Error(`the last start failed, see ${dir}/system.log`);
  await running.quiet();
  // Attempts whose answer was lost wait ten minutes for news from SES, and once more after a second attempt.
  for (let wait = 0; wait < 3; wait += 1) {
    await running.dev('clock', { advance: 'PT11M' });
    await running.quiet();
  }
  await visits.run(port, links, random, Promise.resolve());
  const code = await running.stop();
  running = undefined;
  if (code !== 0) broken.push(`the last stop ended with ${code}`);
} finally {
  running?.kill();
  await running?.ended;
}
const left = enginesOn(dir);
for (const pid of left) process.kill(pid, 'SIGKILL');
if (left.length > 0) broken.push(`${left.length} engines were left running`);

const { acknowledged } = visits;
const { signUps, confirmations, withdrawals } = acknowledged;
for (const [act, done] of Object.entries(acknowledged)) if (done.size === 0) broken.push(`no ${act} at all`);
console.log(
  `${signUps.size} sign-ups, ${confirmations.size} confirmations, ${withdrawals.size} withdrawals acknowledged; ` +
    `${unanswered} acts unanswered; ${visits.mails().length} mails; ${killedAt.length} kills`,
);
const verdicts = checkPromises(
  acknowledged,
  visits.mails(),
  await readStored(join(data, 'assent.db')),
  killedAt,
);
for (const { promise, cases, broken: where } of verdicts) {
  console.log(
    `${where.length === 0 ? 'ok    ' : 'BROKEN'} ${promise}: ${cases} cases${where.length ? `, ${where.length} broken` : ''}`,
  );
  for (const one of where.slice(0, 10)) console.log(`         ${one}`);
}
for (const one of broken) console.log(`BROKEN ${one}`);
const failed = verdicts.filter((verdict) => verdict.broken.length > 0).length + broken.length;
console.log(`${verdicts.filter((verdict) => verdict.broken.length === 0).length} passed, ${failed} failed`);
if (failed === 0 && !values.keep) await rm(dir, { recursive: true, force: true });
else console.log(`Everything is kept in ${dir}; again with --seed ${seed}`);
process.exit(failed === 0 ? 0 : 1);

/** Ours in most cases, both in some, and the engine alone, which must end ours too. */
async function end(system: MortalSystem, whom: number): Promise<void> {
  const engines = whom < 0.65 ? [] : enginesOn(dir);
  killedAt.push(Date.now());
  for (const pid of engines) process.kill(pid, 'SIGKILL');
  if (whom < 0.85 || engines.length === 0) system.kill();
  await system.ended;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === 'object' ? address.port : 0;
}
