import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { saveAccount } from '../../shared/contacts/save-account.ts';
import { eventKey } from '../../shared/engagement/event.ts';
import type { EngagementEvent } from '../../shared/engagement/event.ts';
import { INTERNAL_SCORE } from '../../shared/export/export-score.ts';
import { INTERNAL, exportDocument } from '../../shared/export/export.ts';
import { DAY, now, plus } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { queryPartition } from '../../shared/platform/read-many.ts';
import { write } from '../../shared/platform/table.ts';
import { recalculate } from '../../shared/scoring/recalculate.ts';
import { scoring } from '../../shared/settings/scoring.ts';
import { readSetting, saveSetting } from '../../shared/settings/store.ts';
import { event, mailEvent } from '../support/engagement.ts';
import { CONTROLLER, captureLog, resetClock } from '../support/system.ts';
import { openSite } from './open-site.ts';
import type { Site } from './open-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
beforeEach(() => site.advance(DAY));
afterAll(resetClock);

const PROXY = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';
const ago = (days: number) => plus(now(), -days * DAY);
let people = 0;

/** Somebody of whom these things are known, scored as the stream does. */
async function person(uses: string[], ...events: EngagementEvent[]) {
  const email = `interest-${(people += 1)}@example.com`;
  const { contactId } = await site.subscribe(email, { topics: ['drives'], uses });
  for (const each of events) {
    const item = { ...each, contactId };
    await write(site.db, { put: 'engagement', item: { ...eventKey(item), ...item } });
  }
  await recalculate(site.deps, contactId);
  return { email, contactId, browser: await site.logIn(contactId) };
}
const PROFILED = ['newsletter', 'tracking', 'profiling'];
const lively = () =>
  person(
    PROFILED,
    event('fair-visit', ago(45), { topics: ['service'], asset: 'hannover' }),
    event('webinar', ago(30), { topics: ['drives'], campaign: 'spring', page: 'https://www.example.com/w' }),
    event('download', ago(1), { topics: ['drives'], asset: 'catalogue', value: 12.5 }),
    event('job-page', ago(2), { tracked: true }),
    mailEvent('delivered', ago(10), { topics: ['drives'], mail: { sendId: 'quiet' } }),
    mailEvent('open', ago(3), { mail: { sendId: 'scanned', userAgent: PROXY, bot: 'Likely' } }),
  );

async function exported(browser: { cookie: string }, lang = 'de') {
  const { body } = await site.get(`/rights/export.json?lang=${lang}`, browser);
  return { body, document: exportDocument.parse(JSON.parse(body)) };
}
/** What is read on a page, without its marks. */
async function read(path: string, browser: { cookie: string }) {
  const { body } = await site.get(path, browser);
  const text = body
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(' ,', ',');
  return { body, text };
}
async function inEngagement(contactId: string) {
  const { pk } = keys.contact(contactId);
  return Array.fromAsync(queryPartition(site.db, 'engagement', pk, z.looseObject({ sk: z.string() })));
}
/** Every name and plain value in something, as it stands in JSON. */
function leaves(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [JSON.stringify(value)];
  return Object.entries(value).flatMap(([name, inner]) =>
    Array.isArray(value) ? leaves(inner) : [JSON.stringify(name), ...leaves(inner)],
  );
}
function without(item: object, internal: object): object {
  const ours = new Set(['pk', 'sk', 'dueShard', ...Object.keys(internal)]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => !ours.has(name)));
}

