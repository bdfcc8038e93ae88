import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { lintStored, readLintArguments, tellFindings } from '../../infra/lint-settings-command.ts';
import { lawAt } from '../../shared/decision/law.ts';
import { now } from '../../shared/platform/clock.ts';
import { changeSetting } from '../../shared/settings/change.ts';
import { DEMO_SETTINGS, demoBrand } from '../../shared/settings/demo.ts';
import { demoNewsletterForm } from '../../shared/settings/demo-forms.ts';
import { demoScoring } from '../../shared/settings/demo-scoring.ts';
import { startLocalServer } from '../support/local-server.ts';
import { CONTROLLER, openTestSystem } from '../support/system.ts';
import { temporaryFolder } from './local/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const UNLAWFUL = { ...demoBrand, models: { ...demoBrand.models, DE: 'opt-out-only' as const } };

/** Runs the command as `npm run lint-settings --` does. */
function lint(...args: string[]): Promise<{ code: number; out: string; errors: string }> {
  const command = ['--import', './infra/local/require-node.mjs', 'infra/lint-settings.ts', ...args];
  const env = { ...process.env, DYNAMODB_ENDPOINT: '' };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: ROOT, env }, (_, out, errors) =>
      resolve({ code: child.exitCode ?? -1, out, errors }),
    );
  });
}

/** The demo company's documents as files, some of them replaced; a text is written as it is. */
async function folderWith(changed: Record<string, unknown> = {}): Promise<string> {
  const folder = temporaryFolder();
  const demo = DEMO_SETTINGS.map(({ kind, id, document }) => [`${kind}/${id}.json`, document] as const);
  for (const [name, document] of Object.entries({ ...Object.fromEntries(demo), ...changed })) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), typeof document === 'string' ? document : JSON.stringify(document));
  }
  return folder;
}

describe('npm run lint-settings over a folder', () => {
  test('finds no error in the settings of the demo company, and ends with 0', async () => {
    const { code, out } = await lint(await folderWith({ 'README.md': '# Ours' }));
    expect([code, out.trim().split('\n').at(-1)]).toEqual([
      0,
      `${DEMO_SETTINGS.length} documents, 0 errors.`,
    ]);
    expect(out).not.toMatch(/^error/m);
  });

  test.each<[string, string, unknown, string]>([
    [
      'G1 what the law forbids',
      'brand/nordlicht.json',
      UNLAWFUL,
      'brand/nordlicht /models/DE  model-below-floor',
    ],
    [
      'a reference that leads nowhere',
      'form/other.json',
      { ...demoNewsletterForm, id: 'other', brand: 'nobody' },
      'form/other /brand  unknown-brand',
    ],
    ['no JSON', 'brand/broken.json', '{"id":', 'brand/broken /  malformed-json'],
    ['a missing member', 'uses/empty.json', { id: 'empty' }, 'uses/empty /uses  invalid-type'],
    [
      'a rule that is misspelt',
      'policy/nordlicht-gmbh.json',
      { id: CONTROLLER, holdHuors: 48 },
      'policy/nordlicht-gmbh /holdHuors  unknown',
    ],
    [
      'a scoring rule that never holds',
      'scoring/nordlicht-gmbh.json',
      { id: CONTROLLER, bands: { '1': 100, '2': 100, '3': 30 } },
      'scoring/nordlicht-gmbh /bands/2  bands-not-descending',
    ],
    [
      'a scoring rule that is misspelt',
      'scoring/nordlicht-gmbh.json',
      { id: CONTROLLER, potential: { ...demoScoring.potential, refrenceValue: 20 } },
      'scoring/nordlicht-gmbh /potential/refrenceValue  unknown',
    ],
    ['a name that is not the document’s', 'policy/x.json', { id: CONTROLLER }, 'policy/x /id  other-id'],
  ])('%s ends with 1, and the others are looked at', async (_, name, document, told) => {
    const { code, out } = await lint(await folderWith({ [name]: document }));
    expect([code, out]).toEqual([1, expect.stringContaining(`error  ${told}: `)]);
    const errors = out.split('\n').filter((line) => line.startsWith('error'));
    const [place = ''] = told.split(' ');
    for (const line of errors) expect(line).toContain(place);
  });

  test('that is empty, or not there, is told with the usage', async () => {
    for (const folder of [temporaryFolder(), join(temporaryFolder(), 'none')]) {
      const { code, out, errors } = await lint(folder);
      expect([code, out]).toEqual([1, '']);
      expect(errors).toContain('Usage: npm run lint-settings');
    }
  });
});

describe('what is stored', () => {
  test('is looked at beside the running local system', { timeout: 60_000 }, async () => {
    const server = await startLocalServer();
    onTestFinished(() => server.stop());
    const { code, out } = await lint('--data', server.dataDir);
    expect([code, out]).toEqual([0, expect.stringContaining(' 0 errors.')]);
    const other = await lint('--data', server.dataDir, '--controller', 'fremd-ag');
    expect([other.code, other.errors]).toEqual([1, expect.stringContaining('fremd-ag has no settings')]);
  });

  test('with an error that somebody answers for is no failure, but told for ever', async () => {
    const { deps, set } = await openTestSystem();
    const db = deps.db;
    const told = async () => tellFindings(await lintStored(db, CONTROLLER, now()));
    await changeSetting(
      { db, law: lawAt(now()) },
      {
        controller: CONTROLLER,
        kind: 'brand',
        id: demoBrand.id,
        document: UNLAWFUL,
        expected: 1,
        actor: 'm.meier',
        acknowledged: { codes: ['model-below-floor'], name: 'A. Berg', reason: 'counsel agreed' },
        at: now(),
      },
    );
    const answered = await told();
    expect(answered.failed).toBe(false);
    expect(answered.text).toMatch(/^error {2}brand\/nordlicht .* \(A\. Berg answers for it\)$/m);
    await set('brand', demoBrand.id, { name: 'Nordlicht' });
    expect(await told()).toMatchObject({ failed: true });
  });
});

test('it is clear where to look', () => {
  const controller = demoBrand.controller.id;
  expect(readLintArguments([])).toEqual({ kind: 'local', data: '.assent', controller });
  expect(readLintArguments(['settings'])).toEqual({ kind: 'folder', folder: 'settings' });
  expect(readLintArguments(['--stage', 'prod', '--controller', 'x'])).toEqual({
    kind: 'aws',
    stage: 'prod',
    region: 'eu-central-1',
    controller: 'x',
  });
  for (const args of [
    ['a', 'b'],
    ['a', '--stage', 'prod'],
    ['--local', '--stage', 'prod'],
    ['--colour', 'x'],
  ])
    expect(() => readLintArguments(args)).toThrow();
});
