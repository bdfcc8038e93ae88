import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { LANGUAGES } from '../../shared/settings/language.ts';
import { AXE_PATH, controlsOf, violations } from '../support/axe.ts';
import { launchBrowser } from '../support/browser.ts';
import { ASSETS, BRAND_CSS, LOGO_SVG, mailGallery, pageGallery } from '../support/page-gallery.tsx';
import { captureLog, resetClock } from '../support/system.ts';
import { openVisitor } from '../support/visitor.ts';
import { openSite } from '../web/open-site.ts';
import type { Site } from '../web/open-site.ts';
import { JOURNEYS } from './visited-states.ts';

const PHONE = { width: 320, height: 640 };
const DESKTOP = { width: 1280, height: 800 };
/** A4 without its margins, at 96 pixels to the inch. */
const PAPER = { width: 672, height: 980 };
const PAGES = new URL('../../web/public/pages/', import.meta.url);

/** Counts from here on which components are drawn. */
const drawn = new Session();
drawn.connect();
await drawn.post('Profiler.enable');
await drawn.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

const documents = new Map<string, string>();
for (const { name, language, html } of [...pageGallery(), ...mailGallery()]) {
  documents.set(`/${name}/${language}`, html);
}
const gallery = [...documents.keys()];
const visited = JOURNEYS.flatMap((journey) =>
  Object.keys(journey).flatMap((name) => LANGUAGES.map((language) => `/visited-${name}/${language}`)),
);
const states = [...gallery, ...visited];
const toPrint = states.filter((path) => /^\/(visited-)?(history|receipt|interests)/.test(path));

/** Static files of the pages in the gallery; those of visited pages come from the site. */
const files = new Map([
  [ASSETS.css, { type: 'text/css', body: readFileSync('web/assets/site.css', 'utf8') }],
  [ASSETS.brandCss, { type: 'text/css', body: BRAND_CSS }],
  [ASSETS.logo, { type: 'image/svg+xml', body: LOGO_SVG }],
  ['/axe.js', { type: 'text/javascript', body: readFileSync(AXE_PATH, 'utf8') }],
]);
const server = createServer((request, response) => {
  const path = request.url ?? '';
  void fileAt(path).then(({ type, body }) => {
    response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'max-age=600' });
    response.end(body);
  });
});
async function fileAt(path: string): Promise<{ type: string; body: string }> {
  const html = documents.get(path);
  if (html !== undefined) return { type: 'text/html; charset=utf-8', body: html };
  const known = files.get(path);
  if (known) return known;
  const { headers, body } = await site.get(path);
  files.set(path, { type: headers.get('content-type') ?? '', body });
  return fileAt(path);
}

let site: Site;
let browser: Browser;
let origin: string;
let page: Page;
let scripts: Profiler.ScriptCoverage[] = [];

beforeAll(async () => {
  captureLog();
  site = await openSite();
  for (const language of LANGUAGES) {
    for (const [index, journey] of JOURNEYS.entries()) {
      const who = await openVisitor(site, `anna-${index}-${language}@example.com`, language);
      for (const [name, visit] of Object.entries(journey)) {
        documents.set(`/visited-${name}/${language}`, (await visit(who)).body);
      }
    }
  }
  resetClock();
  ({ result: scripts } = await drawn.post('Profiler.takePreciseCoverage'));
  drawn.disconnect();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the pages got no port');
  origin = `http://127.0.0.1:${address.port}`;
  browser = await launchBrowser();
  // axe needs a second look into the page, which the policy rightly forbids; the pages themselves run no code.
  page = await browser.newPage({ bypassCSP: true });
}, 120_000);

afterAll(async () => {
  resetClock();
  await browser?.close();
  server.close();
});

