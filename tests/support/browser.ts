import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Starts the Chromium that came from npm; it needs no system package. Close it when done. */
export async function launchBrowser(): Promise<Browser> {
  // Read at import: without it the package leaves out the libraries that a bare machine lacks.
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  const executablePath = join(tmpdir(), 'chromium');
  if (!existsSync(executablePath)) await unpack(() => packaged.executablePath());
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--font-render-hinting=none'] });
}

/** The package unpacks in place, so a second process could start half a browser: ours appears at once. */
async function unpack(into: () => Promise<string>): Promise<void> {
  const shared = tmpdir();
  const own = await mkdtemp(join(shared, 'assent-chromium-'));
  process.env['TMPDIR'] = own;
  try {
    await into();
    const parts = await readdir(own);
    const binaryLast = [...parts.filter((part) => part !== 'chromium'), 'chromium'];
    for (const part of binaryLast) {
      const target = join(shared, part);
      if (!existsSync(target)) await rename(join(own, part), target).catch(ignoreFasterOne);
    }
  } finally {
    process.env['TMPDIR'] = shared;
    await rm(own, { recursive: true, force: true });
  }
}

function ignoreFasterOne(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
}
