import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { maskAddress } from '../../shared/contacts/email-address.ts';
import { openBrowser, pairOf } from './browser.ts';
import type { Browser } from './browser.ts';
import { ADDRESS as OTHER, known, linkIn, mailTo, textOf } from './steps.ts';
import type { Step, World } from './steps.ts';
import type { Answer } from './visitor.ts';

export const ADDRESS = 'paula.planung@kunde.example';
export const NEW_ADDRESS = 'erika.neu@kunde.example';
const LOGIN = '__Host-assent-login';
export const SESSION = '__Host-assent-session';

/** Choices by a mail's link, and the person's own data after a log-in, each page by the function that serves it. */
export const PREFERENCE_STEPS: readonly Step[] = [
  {
    name: 'somebody subscribes, and the welcome mail leads to their choices',
    run: async (world) => {
      const browser = openBrowser(world.visitor);
      const form = await browser.open('/forms/newsletter?lang=en');
      // Longer than the minimum time to fill in a form.
      await sleep(2_500);
      const wanted = { uses: 'newsletter', topics: ['drives', 'service'] };
      const typed = { email: ADDRESS, firstName: 'Paula', ...wanted };
      const thanks = await browser.submit(form, '/forms/newsletter', typed);
      assert.equal(thanks.status, 200, thanks.body.slice(0, 400));
      const confirm = linkIn(textOf(await mailTo(world, ADDRESS, '/confirm/')), '/confirm/');
      const confirmed = await browser.submit(await browser.open(confirm), pathOf(confirm));
      assert.match(confirmed.body, /it is confirmed/i);
      world.found.choices = linkIn(textOf(await mailTo(world, ADDRESS, '/preferences/')), '/preferences/');
    },
  },
  {
    name: 'D9 D7 the link opens choices without a log-in and without data; a topic is left, a wish set',
    run: async ({ visitor, found }) => {
      const browser = openBrowser(visitor);
      const path = known(found.choices);
      const page = await see(browser, path, 'Your choices');
      assert.ok(!page.body.includes(ADDRESS));
      const saved = await browser.submit(page, pathOf(path), { 'topic.drives': undefined, wish: 'weekly' });
      assertHeading(saved, 'Saved');
      assert.match(saved.body, /At most once a week/);
      assert.ok(!isTicked(await browser.open(path), 'topic.drives'));
    },
  },
  {
    name: 'D9 its receipt comes by mail, and the link in it takes the change back',
    run: async (world) => {
      const browser = openBrowser(world.visitor);
      const undo = linkIn(textOf(await mailTo(world, ADDRESS, '/undo/')), '/undo/');
      const undone = await browser.submit(await browser.open(undo), pathOf(undo));
      assert.equal(undone.status, 200, undone.body.slice(0, 400));
      assert.ok(isTicked(await browser.open(known(world.found.choices)), 'topic.drives'));
    },
  },
  {
    name: 'a use that is joined by the link alone waits for a click in the mailbox',
    run: async ({ visitor, found }) => {
      const browser = openBrowser(visitor);
      const path = known(found.choices);
      const page = await see(browser, path, 'Your choices');
      const asked = await browser.submit(page, pathOf(path), { 'use.product-information': 'on' });
      assert.match(asked.body, /We have sent you an e-mail about Product information/);
      assert.ok(!isTicked(await browser.open(path), 'use.product-information'));
    },
  },
  {
    name: 'T4 no cookie, or that of another log-in, opens neither link nor code',
    run: async (world) => {
      const browser = openBrowser(world.visitor);
      await askToLogIn(browser, ADDRESS);
      world.found.browser = browser;
      const { link, code } = await loginMail(world, ADDRESS);
      const [stranger, another] = [openBrowser(world.visitor), openBrowser(world.visitor)];
      await see(stranger, link, 'You are reading on another device');
      const waiting = await askToLogIn(another, 'nobody@kunde.example');
      await see(another, link, 'Here the link of another e-mail works');
      const refused = await another.submit(waiting, '/log-in/code', { code });
      assert.equal(refused.status, 422, refused.body.slice(0, 400));
      for (const { cookies } of [stranger, another]) assert.ok(!cookies.has(SESSION));
    },
  },
  {
    name: 'T4 T5 the code logs in the browser that asked, once, with a cookie that stays on this host',
    run: async (world) => {
      const browser = known(world.found.browser);
      const waiting = await browser.open('/log-in/code?lang=en');
      const login = known(browser.cookies.get(LOGIN));
      const { code } = await loginMail(world, ADDRESS);
      assertHeading(await browser.submit(waiting, '/log-in/code', { code }), 'Your data');
      const set = known(browser.cookies.get(SESSION));
      for (const part of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) {
        assert.ok(set.split('; ').includes(part), `${part} in the attributes of the session`);
      }
      assert.ok(!browser.cookies.has(LOGIN));
      const again = await world.visitor.post('/log-in/code', [['code', code]], { cookie: pairOf(login) });
      assert.equal(again.status, 410);
    },
  },
  {
    name: 'D1 D3 the profile shows the data, and a correction is saved',
    run: async ({ found }) => {
      const browser = known(found.browser);
      const page = await see(browser, '/profile', 'Your data');
      for (const held of [ADDRESS, 'Paula']) assert.ok(page.body.includes(held), held);
      const saved = await browser.submit(page, '/profile', { city: 'Kiel' });
      assert.match(saved.body, /Changed: Town/);
      assert.match((await browser.open('/profile')).body, /value="Kiel"/);
    },
  },
  {
    name: 'who is logged in joins another use at once, finds it in the history, and takes it back',
    run: async ({ found }) => {
      const browser = known(found.browser);
      const path = known(found.choices);
      const page = await see(browser, path, 'Your choices');
      const saved = await browser.submit(page, pathOf(path), { 'use.event-invitation': 'on' });
      assert.match(saved.body, /Added: Invitations to events/);
      const history = await see(browser, '/history', 'Your history');
      const receipt = /href="(\/history\/receipt\/[^"]*)"/.exec(history.body)?.[1];
      await see(browser, known(receipt), 'Receipt');
      assertHeading(await browser.submit(saved, `${pathOf(path)}/undo`), 'Taken back');
    },
  },
  {
    name: 'T4 T5 the link logs in too, and one button ends every log-in on the server',
    run: async (world) => {
      const browser = openBrowser(world.visitor);
      await askToLogIn(browser, OTHER);
      const { link } = await loginMail(world, OTHER);
      assertHeading(await browser.submit(await browser.open(link), pathOf(link)), 'Your data');
      const form = await see(browser, '/profile/address', 'Another e-mail address');
      const asked = await browser.submit(form, '/profile/address', { email: NEW_ADDRESS });
      assert.match(asked.body, /Please check your new inbox/);
      const session = known(browser.cookies.get(SESSION));
      const list = await see(browser, '/sessions', 'Where you are logged in');
      assertHeading(await browser.submit(list, '/sessions/end-all'), 'You are logged out');
      assert.ok(!browser.cookies.has(SESSION));
      assert.equal((await world.visitor.get('/profile', { cookie: pairOf(session) })).status, 401);
    },
  },
  {
    name: 'D3 another address holds once it is confirmed there, and the old one is told',
    run: async (world) => {
      const browser = openBrowser(world.visitor);
      const link = linkIn(textOf(await mailTo(world, NEW_ADDRESS, '/address/')), '/address/');
      const page = await see(browser, link, 'Is your new address right?');
      assertHeading(await browser.submit(page, pathOf(link)), 'Your new address holds');
      await mailTo(world, OTHER, maskAddress(NEW_ADDRESS));
    },
  },
];

