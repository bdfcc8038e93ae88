import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { AxeBuilder } from '@axe-core/playwright';
import { getRequestListener } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { HOUR, nowMs, setClockOffset, toInstant } from '../../shared/platform/clock.ts';
import { limits } from '../../shared/settings/limits.ts';
import type { SignupAnswer, SignupRequestInput } from '../../shared/signup/request.ts';
import { launchBrowser } from '../support/browser.ts';
import { memorySettings, newsletterForm, openDoor } from '../web/signup-door.ts';

/** Ours and a foreign site, each with an origin of its own. */
let ours: string;
let site: string;
const servers: Server[] = [];
let browser: Browser;
let answer: SignupAnswer = { kind: 'accepted' };
let registered = true;
let wording = newsletterForm.uses;
const requests: SignupRequestInput[] = [];

/** The page of a site under a policy that allows no inline code or style. */
const hostPage = (
  inside: string,
) => `<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Site</title>
<link rel="stylesheet" href="/site.css"><script defer src="${ours}/embed.js"></script></head>
<body><main><h1>Site</h1><assent-form form="newsletter">${inside}</assent-form></main></body></html>`;

const plainForm = () => `<form method="post" action="${ours}/forms/newsletter">
  <label for="m">E-Mail</label><input id="m" type="email" name="email" required>
  <label><input type="checkbox" name="uses" value="newsletter" required>Ja</label>
  <label><input type="checkbox" name="uses" value="tracking" checked>Messen</label>
  <label for="w">Leer lassen</label><input id="w" name="website">
  <input type="hidden" name="lang" value="de"><button>Los</button></form>`;

/** The form as it is now; other words are another version. */
function published() {
  const version = wording === newsletterForm.uses ? 3 : 4;
  return { ...newsletterForm, uses: wording, version, origins: registered ? [site] : [] };
}

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const settings = {
    ...memorySettings,
    form: (id: string) => Promise.resolve(id === 'newsletter' ? published() : undefined),
    limits: () => Promise.resolve(limits.parse({ minFillSeconds: 0 })),
  };
  const requestSignup = (input: SignupRequestInput) => {
    requests.push(input);
    return Promise.resolve(answer);
  };
  const server = createServer();
  ours = await listen(server);
  const door = openDoor({ settings, requestSignup, baseUrl: ours });
  const answers = getRequestListener((request) => door.app.fetch(request, {}));
  server.on('request', (request, response) => void answers(request, response));
  site = await listen(
    createServer((request, response) => {
      const css = request.url === '/site.css';
      response.writeHead(200, {
        'Content-Type': css ? 'text/css' : 'text/html; charset=utf-8',
        'Content-Security-Policy': `default-src 'none'; style-src 'self'; script-src ${ours}; connect-src ${ours}; form-action ${ours}`,
      });
      if (css) response.end('body { font: 20px Georgia; } button { color: rgb(1, 2, 3); }');
      else response.end(hostPage(request.url === '/bare' ? '' : plainForm()));
    }),
  );
  browser = await launchBrowser();
});

afterEach(() => {
  setClockOffset(0);
  answer = { kind: 'accepted' };
  registered = true;
  wording = newsletterForm.uses;
  requests.length = 0;
});

afterAll(async () => {
  await browser?.close();
  for (const server of servers) server.close();
});

/** Opens a page of the site and runs `look`; whatever its policy forbids is an error. */
async function visit(
  path: string,
  look: (page: Page) => Promise<void>,
  javaScriptEnabled = true,
): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  const faults: string[] = [];
  page.on('console', (message) => message.text().includes('Security Policy') && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  try {
    await page.goto(`${site}${path}`);
    if (javaScriptEnabled && registered) await page.waitForSelector('form[novalidate]');
    await look(page);
    expect(faults).toEqual([]);
  } finally {
    await context.close();
  }
}

const status = (page: Page) => page.getByRole('status');
const alert = (page: Page) => page.getByRole('alert');
const email = (page: Page) => page.getByLabel('E-Mail-Adresse');
const send = (page: Page) => page.getByRole('button', { name: 'Anmelden' }).click();
const consent = (page: Page) => page.getByLabel(/Ja, ich möchte den Newsletter/);

