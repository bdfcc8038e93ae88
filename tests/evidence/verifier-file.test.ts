import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { buildVerifier } from '../../infra/build-verifier.ts';
import type { EvidencePack } from '../../shared/evidence/pack.ts';
import { captureLog, resetClock } from '../support/system.ts';
import { ANNA, openEvidenceSystem } from './system.ts';

let folder: string;
let pack: EvidencePack;
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  captureLog();
  folder = await mkdtemp(join(tmpdir(), 'assent-verify-'));
  const system = await openEvidenceSystem();
  const id = await system.subscribe(ANNA);
  await system.night();
  pack = await system.pack(id);
  await buildVerifier(inFolder('assent-verify.mjs'));
  // Whoever asks for the network ends at once.
  await writeFile(
    inFolder('no-network.cjs'),
    `const { Socket } = require('node:net');
     Socket.prototype.connect = () => { throw new Error('the network was asked for'); };
     globalThis.fetch = Socket.prototype.connect;`,
  );
  await writeFile(inFolder('good.json'), JSON.stringify(pack));
  await writeFile(inFolder('keys.json'), JSON.stringify({ keys: [await system.deps.signer.publicKey()] }));
  await writeFile(inFolder('bad.json'), JSON.stringify(pack).replace('"double-opt-in"', '"staff"'));
  await writeFile(inFolder('cut.json'), JSON.stringify(pack).slice(0, -9));
});
afterAll(async () => {
  resetClock();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the built file as an expert would: Node, the file, the pack, and nothing of ours. */
function verify(...args: string[]) {
  const node = ['--require', inFolder('no-network.cjs'), inFolder('assent-verify.mjs')];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], {
    cwd: folder,
    env: {},
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('H8 the built file says PASS for each step of a good pack, without network or AWS', () => {
  const { status, stdout } = verify('good.json', '--keys', 'keys.json');
  expect(stdout.match(/^PASS/gm)).toHaveLength(12);
  expect(stdout).not.toMatch(/FAIL|OPEN/);
  expect(status).toBe(0);
});

test('H8 without keys it leaves their trust open', () => {
  const { status, stdout } = verify('good.json');
  expect(stdout).toMatch(/^OPEN {2}keys/m);
  expect(status).toBe(0);
});

test('H8 it says FAIL for what was touched, and where', () => {
  const { status, stdout } = verify('bad.json', '--keys', 'keys.json');
  expect(stdout).toMatch(/^FAIL {2}chain +entry 1 has been changed$/m);
  expect(status).toBe(1);
});

test.each([
  [[]],
  [['gone.json']],
  [['cut.json']],
  [['good.json', '--keys']],
  [['good.json', '--keys', 'good.json']],
])('what cannot be read ends with 2: %j', (args) => {
  expect(verify(...args)).toMatchObject({ status: 2, stdout: '' });
});

test('the file holds nothing of AWS and is small enough to read', async () => {
  const text = await readFile(inFolder('assent-verify.mjs'), 'utf8');
  expect(/@aws-sdk|smithy|process\.env|AWS_/.exec(text)).toBeNull();
  expect(text.length).toBeLessThan(1_000_000);
});
