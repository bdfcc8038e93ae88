import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import * as z from 'zod';

import { launchBrowser } from '../tests/support/browser.ts';
import { BUNDLE_OPTIONS } from './bundle.ts';

/**
 * Renders every page and mail in every state and photographs it, for people to look at.
 * `node infra/screenshots.ts [start of a name] [folder]`
 */
const [filter = '', folder = 'screenshots'] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const WIDTHS = [320, 768, 1280] as const;
const THEMES = ['light', 'dark'] as const;

const entry = z.object({ name: z.string(), language: z.enum(['de', 'en']), html: z.string() });
const gallery = z.object({
  entries: z.array(entry),
  assets: z.record(z.string(), z.object({ contentType: z.string(), body: z.string() })),
});
type Gallery = z.infer<typeof gallery>;

const { entries, assets } = await loadGallery();
const wanted = entries.filter(({ name }) => name.startsWith(filter));
await mkdir(resolve(root, folder), { recursive: true });
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ javaScriptEnabled: false });
  for (const shot of wanted) await photograph(page, shot);
} finally {
  await browser.close();
}
console.log(`${wanted.length * WIDTHS.length * THEMES.length} pictures in ${folder}/`);

/** The gallery is JSX, which Node cannot read: it is bundled first. */
async function loadGallery(): Promise<Gallery> {
  const temporary = await mkdtemp(join(tmpdir(), 'assent-gallery-'));
  try {
    const outfile = join(temporary, 'gallery.mjs');
    const contents = `
      import { BRAND_CSS, LOGO_SVG, ASSETS, mailGallery, pageGallery } from './tests/support/page-gallery.tsx';
      export const entries = [...pageGallery(), ...mailGallery()];
      export const assets = {
        [ASSETS.brandCss]: { contentType: 'text/css', body: BRAND_CSS },
        [ASSETS.logo]: { contentType: 'image/svg+xml', body: LOGO_SVG },
      };`;
    await build({
      ...BUNDLE_OPTIONS,
      minify: false,
      stdin: { contents, resolveDir: root, loader: 'ts' },
      outfile,
    });
    const loaded = gallery.parse(await import(outfile));
    const css = await readFile(join(root, 'web/assets/site.css'), 'utf8');
    return {
      ...loaded,
      assets: { ...loaded.assets, '/assets/site.css': { contentType: 'text/css', body: css } },
    };
  } finally {
    await rm(temporary, { recursive: true });
  }
}

async function photograph(page: Page, { name, language, html }: z.infer<typeof entry>): Promise<void> {
  await page.unrouteAll();
  await page.route('**/*', (route) => {
    const asset = assets[new URL(route.request().url()).pathname];
    return route.fulfill(asset ?? { contentType: 'text/html; charset=utf-8', body: html });
  });
  await page.goto('http://gallery.test/');
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const file = `${name}-${language}-${width}-${theme}.png`;
      await page.screenshot({ path: resolve(root, folder, file), fullPage: true });
    }
  }
}
