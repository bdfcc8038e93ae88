import { afterAll, beforeAll, expect, test } from 'vitest';

import { DESKTOP, PHONE, isWelcome, linkIn, openStory, press } from '../support/story.ts';
import type { Story } from '../support/story.ts';

let story: Story;
beforeAll(async () => {
  story = await openStory();
});
afterAll(() => story?.close());

/** Signs up for the newsletter; answers the path of the choices page. */
async function subscribe(email: string): Promise<string> {
  const page = await story.openPage('/forms/newsletter?lang=de', DESKTOP);
  await page.getByLabel('E-Mail-Adresse').fill(email);
  await page.getByLabel('Antriebe').check();
  await page.getByLabel(/Ja, ich möchte den Newsletter/).check();
  await story.server.advance('PT5S');
  await press(page, 'Anmelden');
  await page.goto(
    linkIn(await story.server.mailTo(email, ({ text }) => text.includes('/confirm/')), 'confirm'),
  );
  await press(page, 'Ja, bestätigen');
  await page.context().close();
  return linkIn(await story.server.mailTo(email, isWelcome), 'preferences');
}

test.each([
  ['with JavaScript', DESKTOP],
  ['without JavaScript', PHONE],
])(
  'a day typed beside a way that was left alone is the pause, %s',
  { timeout: 120_000 },
  async (how, options) => {
    const path = await subscribe(`pause-${how.replaceAll(' ', '-').toLowerCase()}@example.com`);
    const page = await story.openPage(path, options);
    const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel('Letzter Tag der Pause').fill(day);
    await page.getByLabel('3 Monate').check();
    await press(page, 'Speichern');
    await story.expectPage(page, 'Ihre Einstellungen');
    expect(await page.getByRole('alert').textContent()).toContain('lassen Sie den Tag frei');
    expect(await page.getByLabel('Letzter Tag der Pause').inputValue()).toBe(day);
    expect(await page.getByLabel('3 Monate').isChecked()).toBe(true);

    await page.goto(path);
    await page.getByLabel('Letzter Tag der Pause').fill(day);
    await press(page, 'Speichern');
    await story.expectPage(page, 'Gespeichert');
    expect(await page.getByRole('main').textContent()).toContain('Pause bis');
    await page.goto(path);
    expect(await page.getByLabel('Pause beibehalten').isChecked()).toBe(true);
    await page.context().close();
  },
);