describe('the profile of interests', () => {
  test('G15 says what the score is, what it is made of and how it comes about, in the reader’s words', async () => {
    const { browser } = await lively();
    const { text } = await read('/interests?lang=de', browser);
    expect(text).toContain('Ihr Interesse an unseren Themen ist gering : 16,7 Punkte');
    expect(text).toContain('Nach Themen: Antriebe 25,2, Wartung und Service 10,6');
    expect(text).toContain('Unser Vertrieb meldet sich deshalb nicht.');
    expect(text).toMatch(/Webinar besucht \d+\. \w+ \d{4} 15 von 30 /);
    expect(text).toMatch(/Auf eine Mail nicht reagiert \d+\. \w+ \d{4} −9,3 von −10 /);
    expect(text).toMatch(/Messestand besucht bis \d+\. \w+ \d{4} 10,6 /);
    expect(text).toMatch(/Mail geöffnet \d+\. \w+ \d{4}\. Das war ein Programm\. zählt nicht /);
    expect(text).toContain('Nach 30 Tagen ist davon die Hälfte übrig');
    expect(text).toContain('Größe der Firma unbekannt');
    expect(text).toContain('Dazu wissen wir noch nichts.');
    const english = (await read('/interests?lang=en', browser)).text;
    expect(english).toMatch(/Attended a webinar \d+ \w+ \d{4} 15 of 30 /);
    expect(english).toContain('After 30 days half of them are left');
    expect(english).not.toMatch(/band \d|inside-sales|no-reaction/);
  });

  test('G15 names at most twelve parts and says how many more there are', async () => {
    const days = Array.from({ length: 20 }, (_, index) => event('form', ago(index + 1)));
    const { browser } = await person(PROFILED, ...days);
    const { text } = await read('/interests?lang=de', browser);
    expect(text.match(/Formular ausgefüllt/g)).toHaveLength(12);
    expect(text).toContain('Und 8 weitere.');
    expect((await exported(browser)).document.score).toMatchObject({ parts: { length: 20 } });
    expect((await site.get('/history', browser)).body).toContain('href="/interests?lang=de"');
    expect((await site.get('/interests')).status).toBe(401);
  });

  test('G15 it is switched off where its link leads; then there is none, neither shown nor kept', async () => {
    const { browser, contactId } = await lively();
    const before = await read('/interests?lang=de', browser);
    const link = /href="(\/preferences\/[^"]*)#use-profiling"/.exec(before.body)?.[1] ?? '';
    const choices = await site.get(link);
    expect(choices.body).toMatch(/id="use-profiling"[^>]*checked/);
    const shown = { page: choices.hidden('page'), 'was.uses': PROFILED, 'was.topics': 'drives' };
    await site.post(link, { ...shown, 'use.newsletter': 'on', 'use.tracking': 'on', 'topic.drives': 'on' });
    expect(await site.status(contactId, 'profiling')).toBe('withdrawn');
    const again = await site.logIn(contactId);
    const after = await read('/interests?lang=de', again);
    expect(after.text).toContain('Wir führen kein Interessenprofil über Sie.');
    expect(after.body).not.toContain('#use-profiling');
    expect((await exported(again)).document.score).toEqual({
      scored: false,
      inWords: 'Wir führen kein Interessenprofil über Sie.',
    });
    await recalculate(site.deps, contactId);
    expect((await inEngagement(contactId)).map(({ sk }) => sk)).not.toContain(keys.score(contactId).sk);
  });

  test('G15 who never agreed has none, and is told so calmly', async () => {
    const { browser } = await person(['newsletter'], event('download', ago(1)));
    const { text } = await read('/interests?lang=en', browser);
    expect(text).toContain('We keep no profile of your interests.');
    expect(text).not.toContain('20 points');
    const { document } = await exported(browser, 'en');
    expect(document.score).toEqual({ scored: false, inWords: 'We keep no profile of your interests.' });
    expect(document.events.map(({ type }) => type)).toEqual(['download']);
  });

  test('G15 what we think of the company and the role is said, and who grades it by which rules', async () => {
    const { browser, contactId } = await person(PROFILED, event('contact-request', ago(0)));
    const { account } = await saveAccount(site.deps, {
      controller: CONTROLLER,
      told: { name: 'Werft AG', employees: 4712, country: 'DE' },
      at: now(),
    });
    await write(site.db, {
      update: 'contacts',
      key: keys.contact(contactId),
      set: 'SET accountId = :account, assessed = :assessed',
      values: {
        ':account': account.id,
        ':assessed': { buyingRole: { value: 'gatekeeper', source: 'staff', at: now() } },
      },
    });
    const { text } = await read('/interests?lang=de', browser);
    expect(text).toContain('Größe der Firma 4.712 Beschäftigte 20');
    expect(text).toContain('Rolle im Einkauf stellt Kontakte her 3');
    expect(text).toMatch(/Wir kennen \d von \d Angaben dazu\./);
    const { document } = await exported(browser);
    expect(document.score).toMatchObject({
      scored: true,
      potentialParts: expect.arrayContaining([
        { criterion: 'companySize', name: 'Größe der Firma', known: true, value: '4712', points: 20 },
        { criterion: 'revenue', name: 'Umsatz der Firma', known: false },
      ]),
    });
  });
});

