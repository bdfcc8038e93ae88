import { createRequire } from 'node:module';

import type { Page } from 'playwright-core';
import * as z from 'zod';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Structure is the same in both themes; what colours and widths can break is looked at twice. */
const VISUAL = ['color-contrast', 'link-in-text-block', 'target-size'];
/** What a person can reach; a screen reader says its role and its name. */
const CONTROLS = ['link', 'button', 'checkbox', 'radio', 'textbox', 'combobox', 'Date'];

/** Where the engine lies: it comes with the package that we name, which would send it anew for every look. */
const fromHere = createRequire(import.meta.url);
export const AXE_PATH = createRequire(fromHere.resolve('@axe-core/playwright')).resolve(
  'axe-core/axe.min.js',
);

/** What is wrong with the page as it stands, each as `rule: elements` (A1); `/axe.js` must answer the engine. */
export async function violations(page: Page, which: 'all' | 'visual'): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.addScriptTag({ url: '/axe.js' });
  const options = { runOnly: which === 'all' ? STANDARDS : VISUAL, resultTypes: ['violations'] };
  const found: string[] = await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  );
  return found;
}

const value = z.object({ value: z.string().default('') }).catch({ value: '' });
const tree = z.array(z.object({ ignored: z.boolean(), role: value, name: value }));

/** Name and role of every control, as Chromium tells them to a screen reader. */
export async function controlsOf(page: Page): Promise<{ role: string; name: string }[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return tree
    .parse(nodes)
    .filter(({ ignored, role }) => !ignored && CONTROLS.includes(role.value))
    .map(({ role, name }) => ({ role: role.value, name: name.value.trim() }));
}