describe('every page and mail in every state', () => {
  test.each(states)('A1 %s is accessible in both themes, on a phone and on a desktop', async (path) => {
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(origin + path);
    expect(await page.evaluate(frameOf)).toEqual({
      lang: path.split('/').at(-1),
      headings: 1,
      hasTitle: true,
      overflow: 0,
      isLed: true,
    });
    expect(await violations(page, 'all')).toEqual([]);
    expect((await controlsOf(page)).filter(({ name }) => name === '')).toEqual([]);

    await page.setViewportSize(DESKTOP);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect((await page.evaluate(frameOf)).overflow).toBe(0);
    expect(await violations(page, 'visual')).toEqual([]);
  });

  test('A1 the checks themselves see a field without a name, a pale text and a wide page', async () => {
    documents.set(
      '/faulty',
      '<title>x</title><input name="a"><p style="color:#ccc;background:#fff;width:400px">pale</p>',
    );
    await page.setViewportSize(PHONE);
    await page.goto(`${origin}/faulty`);
    const found = await violations(page, 'all');
    expect(found.map((violation) => violation.split(':')[0])).toEqual(
      expect.arrayContaining(['label', 'color-contrast', 'html-has-lang']),
    );
    expect(await controlsOf(page)).toEqual([{ role: 'textbox', name: '' }]);
    expect(await page.evaluate(frameOf)).toMatchObject({
      headings: 0,
      lang: '',
      overflow: expect.any(Number),
    });
    expect((await page.evaluate(frameOf)).overflow).toBeGreaterThan(0);
  });

  test('no page is forgotten: each component of the public pages was drawn', () => {
    const forgotten = readdirSync(PAGES).flatMap((file) => {
      const components = readFileSync(new URL(file, PAGES), 'utf8').matchAll(
        /^(?:export )?function ([A-Z]\w*)/gm,
      );
      const { functions = [] } = scripts.find(({ url }) => url.endsWith(`/web/public/pages/${file}`)) ?? {};
      const seen = new Set(
        functions.filter(({ ranges }) => ranges[0]?.count).map(({ functionName }) => functionName),
      );
      return [...components].flatMap(([, name = '']) => (seen.has(name) ? [] : [`${file}: ${name}`]));
    });
    expect(forgotten).toEqual([]);
  });
});

test.each(toPrint)(
  'A1 %s prints black on white, without what only a screen needs, all of it',
  async (path) => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.setViewportSize(PAPER);
    await page.goto(origin + path);
    const { paper, ink, useless, cutOff } = await page.evaluate(printOf);
    expect(paper).toBe('rgb(255, 255, 255)');
    expect(Math.max(...ink)).toBeLessThan(48);
    expect(useless).toEqual([]);
    expect(cutOff).toEqual([]);
    expect((await page.evaluate(frameOf)).overflow).toBe(0);
    expect(await violations(page, 'visual')).toEqual([]);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
    await page.emulateMedia({ media: null });
  },
);

/**
 * What the frame of a page says of it. `overflow` is how far the page can be scrolled sideways; it is led where the
 * entries of its summary lead to fields, in the order of the page (PAGES, errors).
 */
function frameOf() {
  const { documentElement: root } = document;
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.summary a')];
  const targets = links.map(({ hash }) => document.getElementById(hash.slice(1)));
  const isAfter = (one: Element, other: Element) =>
    (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING) !== 0;
  return {
    lang: root.lang,
    headings: document.querySelectorAll('h1').length,
    hasTitle: document.title.trim() !== '',
    overflow: root.scrollWidth - root.clientWidth,
    isLed: targets.every((target, index) => {
      const before = targets[index - 1];
      return target !== null && (!before || isAfter(target, before));
    }),
  };
}

/** What a sheet of paper shows of a page: its colours, controls that paper cannot press, and text beyond an edge. */
function printOf() {
  const shown = (selector: string) =>
    [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
  const isCut = (element: Element) => {
    const { left, right } = element.getBoundingClientRect();
    const hides = getComputedStyle(element).overflow !== 'visible';
    return left < 0 || right > innerWidth || (hides && element.scrollWidth > element.clientWidth);
  };
  const { color } = getComputedStyle(document.querySelector('main') ?? document.body);
  return {
    paper: getComputedStyle(document.documentElement).backgroundColor,
    ink: (color.match(/\d+/g) ?? []).slice(0, 3).map(Number),
    useless: shown('button, main nav, .skip').map(({ outerHTML }) => outerHTML),
    cutOff: shown('body *')
      .filter(isCut)
      .map(({ outerHTML }) => outerHTML),
  };
}
