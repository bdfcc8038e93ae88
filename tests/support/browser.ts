import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Starts the Chromium that came from npm; it needs no system package. Close it when done. */
export async function launchBrowser(): Promise<Browser> {
  // Read at import: without it the package leaves out the libraries that a bare machine lacks.
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  const executablePath = join(tmpdir(), 'chromium');
  if (!existsSync(executablePath)) await unpack(() => packaged.executablePath());
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--font-render-hinting=none'] });
}

/**
 * Looks at pages with axe (A1). It looks at a copy: a page may forbid scripts, or be the answer to a post that must
 * not be repeated.
 * @returns what is wrong with the page as it stands, each as `rule: elements`
 */
export async function openInspector(browser: Browser): Promise<(page: Page) => Promise<string[]>> {
  const copy = await browser.newPage({ bypassCSP: true });
  return async (page) => {
    const [url = ''] = page.url().split('#');
    const body = await page.content();
    const isDocument = ({ href }: URL) => href === url;
    await copy.route(isDocument, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
    await copy.setViewportSize(page.viewportSize() ?? { width: 1280, height: 800 });
    await copy.goto(url);
    const { violations } = await new AxeBuilder({ page: copy }).setLegacyMode().withTags(STANDARDS).analyze();
    await copy.unroute(isDocument);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  };
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
