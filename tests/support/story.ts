import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

import type { Mail } from '../../infra/local/mailbox.ts';
import { launchBrowser, openInspector } from './browser.ts';
import { startLocalServer } from './local-server.ts';
import type { LocalServer } from './local-server.ts';

/** A small phone, its browser set to another language than the person chose, scripts switched off. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 320, height: 568 },
  isMobile: true,
  hasTouch: true,
  javaScriptEnabled: false,
  locale: 'en-US',
};
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };

export type Story = Awaited<ReturnType<typeof openStory>>;

/** A system of its own and a browser that looks at its pages as people do. */
export async function openStory() {
  const [server, browser]: [LocalServer, Browser] = await Promise.all([startLocalServer(), launchBrowser()]);
  const inspect = await openInspector(browser);
  return {
    server,
    /** A browser of its own: nothing is shared with the others, cookies neither. */
    openPage: async (path: string, options: BrowserContextOptions): Promise<Page> => {
      const context = await browser.newContext({ baseURL: server.baseUrl, ...options });
      const page = await context.newPage();
      await page.goto(path);
      return page;
    },
    /** The page says `heading`, is accessible and fits its screen. */
    expectPage: async (page: Page, heading: string, lang = 'de'): Promise<void> => {
      await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(lang);
      expect(await inspect(page)).toEqual([]);
      const width = page.viewportSize()?.width ?? 0;
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    },
    close: async () => {
      await browser.close();
      await server.stop();
    },
  };
}

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Path of a link of ours in a mail. */
export function linkIn(
  mail: Mail,
  kind: 'confirm' | 'unsubscribe' | 'undo' | 'preferences' | 'log-in' | 'address',
): string {
  const path = new RegExp(`/${kind}/[\\w.-]+`).exec(mail.text)?.[0];
  if (!path) throw new Error(`no ${kind} link in "${mail.subject}"`);
  return path;
}

export const isWelcome = ({ headers }: Mail) => headers['List-Unsubscribe'] !== undefined;
