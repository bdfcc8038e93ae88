import { createServer } from 'node:http';

import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { now } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { createApiKey } from '../../shared/settings/api-key-store.ts';
import { createApiApp } from '../../web/api/app.ts';
import { evidenceEndpoints } from '../../web/api/evidence.tsx';
import { ANNA, openEvidenceSystem } from '../evidence/system.ts';
import { launchBrowser } from '../support/browser.ts';
import { BRAND, CONTROLLER, captureLog, resetClock } from '../support/system.ts';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const PATHS = ['evidence', 'receipt'].flatMap((name) =>
  ['de', 'en'].map((language) => `/${name}/${language}`),
);

/** Printed pages of somebody who subscribed, was written to, and withdrew; as the API answers them. */
const answers = new Map<string, { html: string; policy: string }>();
const server = createServer((request, response) => {
  const { html, policy = '' } = answers.get(request.url ?? '') ?? {};
  response.writeHead(html === undefined ? 404 : 200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy,
  });
  response.end(html);
});
let browser: Browser;
let origin: string;

beforeAll(async () => {
  captureLog();
  const { deps, ...system } = await openEvidenceSystem();
  const id = await system.subscribe(ANNA);
  await system.night();
  for (const mailing of ['news-2026-11', 'news-2026-12']) {
    const sent = {
      sendId: `p_${mailing}`,
      at: now(),
      channel: 'email',
      brand: BRAND,
      use: 'newsletter',
      mailing,
    };
    await write(deps.db, {
      put: 'engagement',
      item: { ...keys.promotion(id, sent.at, sent.sendId), ...sent },
    });
  }
  await system.unsubscribe(id);
  await system.night();
  const app = createApiApp({ ...deps, storage: 'this machine', processors: [] }, evidenceEndpoints);
  const { text } = await createApiKey(deps.db, {
    controller: CONTROLLER,
    name: 'judge',
    createdAt: now(),
    scopes: ['evidence:read'],
  });
  for (const path of PATHS) {
    const [, name, language] = path.split('/');
    const url = `/v1/contacts/${id}/${name}.html?use=newsletter&lang=${language}`;
    const answer = await app.request(url, { headers: { authorization: `Bearer ${text}` } });
    const policy = answer.headers.get('content-security-policy') ?? '';
    answers.set(path, { html: await answer.text(), policy });
  }
  resetClock();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the pages got no port');
  origin = `http://127.0.0.1:${address.port}`;
  browser = await launchBrowser();
});
afterAll(async () => {
  resetClock();
  await browser?.close();
  server.close();
});

describe('pages to print', () => {
  let page: Page;
  beforeAll(async () => {
    // axe needs a second look into the page, which the policy rightly forbids.
    page = await browser.newPage({ bypassCSP: true });
  });

  test.each(PATHS)('A1 %s is accessible and fits 320 px', async (path) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(origin + path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(STANDARDS).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
  });

  test.each(PATHS)('G4 %s fits the paper, all of it', async (path) => {
    await page.emulateMedia({ media: 'print' });
    // A4 without its margins, at 96 pixels to the inch.
    await page.setViewportSize({ width: 672, height: 980 });
    await page.goto(origin + path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(672);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
    await page.emulateMedia({ media: null });
  });
});

test.each(PATHS)(
  'T11 %s has its style under its own policy, without anything from elsewhere',
  async (path) => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(origin + path);
    expect(asked).toEqual([origin + path]);
    const style = await page.locator('.eyebrow').evaluate((element) => getComputedStyle(element).fontWeight);
    expect(style).toBe('600');
    await page.close();
  },
);
