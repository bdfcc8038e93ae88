import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DESKTOP, PHONE, isWelcome, linkIn, openStory, press } from '../support/story.ts';
import type { Story } from '../support/story.ts';

let story: Story;
let server: Story['server'];
let openPage: Story['openPage'];
let expectPage: Story['expectPage'];

beforeAll(async () => {
  story = await openStory();
  ({ server, openPage, expectPage } = story);
});

afterAll(() => story?.close());

/** Somebody needs a moment to fill in a form; no robot is that patient. */
const takeTime = () => server.advance('PT5S');

test(
  'in German, on a small phone, without JavaScript: from the form to one click and back',
  { timeout: 90_000 },
  async () => {
    const email = 'greta.story@example.com';
    const page = await openPage('/forms/newsletter?lang=de', PHONE);
    await expectPage(page, 'Newsletter abonnieren');
    expect(await page.locator('input:checked').count()).toBe(0);
    await page.getByLabel('E-Mail-Adresse').fill(email);
    await page.getByLabel('Antriebe').check();
    await page.getByLabel('Wartung und Service').check();
    await page.getByLabel(/Ja, ich möchte den Newsletter/).check();
    await takeTime();
    await press(page, 'Anmelden');
    await expectPage(page, 'Bitte sehen Sie in Ihr Postfach');

    const request = await server.mailTo(email);
    expect(Object.keys(request.headers).join()).not.toMatch(/unsubscribe/i);
    await page.goto(linkIn(request, 'confirm'));
    await expectPage(page, 'Stimmt das so?');
    await press(page, 'Ja, bestätigen');
    await expectPage(page, 'Danke, es ist bestätigt');

    const welcome = await server.mailTo(email, isWelcome);
    await page.goto(linkIn(welcome, 'unsubscribe'));
    await expectPage(page, 'Abmelden');
    await page.getByLabel('Nur das Thema Antriebe').check();
    await press(page, 'Abmelden');
    await expectPage(page, 'Erledigt, Sie sind abgemeldet');
    expect(await page.getByRole('main').textContent()).toContain('Antriebe');

    await page.goto(linkIn(welcome, 'unsubscribe'));
    await page.getByLabel('Alles von Nordlicht Antriebstechnik').check();
    await page.getByLabel('Grund').selectOption('too-many');
    await press(page, 'Abmelden');
    await expectPage(page, 'Erledigt, Sie sind abgemeldet');
    expect(await page.locator('.wordings').textContent()).toContain('Ja, ich möchte den Newsletter');
    await press(page, 'Rückgängig machen');
    await expectPage(page, 'Sie sind wieder angemeldet');

    const [, url = ''] = /^<(https?:\S+)>$/.exec(welcome.headers['List-Unsubscribe'] ?? '') ?? [];
    const body = new URLSearchParams(welcome.headers['List-Unsubscribe-Post']);
    const oneClick = await fetch(url, { method: 'POST', body, redirect: 'manual' });
    expect([oneClick.status, await oneClick.text()]).toEqual([200, '']);
    await page.goto(url);
    await expectPage(page, 'Abmelden');
    expect(await page.locator('[name=scope][value=use]').count()).toBe(0);
    await page.context().close();
  },
);

describe('an event with confirmed opt-in', () => {
  const fillIn = async (page: Page, email: string) => {
    await page.getByLabel('Vorname').fill('Erik');
    await page.getByLabel('Nachname').fill('Sommer');
    await page.getByLabel('E-Mail-Adresse').fill(email);
    await page.getByLabel('Land').selectOption('DE');
    await page.getByLabel(/Ja, die Nordlicht/).check();
  };

  test(
    'the registration holds with its mail; what else was ticked waits for the click',
    { timeout: 60_000 },
    async () => {
      const email = 'erik.story@example.com';
      const page = await openPage('/forms/open-house?lang=de', DESKTOP);
      await fillIn(page, email);
      await page.getByLabel(/darf messen/).check();
      await takeTime();
      await press(page, 'Anmelden');
      await expectPage(page, 'Bitte sehen Sie in Ihr Postfach');
      const mail = await server.mailTo(email);
      expect(mail.text).toContain('Einladungen zu Veranstaltungen');
      await page.goto(linkIn(mail, 'confirm'));
      await expectPage(page, 'Stimmt das so?');
      await press(page, 'Ja, bestätigen');
      await expectPage(page, 'Danke, es ist bestätigt');
      expect(await page.getByRole('main').textContent()).toContain('Messung von Öffnungen und Klicks');
      await server.mailTo(email, isWelcome);
      await page.context().close();
    },
  );

  test('its mail has a way to say "that was not me"', { timeout: 60_000 }, async () => {
    const email = 'nora.story@example.com';
    const page = await openPage('/forms/open-house?lang=de', DESKTOP);
    await fillIn(page, email);
    await takeTime();
    await press(page, 'Anmelden');
    const mail = await server.mailTo(email);
    expect(mail.text).toMatch(/\/confirm\/[\w.-]+#not-me/);
    await page.goto(`${linkIn(mail, 'confirm')}#not-me`);
    await press(page, 'Das war ich nicht');
    await expectPage(page, 'Danke für den Hinweis');
    expect((await server.mailsTo(email)).filter(isWelcome)).toEqual([]);
    await page.context().close();
  });
});

test(
  'T1 opened by robots nothing happens; after the button, back, reload and twice are calm',
  { timeout: 60_000 },
  async () => {
    const email = 'tom.story@example.com';
    const form = await openPage('/forms/newsletter', DESKTOP);
    await form.getByLabel('E-mail address').fill(email);
    await form.getByLabel(/Yes, please e-mail me/).check();
    await takeTime();
    await press(form, 'Sign up');
    await form.context().close();
    const link = linkIn(await server.mailTo(email), 'confirm');
    for (let visit = 0; visit < 3; visit += 1) {
      const robot = await openPage(link, DESKTOP);
      await robot.waitForLoadState('networkidle');
      await robot.context().close();
    }
    const [page, tab] = [await openPage(link, DESKTOP), await openPage(link, DESKTOP)];
    await expectPage(page, 'Is this right?', 'en');
    await press(page, 'Yes, confirm');
    await expectPage(page, 'Thank you, it is confirmed', 'en');
    await page.reload();
    await expectPage(page, 'Already confirmed', 'en');
    await page.goBack();
    await expectPage(page, 'Already confirmed', 'en');
    await press(tab, 'Yes, confirm');
    await expectPage(tab, 'Already confirmed', 'en');
    await server.mailTo(email, isWelcome);
    expect((await server.mailsTo(email)).filter(isWelcome)).toHaveLength(1);
    for (const open of [page, tab]) await open.context().close();
  },
);
