import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';

import { keys } from '../../shared/platform/keys.ts';
import { openDatabase, remove, write } from '../../shared/platform/table.ts';
import { STAGE } from './deploy.ts';
import { ROOT } from './emulator.ts';
import { until } from './steps.ts';
import type { Step } from './steps.ts';

/** Nobody: what is stored of it is no contact. */
const POISON = keys.contact('con_poison');

/** What a stream consumer fails on for good, and how it comes back. */
export const REPLAY_STEPS: readonly Step[] = [
  {
    name: 'N5 a damaged contact ends in the failure queue of score, and the replay lists it',
    run: async () => {
      const db = openDatabase();
      await write(db, { put: 'contacts', item: { ...POISON, head: 'damaged' } });
      await until(
        'a line for the poison record',
        async () => {
          const { code, out } = await replay('--dry-run');
          assert.equal(code, 0, out);
          return out.includes('  waits\n') ? true : undefined;
        },
        60,
      );
    },
  },
  {
    name: 'N5 replayed as it is it fails again, and stays',
    run: async () => {
      const { code, out } = await replay();
      assert.equal(code, 1, out);
      assert.match(out, / {2}failed again, and stays\n/);
    },
  },
  {
    name: 'N5 once it is repaired the replay does it, and the queue is empty',
    run: async () => {
      await remove(openDatabase(), { remove: 'contacts', key: POISON });
      const { code, out } = await replay();
      assert.equal(code, 0, out);
      assert.match(out, / {2}done\n/);
      assert.match((await replay()).out, /^Nothing waits in the failure queue of score/);
    },
  },
];

function replay(...args: string[]): Promise<{ code: number; out: string }> {
  const command = ['infra/replay.ts', 'score', '--stage', STAGE, ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: ROOT }, (_, out, errors) =>
      resolve({ code: child.exitCode ?? -1, out: out + errors }),
    );
  });
}
