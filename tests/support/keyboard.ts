import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const MAX_STOPS = 90;

/** Where the focus is: its name, and whether a person could see and follow it there. */
type Stop = {
  name: string;
  id: string;
  /** A ring of at least two pixels (WCAG 2.4.7). */
  ringed: boolean;
  /** On the screen, with nothing above it (WCAG 2.4.11). */
  uncovered: boolean;
  /** Place in the document, and on the page. */
  order: number;
  top: number;
  left: number;
};

/** Walks on with the Tab key until something of this name has the focus; every stop on the way must be good. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  await walkTo(page, name, 'Tab');
}

export async function tabBackTo(page: Page, name: RegExp): Promise<void> {
  await walkTo(page, name, 'Shift+Tab');
}

/** Presses what has this name. */
export async function enter(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

export async function tick(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Space');
}

/** Replaces what stands in a field. */
export async function write(page: Page, name: RegExp, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

/** Goes to a group of radio buttons, then through it with the arrows. */
export async function choose(page: Page, group: RegExp, wanted: RegExp): Promise<void> {
  await tabTo(page, group);
  for (let step = 0; step < 10; step += 1) {
    const stop = await page.evaluate(stopAt);
    if (stop && wanted.test(stop.name)) return expectGood(stop);
    await page.keyboard.press('ArrowDown');
  }
  expect.unreachable(`no arrow leads to ${wanted.source}`);
}

/** After a refused form: the focus is on the summary, whose first link leads to the first faulty field (A1). */
export async function expectLedTo(page: Page, field: string): Promise<void> {
  const role = () => page.evaluate(() => document.activeElement?.getAttribute('role'));
  await expect.poll(role, { timeout: 10_000 }).toBe('alert');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const stop = await page.evaluate(stopAt);
  expect(stop).toMatchObject({ id: field, uncovered: true });
}

async function walkTo(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab'): Promise<void> {
  const seen: string[] = [];
  let before = await page.evaluate(stopAt);
  for (let step = 0; step < MAX_STOPS; step += 1) {
    await page.keyboard.press(key);
    const stop = await page.evaluate(stopAt);
    if (!stop) break;
    expectGood(stop);
    // The parts of a date are one control.
    if (before && before.order !== stop.order) {
      if (key === 'Tab') expectNext(before, stop);
      else expectNext(stop, before);
    }
    if (name.test(stop.name)) return;
    seen.push(stop.name);
    before = stop;
  }
  expect.unreachable(`the keyboard does not lead to ${name.source}, but to ${seen.join(' / ')}`);
}

function expectGood(stop: Stop): void {
  expect(stop).toMatchObject({ ringed: true, uncovered: true, name: expect.stringMatching(/\w/) });
}

/** The focus goes the way one reads: down, or on in the same row (WCAG 2.4.3). */
function expectNext(before: Stop, after: Stop): void {
  expect(after.order, `${after.name} after ${before.name}`).toBeGreaterThan(before.order);
  const follows = after.top > before.top - 8 || after.left > before.left;
  expect(follows, `${after.name} lies below or beside ${before.name}`).toBe(true);
}

/** Runs in the page. */
function stopAt(): Stop | undefined {
  const active = document.activeElement;
  if (!active || active === document.body) return undefined;
  const isField =
    active instanceof HTMLInputElement ||
    active instanceof HTMLSelectElement ||
    active instanceof HTMLTextAreaElement;
  const label = (isField ? active.labels?.[0] : undefined) ?? active;
  const { outlineStyle, outlineWidth } = getComputedStyle(active);
  const box = active.getClientRects()[0] ?? active.getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return {
    name: (active.getAttribute('aria-label') ?? label.textContent).replaceAll(/\s+/g, ' ').trim(),
    id: active.id,
    ringed: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    uncovered: hit !== null && (active.contains(hit) || label.contains(hit)),
    order: [...document.querySelectorAll('*')].indexOf(active),
    top: box.top + scrollY,
    left: box.left,
  };
}
