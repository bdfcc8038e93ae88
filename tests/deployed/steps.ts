import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { contact } from '../../shared/contacts/contact.ts';
import { keys } from '../../shared/platform/keys.ts';
import { queryPartition } from '../../shared/platform/read-many.ts';
import { get, openDatabase } from '../../shared/platform/table.ts';
import { evidenceEntry } from '../../shared/permission/evidence.ts';
import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import type { Browser } from './browser.ts';
import type { SentMail } from './emulator.ts';
import { hiddenFields } from './visitor.ts';
import type { Visitor } from './visitor.ts';

export type World = {
  visitor: Visitor;
  mails: () => Promise<SentMail[]>;
  /** Messages in the log of a function, newest last. */
  logsOf: (functionName: string) => Promise<string[]>;
  /** Runs a function now, whatever its schedule says. */
  run: (functionName: string) => Promise<void>;
  /** A key with all scopes of every day, made by the command line. */
  apiKey: string;
  /** What one step found out for the next. */
  found: {
    contactId?: string;
    timestamp?: string;
    confirm?: string;
    nonce?: [string, string][];
    unsubscribe?: string;
    choices?: string;
    browser?: Browser;
  };
};
export type Step = { name: string; run: (world: World) => Promise<void> };

export const ADDRESS = 'erika.muster@kunde.example';
const FORM = '/forms/newsletter';