describe('the export', () => {
  test('D1 holds all that is stored of events, counted days and score but what is left out by name', async () => {
    const { browser, contactId } = await lively();
    const { body, document } = await exported(browser);
    const stored = await inEngagement(contactId);
    const of = (prefix: string) => stored.filter(({ sk }) => sk.startsWith(prefix));
    const day = { schema: true, contactId: true, expiresAt: true };
    const workedOutAnew = { ...INTERNAL_SCORE, at: true };
    const held = [
      ...of('EVT#').map((item) => without(item, INTERNAL.event)),
      ...of('DAY#').map((item) => without(item, day)),
      ...of(keys.score(contactId).sk).map((item) => without(item, workedOutAnew)),
    ];
    expect(held.length).toBe(stored.length);
    expect([of('EVT#').length, of('DAY#').length, document.eventDays.length]).toEqual([6, 1, 1]);
    for (const value of held.flatMap(leaves)) expect(body).toContain(value);
  });

  test('D1 G15 lists every event of the score with its rule, its points and how they fade; they add up', async () => {
    await saveSetting(
      site.db,
      'scoring',
      CONTROLLER,
      { ...scoring.parse({ id: CONTROLLER }) },
      { expected: (await scoringVersion()) ?? 0, actor: 'k.lund', at: now() },
    );
    const { browser } = await lively();
    const { document } = await exported(browser);
    const { score, events } = document;
    if (!score.scored) throw new Error('there is no score');
    const sum = score.parts.reduce((all, { left }) => all + Math.round(left * 100), 0);
    expect(sum / 100).toBe(score.total);
    expect(score.rules).toBe(await scoringVersion());
    expect(score.parts.map(({ rule }) => rule).toSorted(byText)).toEqual(
      ['download', 'fair-visit', 'job-page', 'no-reaction', 'webinar'].toSorted(byText),
    );
    expect(score.parts).toContainEqual({
      rule: 'webinar',
      name: 'Webinar besucht',
      day: ago(30).slice(0, 10),
      ...{ count: 1, pointsEach: 30, pointsADay: 30, given: 30, halfLifeDays: 30, left: 15 },
      topics: { drives: 15 },
    });
    expect(score.inWords).toMatchObject({
      interest: 'Ihr Interesse an unseren Themen ist gering',
      action: 'Unser Vertrieb meldet sich deshalb nicht.',
      how: expect.arrayContaining([expect.stringContaining('die Hälfte übrig')]),
    });
    const open = events.find(({ type }) => type === 'open');
    expect(open?.judged).toMatchObject({
      verdict: 'machine',
      reasons: expect.arrayContaining(['ses-says-bot']),
    });
    expect(open?.mail).toMatchObject({ sendId: 'scanned', mailing: 'autumn' });
    expect(document.retention.map(({ keep }) => keep).join()).toContain('13 Monate');
  });

  test('D2 points below zero are numbers in the table', async () => {
    const { browser } = await lively();
    const csv = (await site.get('/rights/export.csv', browser)).body;
    expect(csv).toMatch(/"score","parts\.\d\.given","-10"/);
    expect(csv).toContain('"events","1.asset","hannover"');
  });

  test('T15 neither page nor file logs anything of what it shows', async () => {
    const { browser, email } = await lively();
    const lines = captureLog();
    await read('/interests', browser);
    await exported(browser);
    const said = JSON.stringify(lines);
    for (const secret of [email, 'catalogue', '203.0.113', 'assent-session']) {
      expect(said).not.toContain(secret);
    }
  });
});

async function scoringVersion(): Promise<number | undefined> {
  return (await readSetting(site.db, 'scoring', CONTROLLER))?.version;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