describe('on a foreign site', () => {
  test('the form looks like the site, is accessible, and nothing in it is ticked', async () => {
    await visit('/', async (page) => {
      expect(await page.locator('input:checked').count()).toBe(0);
      const font = await email(page).evaluate((input) => getComputedStyle(input).font);
      expect(font).toContain('20px Georgia');
      const colour = await page.getByRole('button').evaluate((button) => getComputedStyle(button).color);
      expect(colour).toBe('rgb(1, 2, 3)');
      const trap = await page.locator('[name=website]').boundingBox();
      expect(trap && trap.x + trap.width).toBeLessThan(0);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    });
  });

  test('a sign-up is announced, and we know the page it was made on', async () => {
    await visit('/products', async (page) => {
      await email(page).fill('anna@example.com');
      await page.getByLabel('Antriebe').check();
      await consent(page).check();
      await send(page);
      await status(page).waitFor();
      expect(await status(page).textContent()).toContain('Bitte sehen Sie in Ihr Postfach');
      expect(await status(page).evaluate((node) => node === document.activeElement)).toBe(true);
      expect(requests[0]).toMatchObject({
        address: { delivery: 'anna@example.com' },
        values: { uses: ['newsletter'], topics: ['drives'], fields: {} },
        page: `${site}/`,
        language: 'de',
      });
    });
  });

  test('what is missing is said on top with links, and at the field; with the keyboard alone', async () => {
    await visit('/', async (page) => {
      await email(page).fill('anna');
      await page.keyboard.press('Enter');
      await alert(page).waitFor();
      expect(await alert(page).evaluate((node) => node === document.activeElement)).toBe(true);
      expect(await alert(page).textContent()).toContain('Bitte prüfen Sie noch 2 Angaben');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await email(page).evaluate((node) => node === document.activeElement)).toBe(true);
      expect(await email(page).getAttribute('aria-invalid')).toBe('true');
      expect(await email(page).inputValue()).toBe('anna');
      expect(await consent(page).getAttribute('aria-invalid')).toBe('true');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id }) => id)).toEqual([]);
    });
  });

  test.each(['its button takes the other address', 'sending again keeps what was typed'])(
    'a likely typo is asked about: %s',
    async (way) => {
      await visit('/', async (page) => {
        await email(page).fill('anna@gmial.com');
        await consent(page).check();
        await send(page);
        await alert(page).waitFor();
        expect(requests).toEqual([]);
        const take = way.startsWith('its button');
        if (take) await page.getByRole('button', { name: 'anna@gmail.com' }).click();
        else await send(page);
        await status(page).waitFor();
        expect(requests[0]?.address.delivery).toBe(take ? 'anna@gmail.com' : 'anna@gmial.com');
      });
    },
  );

  test('a form left open overnight needs one more click, nothing else', async () => {
    await visit('/', async (page) => {
      await email(page).fill('anna@example.com');
      await consent(page).check();
      setClockOffset(8 * HOUR);
      await send(page);
      await alert(page).waitFor();
      expect(await alert(page).textContent()).toContain('lange geöffnet');
      await send(page);
      await status(page).waitFor();
      expect(requests).toHaveLength(1);
    });
  });

  test('E1 a wording that was changed meanwhile is shown, and its box is empty again', async () => {
    await visit('/', async (page) => {
      await email(page).fill('anna@example.com');
      await page.getByLabel('Antriebe').check();
      await consent(page).check();
      const other = { de: 'Ja, ich möchte den Newsletter täglich.', en: 'Yes, daily.' };
      wording = newsletterForm.uses.map((use, index) => (index === 0 ? { ...use, wording: other } : use));
      await send(page);
      await alert(page).waitFor();
      expect(await page.getByLabel('täglich').isChecked()).toBe(false);
      expect(await page.getByLabel('Antriebe').isChecked()).toBe(true);
      expect(await email(page).inputValue()).toBe('anna@example.com');
      expect(requests).toEqual([]);
    });
  });

  test('too many sign-ups and a lost network are told calmly, and the input stays', async () => {
    await visit('/', async (page) => {
      answer = { kind: 'too-many', retryAt: toInstant(nowMs() + HOUR) };
      await email(page).fill('anna@example.com');
      await consent(page).check();
      await send(page);
      await alert(page).waitFor();
      expect(await alert(page).textContent()).toContain('Aus Ihrem Netz');
      await page.context().setOffline(true);
      await send(page);
      await page.getByText('Bitte versuchen Sie es in einigen Minuten').waitFor();
      expect(await alert(page).getByRole('link').getAttribute('href')).toBe(`${ours}/forms/newsletter`);
      expect(await email(page).inputValue()).toBe('anna@example.com');
    });
  });

  test('what was typed and ticked while it loaded stays, a box that came ticked does not', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    let go = () => {};
    const held = new Promise<void>((resolve) => (go = resolve));
    await page.route('**/newsletter.json*', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${site}/`);
    await page.locator('#m').fill('anna@example.com');
    await page.getByLabel('Ja').check();
    await page.locator('#m').focus();
    go();
    await page.waitForSelector('form[novalidate]');
    expect(await email(page).inputValue()).toBe('anna@example.com');
    expect(await email(page).evaluate((node) => node === document.activeElement)).toBe(true);
    expect(await consent(page).isChecked()).toBe(true);
    expect(await page.locator('input:checked').count()).toBe(1);
    await context.close();
  });
});

describe('where the script cannot work', () => {
  test('a site that is not registered keeps its plain form; an empty element gets a link', async () => {
    registered = false;
    await visit('/', async (page) => {
      await page.waitForLoadState('networkidle');
      expect(await page.locator('#m').count()).toBe(1);
    });
    await visit('/bare', async (page) => {
      const link = page.getByRole('link');
      await link.waitFor();
      expect(await link.getAttribute('href')).toBe(`${ours}/forms/newsletter`);
    });
  });

  test('without JavaScript the plain copied form leads over our own page, prefilled, to the sign-up', async () => {
    await visit(
      '/',
      async (page) => {
        await page.locator('#m').fill('anna@example.com');
        await page.getByLabel('Ja').check();
        await page.getByLabel('Messen').uncheck();
        await page.getByRole('button').click();
        expect(page.url()).toBe(`${ours}/forms/newsletter`);
        expect(await page.locator('.notice').textContent()).toContain('noch einmal durch');
        expect(await email(page).inputValue()).toBe('anna@example.com');
        expect(requests).toEqual([]);
        await send(page);
        expect(page.url()).toBe(`${ours}/forms/newsletter/thanks?lang=de`);
        expect(requests[0]).toMatchObject({
          values: { uses: ['newsletter'] },
          page: `${ours}/forms/newsletter`,
        });
      },
      false,
    );
  });
});
