import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { launchBrowser } from '../support/browser.ts';
import { ASSETS, BRAND_CSS, LOGO_SVG, pageGallery } from '../support/page-gallery.tsx';

const SITE_CSS = readFileSync(new URL('../../web/assets/site.css', import.meta.url), 'utf8');

const pages = pageGallery();
const documents = new Map(pages.map(({ name, language, html }) => [`/${name}/${language}`, html]));
const assets = new Map<string, { type: string; body: string }>([
  [ASSETS.css, { type: 'text/css', body: SITE_CSS }],
  [ASSETS.brandCss, { type: 'text/css', body: BRAND_CSS }],
  [ASSETS.logo, { type: 'image/svg+xml', body: LOGO_SVG }],
]);

const posts: URLSearchParams[] = [];
/** The gallery as a site that answers every post with the thank-you page; its policy is the one of T11. */
const server = createServer((request, response) => {
  const asset = assets.get(request.url ?? '');
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    if (request.method === 'POST') posts.push(new URLSearchParams(body));
    const html = documents.get(request.method === 'POST' ? '/thank-you/en' : (request.url ?? ''));
    response.writeHead(asset || html ? 200 : 404, {
      'Content-Type': asset?.type ?? 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
    });
    response.end(asset?.body ?? html);
  });
});
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

let browser: Browser;
let origin: string;

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gallery got no port');
  origin = `http://127.0.0.1:${address.port}`;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  server.close();
});

describe('without JavaScript', () => {
  test('return in a field keeps the address as typed while another one is suggested', async () => {
    const page = await openWithoutScripts('/signup-typo/en');
    await page.locator('#firstName').press('Enter');
    await page.getByRole('heading', { name: 'Please check your inbox' }).waitFor();
    expect(posts.at(-1)?.has('useSuggestion')).toBe(false);
    expect(posts.at(-1)?.get('keepEmail')).toBe('anna.berger@gmial.com');
    await page.close();
  });

  test('one click takes the address suggested', async () => {
    const page = await openWithoutScripts('/signup-typo/en');
    await page.getByRole('button', { name: 'Yes, use anna.berger@gmail.com' }).click();
    await page.getByRole('heading', { name: 'Please check your inbox' }).waitFor();
    expect(posts.at(-1)?.get('useSuggestion')).toBe('anna.berger@gmail.com');
    await page.close();
  });

  test('A1 a form that came back has the focus on its summary, and each entry leads to its field', async () => {
    const page = await openWithoutScripts('/signup-errors/de');
    expect(await focused(page)).toMatch(/^Bitte prüfen Sie noch 6 Angaben/);
    await page.getByRole('alert').getByRole('link', { name: /Land/ }).press('Enter');
    expect(new URL(page.url()).hash).toBe('#country');
    await page.close();
  });

  test('a confirmation and its refusal are buttons of the same height', async () => {
    const page = await openWithoutScripts('/confirm/de');
    const heights = await page
      .getByRole('button')
      .evaluateAll((all) => all.map(({ clientHeight }) => clientHeight));
    expect(heights).toHaveLength(2);
    expect(heights[0]).toBe(heights[1]);
    expect(heights[0]).toBeGreaterThanOrEqual(44);
    await page.close();
  });
});

describe('weight', () => {
  const shared = [...assets.values()].reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);

  test.each(pages.map(({ name, language, html }) => [`${name}/${language}`, html]))(
    '%s is at most 50 KB in all',
    (_, html) => {
      expect(Buffer.byteLength(html) + shared).toBeLessThanOrEqual(50_000);
    },
  );
});

async function openWithoutScripts(path: string): Promise<Page> {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(origin + path);
  return page;
}

async function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
}