/** Asks for a link in this browser; answers the page that waits for the mail. */
async function askToLogIn(browser: Browser, email: string): Promise<Answer> {
  const page = await see(browser, '/preferences?lang=en', 'Your data and choices');
  const waiting = await browser.submit(page, '/preferences', { email });
  assertHeading(waiting, 'Please check your inbox');
  return waiting;
}

async function loginMail(world: World, email: string): Promise<{ link: string; code: string }> {
  const text = textOf(await mailTo(world, email, '/log-in/'));
  return { link: linkIn(text, '/log-in/'), code: known(/\d{4} \d{4}/.exec(text)?.[0]) };
}

/** Opens a page and makes sure that it is the one with this heading. */
export async function see(browser: Browser, path: string, heading: string): Promise<Answer> {
  const page = await browser.open(path);
  assertHeading(page, heading);
  return page;
}

export function assertHeading(page: Answer, heading: string): void {
  const shown = /<h1[^>]*>(.*?)<\/h1>/s.exec(page.body)?.[1];
  assert.equal(shown, heading, `${page.status} ${page.body.slice(0, 400)}`);
}

function isTicked({ body }: Answer, name: string): boolean {
  const box = body.match(/<input\b[^>]*>/g)?.find((tag) => tag.includes(`name="${name}"`));
  return /\bchecked\b/.test(known(box));
}

export function pathOf(link: string): string {
  return known(link.split('?')[0]);
}
