import { TABLE_NAMES, deployedTableName } from '../../infra/constructs/table-name.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { STAGE, deploy } from './deploy.ts';
import { installEmulator, startEmulator } from './emulator.ts';
import { readLogs, runFunction } from './logs.ts';
import { API_STEPS } from './api-steps.ts';
import { PREFERENCE_STEPS } from './preference-steps.ts';
import { REPLAY_STEPS } from './replay-steps.ts';
import { RIGHTS_STEPS } from './rights-steps.ts';
import { STEPS as SITE_STEPS } from './steps.ts';
import type { World } from './steps.ts';
import { openVisitor } from './visitor.ts';

const STEPS = [...SITE_STEPS, ...API_STEPS, ...PREFERENCE_STEPS, ...RIGHTS_STEPS, ...REPLAY_STEPS];

/** Deploys the ordinary stacks to a local emulator that enforces execution roles, then visits them from outside. */
try {
  installEmulator();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

const emulator = await startEmulator();
process.once('SIGINT', () => void emulator.stop().finally(() => process.exit(130)));
try {
  const { apiId, baseUrl, apiKey } = await deploy(emulator);
  // For reading the tables with the emulator's administrator.
  Object.assign(process.env, emulator.env);
  for (const table of TABLE_NAMES)
    process.env[`TABLE_${table.toUpperCase()}`] = deployedTableName(STAGE, table);
  const failed = await runSteps({
    visitor: openVisitor(emulator.port, apiId, baseUrl),
    mails: emulator.mails,
    logsOf: (name) => readLogs(emulator, `/aws/lambda/assent-${STAGE}-${name}`),
    apiKey,
    run: (name) => runFunction(emulator, `assent-${STAGE}-${name}`),
    found: {},
  });
  if (failed > 0) await explain();
  console.log(`${STEPS.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  console.error(await emulator.log());
  console.error(error);
  console.log(`0 passed, ${STEPS.length} failed`);
  process.exitCode = 1;
} finally {
  await emulator.stop();
}

/** What the functions and the emulator have to say about a failure. */
async function explain(): Promise<void> {
  for (const name of Object.keys(FUNCTIONS)) {
    const lines = await readLogs(emulator, `/aws/lambda/assent-${STAGE}-${name}`);
    console.log(`--- ${name}\n${lines.slice(-15).join('\n')}`);
  }
  console.log(`--- emulator\n${await emulator.log()}`);
}

async function runSteps(world: World): Promise<number> {
  let failed = 0;
  for (const { name, run } of STEPS) {
    try {
      await run(world);
      console.log(`PASS ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${name}\n     ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return failed;
}
