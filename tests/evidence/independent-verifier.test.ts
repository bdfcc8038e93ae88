import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { eraseContact } from '../../shared/retention/erase.ts';
import { verifyPack } from '../../shared/evidence/verify-pack.ts';
import type { EvidencePack } from '../../shared/evidence/pack.ts';
import { MINUTE, now } from '../../shared/platform/clock.ts';
import type { PublicJwk } from '../../shared/platform/jwk.ts';
import { CONTROLLER, advanceClock, captureLog, resetClock } from '../support/system.ts';
import { signAnew } from './forger.ts';
import { testSigner } from './signer.ts';
import { ANNA, openEvidenceSystem } from './system.ts';

const VERIFIER = new URL('independent-verifier.mjs', import.meta.url).pathname;
let folder: string;
let good: EvidencePack;
let withheld: EvidencePack;
let trusted: PublicJwk[];

beforeAll(async () => {
  captureLog();
  folder = await mkdtemp(join(tmpdir(), 'assent-independent-'));
  const system = await openEvidenceSystem();
  const id = await system.subscribe(ANNA);
  for (const email of ['ben@example.com', 'cleo@example.com', 'dora@example.com']) {
    await system.subscribe(email);
  }
  await system.night();
  await system.unsubscribe(id);
  await system.subscribe(ANNA);
  await system.night();
  await system.unsubscribe(id);
  good = await system.pack(id);
  trusted = [await system.deps.signer.publicKey()];
  advanceClock(MINUTE);
  await eraseContact(system.deps, {
    contactId: id,
    controller: CONTROLLER,
    requestedBy: 'person',
    actor: { kind: 'staff', id: 'kim' },
    at: now(),
  });
  withheld = await system.pack(id);
});
afterAll(async () => {
  resetClock();
  await rm(folder, { recursive: true, force: true });
});

/** What the other verifier says to each step. */
async function judgeElsewhere(pack: EvidencePack, keys?: PublicJwk[]): Promise<string[]> {
  const files = { 'pack.json': pack, ...(keys ? { 'keys.json': { keys } } : {}) };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(content));
  const args = [VERIFIER, ...Object.keys(files)];
  return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).trim().split('\n');
}
const judgeHere = (pack: EvidencePack, keys?: PublicJwk[]) =>
  verifyPack(JSON.parse(JSON.stringify(pack)), keys).map(({ step, verdict }) => `${step} ${verdict}`);
const failing = (verdicts: string[]) =>
  verdicts.flatMap((line) => (line.endsWith(' fail') ? [line.split(' ')[0]] : []));

test('H8 the other verifier holds nothing of ours', async () => {
  const imports = (await readFile(VERIFIER, 'utf8')).match(/from '.*'/g);
  expect(imports).toEqual(["from 'node:crypto'", "from 'node:fs'"]);
});

test('H8 both find nothing wrong with a good pack, whose last entry waits for the next root', async () => {
  expect(good.proofs.map(({ root }) => root)).toEqual([1, 2, 2]);
  expect(good.entries).toHaveLength(4);
  const verdicts = await judgeElsewhere(good, trusted);
  expect(verdicts.filter((line) => !line.endsWith(' pass'))).toEqual([]);
  expect(verdicts).toEqual(judgeHere(good, trusted));
});

test('H8 both leave open what they were not given', async () => {
  const verdicts = await judgeElsewhere(withheld);
  expect(withheld.payloadsWithheld).toBeDefined();
  expect(verdicts.filter((line) => !line.endsWith(' pass'))).toEqual(['keys open', 'payloads open']);
  expect(verdicts).toEqual(judgeHere(withheld));
});

const KINDS: Record<string, { step: string; tamper: (pack: EvidencePack) => Promise<EvidencePack> | void }> =
  {
    'a byte flipped in a text': {
      step: 'wordings',
      tamper: (pack) => {
        const [hash = '', words = ''] = Object.entries(pack.wordings)[0] ?? [];
        pack.wordings[hash] = words.replace('J', 'j');
      },
    },
    'an entry dropped in the middle': { step: 'chain', tamper: ({ entries }) => void entries.splice(1, 1) },
    'the tail dropped': { step: 'head', tamper: ({ entries }) => void entries.splice(2) },
    'the order swapped': { step: 'chain', tamper: ({ entries }) => void entries.reverse() },
    'a time changed': {
      step: 'chain',
      tamper: ({ entries: [first] }) => void Object.assign(first ?? {}, { at: '2026-01-01T00:00:00.000Z' }),
    },
    'the root of another day': {
      step: 'inclusion',
      tamper: ({ proofs: [first] }) => void Object.assign(first ?? {}, { root: 2 }),
    },
    'a foreign key': { step: 'signatures', tamper: (pack) => signAnew(pack, testSigner()) },
    'signed again by another key': {
      step: 'keys',
      tamper: async (pack) => {
        const forger = testSigner();
        pack.jwks.keys = [await forger.publicKey()];
        return signAnew(pack, forger);
      },
    },
  };

test.each(Object.entries(KINDS))('H8 both find %s, in the same steps', async (_, { step, tamper }) => {
  const copy: EvidencePack = JSON.parse(JSON.stringify(good));
  const pack = (await tamper(copy)) ?? copy;
  const verdicts = await judgeElsewhere(pack, trusted);
  expect(failing(verdicts)[0]).toBe(step);
  expect(verdicts).toEqual(judgeHere(pack, trusted));
});
