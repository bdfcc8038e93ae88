import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { choose, enter, expectLedTo, tabBackTo, tabTo, tick, write } from '../support/keyboard.ts';
import { DESKTOP, isWelcome, linkIn, openStory } from '../support/story.ts';
import type { Story } from '../support/story.ts';

let story: Story;
beforeAll(async () => {
  story = await openStory();
});
afterAll(() => story?.close());

const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
/** Presses what has this name, which leads to a page. */
const go = async (page: Page, name: RegExp, title: string) => {
  await enter(page, name);
  await heading(page, title);
};
const mainText = (page: Page) => page.getByRole('main').textContent();

/** Signs up and confirms; answers the page of the confirmation, and the welcome mail. */
async function subscribe(email: string) {
  const page = await story.openPage('/forms/newsletter', DESKTOP);
  await tabTo(page, /^Skip to content$/);
  await page.keyboard.press('Enter');
  await write(page, /^E-mail address/, email);
  await tick(page, /^Drives/);
  await tick(page, /^Maintenance and service/);
  await tick(page, /^Yes, please e-mail me/);
  await story.server.advance('PT5S');
  await go(page, /^Sign up$/, 'Please check your inbox');
  await page.goto(linkIn(await story.server.mailTo(email), 'confirm'));
  await tabTo(page, /^That wasn’t me$/);
  await tabBackTo(page, /^Yes, confirm$/);
  await page.keyboard.press('Enter');
  await heading(page, 'Thank you, it is confirmed');
  return { page, welcome: await story.server.mailTo(email, isWelcome) };
}

/** Asks for a log-in; answers its mail. */
async function askToLogIn(page: Page, email: string) {
  const before = new Set((await story.server.mailsTo(email)).map(({ text }) => text));
  await page.goto('/preferences');
  await write(page, /^E-mail address/, email);
  await go(page, /^Ask for a link$/, 'Please check your inbox');
  return story.server.mailTo(email, ({ text }) => text.includes('/log-in/') && !before.has(text));
}

test(
  'A1 keyboard: signs up, confirms, chooses, pauses, unsubscribes, and takes each back',
  { timeout: 120_000 },
  async () => {
    const email = 'ken.keyboard@example.com';
    const { page, welcome } = await subscribe(email);
    await go(page, /^Change your settings or unsubscribe$/, 'Your choices');
    await tick(page, /^Drives/);
    await choose(page, /^As often as agreed$/, /^At most once a month$/);
    await choose(page, /^No pause$/, /^3 months$/);
    await go(page, /^Save$/, 'Saved');
    expect(await mainText(page)).toMatch(/Ended: Drives.*At most once a month.*Paused until/s);
    await go(page, /^Undo$/, 'Taken back');
    await go(page, /^Back to your choices$/, 'Your choices');
    expect(await page.locator('#topic-drives').isChecked()).toBe(true);
    expect(await page.locator('#pause-none').isChecked()).toBe(true);

    // Of what was taken back before it could be told nobody is told: the receipt comes first.
    const before = new Set((await story.server.mailsTo(email)).map(({ text }) => text));
    await page.goto(linkIn(welcome, 'unsubscribe'));
    await choose(page, /^Newsletter/, /^Everything from Nordlicht/);
    await tabTo(page, /^Reason/);
    await page.keyboard.type('Too many');
    await go(page, /^Unsubscribe$/, 'Done, you are unsubscribed');
    const receipt = await story.server.mailTo(
      email,
      ({ text }) => text.includes('/undo/') && !before.has(text),
    );
    await go(page, /^Undo$/, 'You are subscribed again');
    await page.goto(linkIn(receipt, 'undo'));
    await heading(page, 'There is nothing left to undo');
    await page.context().close();
  },
);

test(
  'A1 keyboard: logs in by link, corrects, reads, exports, asks, restricts, objects, and moves',
  { timeout: 120_000 },
  async () => {
    const [email, other] = ['kim.keyboard@example.com', 'kim.new@example.com'];
    const { page } = await subscribe(email);
    await page.goto(linkIn(await askToLogIn(page, email), 'log-in'));
    await heading(page, 'Welcome back');
    await go(page, /^Log in$/, 'Your data');
    await write(page, /^Company/, 'Nordsee GmbH');
    await tick(page, /^Do not ask again: Position$/);
    await write(page, /^Town/, 'Kiel');
    await enter(page, /^Save$/);
    await page.getByRole('status').waitFor();
    expect(await mainText(page)).toMatch(/Changed: Company and Town.*We will not ask that again/s);

    await go(page, /^History$/, 'Your history');
    await go(page, /^Receipt to print: You agreed/, 'Receipt');
    await page.goBack();
    await heading(page, 'Your history');

    await go(page, /^Rights$/, 'Your rights');
    for (const file of [/^File for programs/, /^File for spreadsheets/]) {
      await tabTo(page, file);
      const downloading = page.waitForEvent('download');
      await page.keyboard.press('Enter');
      expect((await downloading).suggestedFilename()).toMatch(/^data-.*\.(json|csv)$/);
    }
    await go(page, /^Write to us$/, 'Write to us');
    await choose(page, /^A question$/, /^Something is wrong/);
    await write(page, /^Your message/, 'Who is Anna?');
    await go(page, /^Send$/, 'We have your message');
    await go(page, /^Back to your rights$/, 'Your rights');
    await go(page, /^Restrict the use$/, 'Restrict the use');
    await write(page, /^What is it about/, 'Anna is not me');
    await go(page, /^Restrict from now on$/, 'Restricted from now on');
    await go(page, /^Back to your rights$/, 'Your rights');
    await go(page, /^Object to all advertising$/, 'Done');
    await go(page, /^To your choices$/, 'Your choices');

    await page.goto('/profile?lang=en');
    await go(page, /^Give another e-mail address$/, 'Another e-mail address');
    await write(page, /^New e-mail address/, other);
    await enter(page, /^Send the confirmation$/);
    await page.getByRole('status').waitFor();
    await page.goto(linkIn(await story.server.mailTo(other), 'address'));
    await go(page, /^Yes, this is my new address$/, 'Your new address holds');
    await go(page, /^Log in by a link$/, 'Your data and choices');
    await page.context().close();
  },
);