export const STEPS: readonly Step[] = [
  {
    name: 'the form page answers with its security headers',
    run: async ({ visitor, found }) => {
      const page = await visitor.get(`${FORM}?lang=en`);
      assert.equal(page.status, 200);
      assert.match(String(page.headers['content-type']), /^text\/html/);
      assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
      assert.equal(page.headers['referrer-policy'], 'no-referrer');
      assert.equal(page.headers['x-content-type-options'], 'nosniff');
      const timestamp = hiddenFields(page.body).find(([name]) => name === 'ts')?.[1];
      assert.ok(timestamp, 'the form holds a signed timestamp');
      found.timestamp = timestamp;
    },
  },
  {
    name: 'the form is there as JSON for the embed script',
    run: async ({ visitor }) => {
      const form = await visitor.get(`${FORM}.json`);
      assert.equal(form.status, 200);
      assert.match(String(form.headers['content-type']), /^application\/json/);
      assert.equal(typeof JSON.parse(form.body), 'object');
    },
  },
  {
    name: 'static files are shipped beside the bundle',
    run: async ({ visitor }) => {
      const page = await visitor.get(FORM);
      const sheet = /<link\b[^>]*href="([^"]*\.css[^"]*)"/.exec(page.body)?.[1];
      assert.ok(sheet, 'the page links a style sheet');
      const { pathname, search } = new URL(sheet, visitor.origin);
      assert.equal((await visitor.get(pathname + search)).status, 200);
      assert.equal((await visitor.get('/embed.js')).status, 200);
    },
  },
  {
    name: 'a sign-up is accepted and leads to the thank-you page',
    run: async ({ visitor, found }) => {
      // Longer than the minimum time to fill in a form.
      await sleep(2_500);
      const answer = await visitor.post(FORM, [
        ['email', ADDRESS],
        ['firstName', 'Erika'],
        ['uses', 'newsletter'],
        ['topics', 'drives'],
        ['website', ''],
        ['ts', known(found.timestamp)],
        ['lang', 'en'],
      ]);
      assert.equal(answer.status, 303, answer.body.slice(0, 400));
      const next = new URL(String(answer.headers.location), visitor.origin);
      assert.equal((await visitor.get(next.pathname + next.search)).status, 200);
    },
  },
  {
    name: 'the confirmation mail is sent by the service configuration set',
    run: async ({ mails, found }) => {
      const mail = await until('the confirmation mail', async () =>
        (await mails()).find((one) => /\/confirm\//.test(textOf(one))),
      );
      assert.deepEqual(mail.Destination.ToAddresses, [ADDRESS]);
      assert.equal(mail.ConfigurationSetName, 'assent-emu-service');
      found.confirm = linkIn(textOf(mail), '/confirm/');
    },
  },
  {
    name: 'looking at the confirm page changes nothing (T1)',
    run: async ({ visitor, mails, found }) => {
      const before = (await mails()).length;
      const page = await visitor.get(known(found.confirm));
      assert.equal(page.status, 200);
      found.nonce = hiddenFields(page.body);
      assert.ok(found.nonce.some(([name]) => name === 'page'));
      await sleep(2_000);
      assert.equal((await mails()).length, before);
    },
  },
  {
    name: 'the button confirms',
    run: async ({ visitor, found }) => {
      const done = await visitor.post(known(found.confirm), known(found.nonce));
      assert.equal(done.status, 200, done.body.slice(0, 400));
      assert.match(done.body, /it is confirmed/i);
    },
  },
  {
    name: 'U1 the welcome mail carries both unsubscribe headers',
    run: async ({ mails, found }) => {
      const mail = await until('the welcome mail', async () =>
        (await mails()).find((one) => headerOf(one, 'List-Unsubscribe') !== undefined),
      );
      assert.equal(headerOf(mail, 'List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click');
      found.unsubscribe = linkIn(headerOf(mail, 'List-Unsubscribe') ?? '', '/unsubscribe/');
    },
  },
  {
    name: 'U3 one click unsubscribes, without cookie, origin or redirect',
    run: async ({ visitor, found }) => {
      const done = await visitor.post(known(found.unsubscribe), [['List-Unsubscribe', 'One-Click']], {});
      assert.equal(done.status, 200, done.body.slice(0, 400));
      assert.equal(done.headers.location, undefined);
    },
  },
  {
    name: 'from then on the confirmation link shows the withdrawal',
    run: async ({ visitor, found }) => {
      const page = await visitor.get(known(found.confirm));
      assert.equal(page.status, 200);
      assert.match(page.body, /unsubscribed in the meantime/i);
      assert.equal((await visitor.get(known(found.unsubscribe))).status, 200);
    },
  },
  {
    name: 'the evidence holds both acts and its chain verifies (H2)',
    run: async ({ found }) => {
      const db = openDatabase();
      const contactId = known(found.unsubscribe).split('/').at(-1)?.split('.')[1] ?? '';
      const entries: EvidenceEntry[] = [];
      const { pk } = keys.evidence(contactId, 1);
      for await (const entry of queryPartition(db, 'ledger', pk, evidenceEntry)) entries.push(entry);
      assert.deepEqual(
        entries.map(({ type }) => type).filter((type) => type !== 'delivery'),
        ['granted', 'withdrawn'],
      );
      const person = await get(db, 'contacts', keys.contact(contactId), contact);
      assert.ok(person, 'the contact exists');
      const verdict = verifyChain(entries, person.head);
      assert.ok(verdict.ok, JSON.stringify(verdict));
    },
  },
  {
    name: 'news from SES reached ses-events through SNS and SQS (V6)',
    run: async ({ logsOf }) => {
      await until('a line in the log of ses-events', async () =>
        (await logsOf('ses-events')).find((line) => line.includes('ses-event')),
      );
    },
  },
  {
    name: 'a wrong token gets the neutral page, 404',
    run: async ({ visitor, found }) => {
      for (const link of [known(found.confirm), known(found.unsubscribe)]) {
        const answer = await visitor.get(link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')));
        assert.equal(answer.status, 404);
      }
      assert.equal((await visitor.get('/nowhere')).status, 404);
    },
  },
  {
    name: 'the clock runs by its schedule',
    run: async ({ logsOf }) => {
      await until(
        'a run of the clock',
        async () => (await logsOf('clock')).find((line) => line.includes('woken')),
        90,
      );
    },
  },
];

/** Polls until `look` finds something, at most `seconds`. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  for (const deadline = Date.now() + seconds * 1_000; Date.now() < deadline; await sleep(250)) {
    const seen = await look();
    if (seen !== undefined) return seen;
  }
  throw new Error(`${what} did not appear within ${seconds} s`);
}

export function known<T>(value: T | undefined): T {
  assert.ok(value !== undefined, 'an earlier step did not get that far');
  return value;
}

/** The newest mail to an address that has `part` in its text, once there is one. */
export function mailTo({ mails }: World, to: string, part: string): Promise<SentMail> {
  return until(`a mail to ${to} with ${part}`, async () =>
    (await mails()).findLast(
      (mail) => mail.Destination.ToAddresses.includes(to) && textOf(mail).includes(part),
    ),
  );
}

export function textOf(mail: SentMail): string {
  return mail.Content.Simple.Body.Text.Data;
}

function headerOf(mail: SentMail, name: string): string | undefined {
  return mail.Content.Simple.Headers.find((header) => header.Name === name)?.Value;
}

/** Path of the first link in `text` that leads to `path`. */
export function linkIn(text: string, path: string): string {
  const link = /https?:\/\/[^\s<>"]+/g;
  const found = (text.match(link) ?? []).find((one) => one.includes(path));
  assert.ok(found, `a link to ${path}`);
  const { pathname, search } = new URL(found);
  return pathname + search;
}
