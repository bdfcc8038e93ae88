import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ENDPOINTS } from '../../web/api/endpoints.ts';
import { launchBrowser, openInspector } from '../support/browser.ts';
import { startLocalServer } from '../support/local-server.ts';
import type { LocalServer } from '../support/local-server.ts';

const PHONE = { width: 320, height: 568, colorScheme: 'light' } as const;
const DESKTOP = { width: 1280, height: 800, colorScheme: 'dark' } as const;

/** axe looks at some ten thousand elements once everything is opened. */
const SLOW = { timeout: 90_000 };

let server: LocalServer;
let browser: Browser;
let inspect: Awaited<ReturnType<typeof openInspector>>;
beforeAll(async () => {
  [server, browser] = await Promise.all([startLocalServer(), launchBrowser()]);
  inspect = await openInspector(browser);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** The page as a browser shows it that keeps to our policy, and everything it had to complain about. */
async function openDocs({
  width,
  height,
  colorScheme,
}: typeof PHONE | typeof DESKTOP): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('requestfailed', (request) => complaints.push(request.url()));
  page.on('response', (response) => {
    if (!response.ok()) complaints.push(`${response.status()} ${response.url()}`);
  });
  const answer = await page.goto(`${server.baseUrl}/v1/docs`);
  expect(answer?.headers()['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self'/);
  return { page, complaints };
}

describe('the page of the API', () => {
  test.each([PHONE, DESKTOP])('A1 T11 is accessible, quiet and fits at $width px', SLOW, async (screen) => {
    const { page, complaints } = await openDocs(screen);
    const fits = async () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await page.getByRole('article').count()).toBe(ENDPOINTS.length);
    expect(await fits()).toBeLessThanOrEqual(0);
    await page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
    expect(await inspect(page)).toEqual([]);
    expect(await fits()).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('A1 the keyboard alone skips to the content, jumps to a section and opens a body', async () => {
    const { page } = await openDocs(DESKTOP);
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.getByRole('navigation').getByRole('link', { name: 'decisions' }).press('Enter');
    expect(new URL(page.url()).hash).toBe('#decisions');
    const article = page.locator('#postDecisions');
    await expect.poll(() => article.evaluate((one) => one.getBoundingClientRect().top)).toBeLessThan(800);
    const body = article.locator('summary', { hasText: 'Body' });
    expect(await article.getByText('mailing', { exact: true }).isVisible()).toBe(false);
    await body.focus();
    await page.keyboard.press('Enter');
    expect(await article.getByText('mailing', { exact: true }).isVisible()).toBe(true);
    await page.close();
  });
});