test(
  'A1 keyboard: logs in by code, looks at the log-ins, ends all, and erases everything in a second act',
  { timeout: 120_000 },
  async () => {
    const email = 'kai.keyboard@example.com';
    const { page } = await subscribe(email);
    const logIn = async () => {
      const { text } = await askToLogIn(page, email);
      await write(page, /^Code from the e-mail/, /\d{4} \d{4}/.exec(text)?.[0] ?? '');
      await go(page, /^Log in$/, 'Your data');
    };
    await logIn();
    await go(page, /^Log-ins$/, 'Where you are logged in');
    await go(page, /^Log out everywhere$/, 'You are logged out');
    await go(page, /^Ask for a new link$/, 'Your data and choices');

    await story.server.advance('PT1M');
    await logIn();
    for (const _ of ['ten', 'twenty']) {
      await story.server.advance('PT10M');
      await go(page, /^Rights$/, 'Your rights');
    }
    await go(page, /^View, then erase$/, 'Please log in once more');
    await go(page, /^Ask for a new link$/, 'Your data and choices');
    await logIn();
    await go(page, /^Rights$/, 'Your rights');
    await go(page, /^View, then erase$/, 'Erase your data?');
    await enter(page, /^Erase for good$/);
    await expectLedTo(page, 'sure');
    await page.keyboard.press('Space');
    await go(page, /^Erase for good$/, 'Your data is erased');
    expect(await mainText(page)).toMatch(/^Your data is erased.*k•••d@example\.com/s);
    await page.context().close();
  },
);

test(
  'A1 keyboard: whatever is refused has its summary in focus, which leads to the first faulty field; the input stays',
  { timeout: 120_000 },
  async () => {
    const email = 'kit.keyboard@example.com';
    const { page, welcome } = await subscribe(email);

    await page.goto('/forms/newsletter');
    await write(page, /^E-mail address/, 'anna@localhost');
    await write(page, /^First name/, 'www.evil.example');
    await tick(page, /^Yes, please e-mail me/);
    await story.server.advance('PT5S');
    await enter(page, /^Sign up$/);
    await expectLedTo(page, 'email');
    expect(await page.locator('#email').inputValue()).toBe('anna@localhost');
    expect(await page.getByLabel(/Yes, please e-mail me/).isChecked()).toBe(true);
    await write(page, /^First name/, 'Anna');
    await enter(page, /^Sign up$/);
    await expectLedTo(page, 'email');

    await page.goto(linkIn(welcome, 'preferences'));
    await choose(page, /^No pause$/, /^Until a day/);
    await enter(page, /^Save$/);
    await expectLedTo(page, 'pauseDate');

    await page.goto('/preferences');
    await write(page, /^E-mail address/, 'anna@localhost');
    await enter(page, /^Ask for a link$/);
    await expectLedTo(page, 'email');

    const { text } = await askToLogIn(page, email);
    await write(page, /^Code from the e-mail/, '0000 0000');
    await enter(page, /^Log in$/);
    await expectLedTo(page, 'code');
    await page.keyboard.type(/\d{4} \d{4}/.exec(text)?.[0] ?? '');
    await page.keyboard.press('Enter');
    await heading(page, 'Your data');

    await write(page, /^Phone/, '0431 1234');
    await enter(page, /^Save$/);
    await expectLedTo(page, 'phone');

    await go(page, /^Give another e-mail address$/, 'Another e-mail address');
    await write(page, /^New e-mail address/, email);
    await enter(page, /^Send the confirmation$/);
    await expectLedTo(page, 'email');

    await page.goto('/rights/requests?lang=en');
    await write(page, /^Your message/, ' ');
    await enter(page, /^Send$/);
    await expectLedTo(page, 'text');
    await page.context().close();
  },
);
