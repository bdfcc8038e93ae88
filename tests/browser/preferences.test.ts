import { readFile } from 'node:fs/promises';

import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { DESKTOP, PHONE, isWelcome, linkIn, openStory, press } from '../support/story.ts';
import type { Story } from '../support/story.ts';

let story: Story;
beforeAll(async () => {
  story = await openStory();
});
afterAll(() => story?.close());

/** Signs up for the newsletter and confirms; answers the welcome mail. */
async function subscribe(email: string, options: BrowserContextOptions = DESKTOP) {
  const page = await story.openPage('/forms/newsletter?lang=de', options);
  await page.getByLabel('E-Mail-Adresse').fill(email);
  await page.getByLabel('Antriebe').check();
  await page.getByLabel('Wartung und Service').check();
  await page.getByLabel(/Ja, ich möchte den Newsletter/).check();
  await story.server.advance('PT5S');
  const known = new Set((await story.server.mailsTo(email)).map(({ text }) => text));
  await press(page, 'Anmelden');
  const request = await story.server.mailTo(
    email,
    ({ text }) => !known.has(text) && text.includes('/confirm/'),
  );
  await page.goto(linkIn(request, 'confirm'));
  await press(page, 'Ja, bestätigen');
  await page.context().close();
  return story.server.mailTo(email, isWelcome);
}

/** Asks for a link in this browser; answers the mail. */
async function askToLogIn(page: Page, email: string) {
  await page.goto('/preferences?lang=de');
  await story.expectPage(page, 'Ihre Daten und Einstellungen');
  await page.getByLabel('E-Mail-Adresse').fill(email);
  await press(page, 'Link anfordern');
  await story.expectPage(page, 'Bitte sehen Sie in Ihr Postfach');
  return story.server.mailTo(email, ({ text }) => text.includes('/log-in/'));
}

async function logIn(page: Page, email: string) {
  await page.goto(linkIn(await askToLogIn(page, email), 'log-in'));
  await story.expectPage(page, 'Willkommen zurück');
  await press(page, 'Anmelden');
  await story.expectPage(page, 'Ihre Daten');
}

test(
  'D9 on a phone without JavaScript: leaves one topic, and takes it back from the receipt in the mailbox',
  { timeout: 120_000 },
  async () => {
    const email = 'paula.choices@example.com';
    const welcome = await subscribe(email, PHONE);
    const page = await story.openPage(linkIn(welcome, 'preferences'), PHONE);
    await story.expectPage(page, 'Ihre Einstellungen');
    await page.getByLabel('Antriebe').uncheck();
    await press(page, 'Speichern');
    await story.expectPage(page, 'Gespeichert');
    expect(await page.getByRole('main').textContent()).toContain('Beendet: Antriebe');

    const receipt = await story.server.mailTo(email, ({ text }) => text.includes('/undo/'));
    await page.goto(linkIn(receipt, 'undo'));
    await story.expectPage(page, 'Abmeldung rückgängig machen?');
    await press(page, 'Ja, wieder anmelden');
    await story.expectPage(page, 'Sie sind wieder angemeldet');
    await page.goto(linkIn(welcome, 'preferences'));
    expect(await page.getByLabel('Antriebe').isChecked()).toBe(true);
    await page.context().close();
  },
);

test('joins a topic and finds its receipt', { timeout: 120_000 }, async () => {
  const email = 'jonas.choices@example.com';
  const welcome = await subscribe(email);
  const page = await story.openPage(linkIn(welcome, 'preferences'), DESKTOP);
  await page.getByLabel('Automatisierung').check();
  await press(page, 'Speichern');
  await story.expectPage(page, 'Gespeichert');
  await logIn(page, email);
  await page.getByRole('link', { name: 'Verlauf' }).click();
  await story.expectPage(page, 'Ihr Verlauf');
  await page.getByRole('link', { name: /^Beleg zum Drucken: Sie haben Ihre Einstellungen geändert/ }).click();
  await story.expectPage(page, 'Beleg');
  expect(await page.getByRole('main').textContent()).toContain(email);
  await page.context().close();
});

