import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { buildFunction } from '../../infra/bundle.ts';
import { ROUTES } from '../../infra/triggers.ts';
import { addStacks } from '../../infra/stacks/add-stacks.ts';
import { newApp } from './cdk-templates.ts';

test('F4 the deployed bundle of each HTTP function is, byte for byte, the one that budgets are measured on', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'assent-cdk-'));
  const measured = mkdtempSync(join(tmpdir(), 'assent-bundle-'));
  const app = newApp({ domain: 'nordlicht.example' }, outdir);
  app.node.setContext('aws:cdk:bundling-stacks', ['Site']);
  addStacks(app);
  app.synth();
  const assets = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
  const deployed = assets.map((name) => ({
    code: digest(join(outdir, name, 'index.mjs')),
    files: readdirSync(join(outdir, name, 'assets')),
  }));
  for (const name of new Set(ROUTES.map((route) => route.function))) {
    const { file } = await buildFunction(name, join(measured, name), { lambda: true });
    const files = readdirSync(join(measured, name, 'assets'));
    expect(deployed).toContainEqual({ code: digest(file), files });
  }
  for (const folder of [outdir, measured]) rmSync(folder, { recursive: true });
}, 120_000);

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
