import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { endRecordedEngine, recordEngine } from '../../../infra/local/engine-record.ts';
import { startEngine } from '../../../infra/local/engine.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('the engine that an earlier start left behind', () => {
  test('is ended, and forgotten', async () => {
    const file = join(temporaryFolder(), 'engine.pid');
    const engine = await startEngine();
    // Its owner is another process than its parent: as after kill -9, when init has taken the engine over.
    writeFileSync(file, JSON.stringify({ pid: engine.pid, owner: 1_073_741_824 }));
    await endRecordedEngine(file);
    await engine.ended;
    expect(existsSync(file)).toBe(false);
  });

  test('is left alone while its owner runs', async () => {
    const file = join(temporaryFolder(), 'engine.pid');
    const engine = await startEngine();
    onTestFinished(() => engine.stop());
    await recordEngine(file, engine.pid);
    await expect(endRecordedEngine(file)).rejects.toThrow(`in use by process ${process.pid}`);
    expect((await fetch(engine.endpoint)).ok).toBe(true);
  });

  test('is never another program that got its pid', async () => {
    const file = join(temporaryFolder(), 'engine.pid');
    const other = spawn('sleep', ['60']);
    onTestFinished(() => void other.kill());
    writeFileSync(file, JSON.stringify({ pid: other.pid, owner: 1_073_741_824 }));
    await endRecordedEngine(file);
    expect([other.exitCode, other.signalCode]).toEqual([null, null]);
  });

  test.each(['', 'nonsense', '{"pid":-1,"owner":1}', '{"pid":0,"owner":1}'])(
    'a record "%s" counts as none',
    async (text) => {
      const file = join(temporaryFolder(), 'engine.pid');
      writeFileSync(file, text);
      await endRecordedEngine(file);
      expect(existsSync(file)).toBe(false);
    },
  );
});