test('pauses, and is back when the pause is over', { timeout: 120_000 }, async () => {
  const email = 'petra.choices@example.com';
  const page = await story.openPage(linkIn(await subscribe(email), 'preferences'), DESKTOP);
  const url = page.url();
  await page.getByLabel('1 Monat').check();
  await press(page, 'Speichern');
  await story.expectPage(page, 'Gespeichert');
  await page.goto(url);
  expect(await page.getByLabel('Pause beibehalten').isChecked()).toBe(true);
  await story.server.advance('P32D');
  await page.goto(url);
  expect(await page.getByLabel('Keine Pause').isChecked()).toBe(true);
  await page.context().close();
});

test('T4 logs in on another device than the mail is read on, by its code', { timeout: 120_000 }, async () => {
  const email = 'carla.choices@example.com';
  await subscribe(email);
  const desktop = await story.openPage('/', DESKTOP);
  const mail = await askToLogIn(desktop, email);
  const phone = await story.openPage(linkIn(mail, 'log-in'), PHONE);
  await story.expectPage(phone, 'Sie lesen auf einem anderen Gerät');
  await desktop.getByLabel('Code aus der E-Mail').fill('0000 0000');
  await press(desktop, 'Anmelden');
  await story.expectPage(desktop, 'Bitte sehen Sie in Ihr Postfach');
  await desktop.getByLabel('Code aus der E-Mail').fill(/\d{4} \d{4}/.exec(mail.text)?.[0] ?? '');
  await press(desktop, 'Anmelden');
  await story.expectPage(desktop, 'Ihre Daten');
  await desktop.getByRole('link', { name: 'Anmeldungen' }).click();
  await story.expectPage(desktop, 'Wo Sie angemeldet sind');
  await press(desktop, 'Überall abmelden');
  await story.expectPage(desktop, 'Von dieser Seite abgemeldet');
  await desktop.goBack();
  expect(await desktop.getByRole('main').textContent()).not.toContain(email);
  await phone.context().close();
  await desktop.context().close();
});

test(
  'D3 corrects a field, then gives another address and confirms it there',
  { timeout: 120_000 },
  async () => {
    const [email, other] = ['anton.choices@example.com', 'anton.neu@example.com'];
    await subscribe(email);
    const page = await story.openPage('/', PHONE);
    await logIn(page, email);
    await page.getByLabel('Ort').fill('Kiel');
    await press(page, 'Speichern');
    expect(await page.getByRole('status').textContent()).toContain('Geändert: Ort');
    await page.getByRole('link', { name: 'Andere E-Mail-Adresse angeben' }).click();
    await story.expectPage(page, 'Andere E‑Mail-Adresse');
    await page.getByLabel('Neue E-Mail-Adresse').fill(other);
    await press(page, 'Bestätigung schicken');
    await page.goto(linkIn(await story.server.mailTo(other), 'address'));
    await story.expectPage(page, 'Stimmt Ihre neue Adresse?');
    await press(page, 'Ja, das ist meine neue Adresse');
    await story.expectPage(page, 'Ihre neue Adresse gilt');
    await story.server.mailTo(email, ({ subject }) => subject === 'Ihre E-Mail-Adresse wurde geändert');
    await logIn(page, other);
    expect(await page.getByLabel('Ort').inputValue()).toBe('Kiel');
    await page.context().close();
  },
);

test('D1 D4 takes the data along, has it erased, and signs up again', { timeout: 120_000 }, async () => {
  const email = 'erika.choices@example.com';
  await subscribe(email);
  const page = await story.openPage('/', DESKTOP);
  await logIn(page, email);
  await page.getByRole('link', { name: 'Rechte' }).click();
  await story.expectPage(page, 'Ihre Rechte');
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Datei für Programme (JSON)' }).click();
  const file = await (await downloading).path();
  expect(await readFile(file, 'utf8')).toContain(email);
  await page.getByRole('link', { name: 'Ansehen und dann löschen' }).click();
  await story.expectPage(page, 'Ihre Daten löschen?');
  await press(page, 'Endgültig löschen');
  await story.expectPage(page, 'Ihre Daten löschen?');
  await page.getByLabel(/Ja, ich möchte, dass meine Daten gelöscht werden/).check();
  await press(page, 'Endgültig löschen');
  await story.expectPage(page, 'Ihre Daten sind gelöscht');
  await page.goto('/profile');
  await page.getByRole('heading', { level: 1, name: 'You are not logged in' }).waitFor();
  await story.server.advance('P1D');
  await subscribe(email);
  await page.context().close();
});
