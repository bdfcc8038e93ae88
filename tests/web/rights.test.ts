import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { saveAccount } from '../../shared/contacts/save-account.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import { exportDocument } from '../../shared/export/export.ts';
import { answerRequest, openRequests, requestsOf } from '../../shared/preferences/person-request.ts';
import { liftRestriction } from '../../shared/preferences/restrict.ts';
import { choicesToken } from '../../shared/signup/links.ts';
import { wakeContacts } from '../../shared/retention/wake-contacts.ts';
import { DAY, MINUTE, now, toMs } from '../../shared/platform/clock.ts';
import { captureLog, resetClock } from '../support/system.ts';
import { openSite } from './open-site.ts';
import type { Shown, Site } from './open-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
beforeEach(() => site.advance(DAY));
afterAll(resetClock);

const CONTROLLER = 'nordlicht-gmbh';
let people = 0;
async function person() {
  const email = `rights-${(people += 1)}@example.com`;
  const { contactId, unsubscribe } = await site.subscribe(email, {
    topics: ['drives'],
    uses: ['newsletter', 'tracking'],
    firstName: `Anna-${people}x`,
  });
  return { email, contactId, unsubscribe, browser: await site.logIn(contactId) };
}
async function post(path: string, browser: { cookie: string }, fields: Record<string, string> = {}) {
  const page = (await site.get('/rights', browser)).hidden('page');
  return site.post(`${path}?lang=de`, { page, ...fields }, browser);
}

/** Where the button of an answer leads, and what it carries. */
function wayBack(answer: Shown): [action: string, token: string] {
  const action = /action="(\/preferences\/[^"]*\/undo[^"]*)"/.exec(answer.body)?.[1] ?? '';
  return [action, answer.hidden('undo.0')];
}

describe('taking data along', () => {
  test('D1 every value that is stored about a person stands in JSON and CSV', async () => {
    const { contactId, browser, email } = await person();
    const company = { name: 'Werft AG', employees: 4712, revenueMillions: 87.5, industry: 'Schiffbau' };
    const { account } = await saveAccount(site.deps, {
      controller: CONTROLLER,
      told: { ...company, country: 'DE', reference: true },
      at: now(),
    });
    const told = Object.fromEntries(
      ['lastName', 'company', 'jobTitle', 'department', 'phone', 'street', 'postcode', 'city'].map((name) => [
        name,
        { value: `value-of-${name}`, source: 'crm', at: now() },
      ]),
    );
    await write(site.db, {
      update: 'contacts',
      key: keys.contact(contactId),
      set:
        'SET #fields = :fields, externalIds = :ids, wish = :wish, skipped = :skipped, accountId = :account, ' +
        'assessed = :assessed, highAffinity = :high',
      names: { '#fields': 'fields' },
      values: {
        ':account': account.id,
        ':assessed': { buyingRole: { value: 'gatekeeper', source: 'staff', at: now() } },
        ':high': true,
        ':fields': told,
        ':ids': { 'the-crm': 'crm-id-4711' },
        ':wish': 'monthly',
        ':skipped': ['country'],
      },
    });
    await post('/rights/requests', browser, { kind: 'question', text: 'What about my question?' });
    site.advance(16 * MINUTE);
    await site.signUp(email, {
      form: 'open-house',
      uses: 'event-invitation',
      firstName: 'Berta',
      lastName: 'B',
      country: 'AT',
    });
    const fresh = await site.logIn(contactId);
    const json = await site.get('/rights/export.json', fresh);
    expect(json.status).toBe(200);
    expect(json.headers.get('content-disposition')).toMatch(
      /^attachment; filename="data-\d{4}-\d\d-\d\d\.json"$/,
    );
    const document = exportDocument.parse(JSON.parse(json.body));
    const csv = (await site.get('/rights/export.csv', fresh)).body;
    const values = [
      email,
      ...Object.values(told).map(({ value }) => value),
      'crm-id-4711',
      'monthly',
      'gatekeeper',
      ...Object.values(company).map(String),
      'What about my question?',
      'Berta',
      'Ja, ich möchte den Newsletter der Nordlicht',
      'Firefox, Windows',
      'double-opt-in',
    ];
    for (const value of values) {
      expect(json.body).toContain(value);
      expect(csv).toContain(value);
    }
    expect(document.acts[0]?.personal).toMatchObject({ address: email });
    expect(document.openSignups).toHaveLength(1);
  });

  test('T2 what would open or forge something stays here', async () => {
    const { contactId, browser } = await person();
    const { body } = await site.get('/rights/export.json', browser);
    const contact = await site.contact(contactId);
    expect(body).not.toContain(contact?.salt);
    expect(body).not.toContain('"sealed"');
    expect(exportDocument.parse(JSON.parse(body)).contact).not.toHaveProperty('addressKey');
  });

  test('D2 formulas are text in the table', async () => {
    const { contactId, browser } = await person();
    const nasty = ['=1+1', '+1', '-1', '@x', '\tx', '\0=1', '＝1', 'a"b'];
    for (const value of nasty) {
      await write(site.db, {
        update: 'contacts',
        key: keys.contact(contactId),
        set: 'SET #fields.city = :city',
        names: { '#fields': 'fields' },
        values: { ':city': { value, source: 'crm', at: now() } },
      });
      const csv = (await site.get('/rights/export.csv', browser)).body;
      const cell = /"fields\.city\.value","((?:[^"]|"")*)"/.exec(csv)?.[1];
      expect(cell).toBe(value === 'a"b' ? 'a""b' : `'${value}`);
    }
  });

  test('D7 asks for a log-in of the last 15 minutes, and for one at all', async () => {
    const { browser } = await person();
    expect((await site.get('/rights/export.json')).status).toBe(401);
    site.advance(14 * MINUTE);
    expect((await site.get('/rights', browser)).status).toBe(200);
    site.advance(2 * MINUTE);
    for (const path of ['/rights/export.json', '/rights/export.csv', '/rights/erase']) {
      expect((await site.get(path, browser)).status).toBe(403);
    }
  });
});

describe('being forgotten', () => {
  test('D4 is shown first and needs a second act; then nothing of it is left, and one may come back', async () => {
    const { contactId, browser, email } = await person();
    await post('/rights/requests', browser, { kind: 'question', text: 'my secret words' });
    const shown = await site.get('/rights/erase?lang=de', browser);
    expect(shown.body).toContain('Das löschen wir');
    expect(shown.body).toContain('Nur damit wir im Streit belegen können');
    expect(shown.body).toContain('wie Sie reagiert und was Sie sonst bei uns getan haben');
    expect(shown.body).toContain('Ihr Interessenprofil');
    expect(shown.body).toContain('nach 35 Tagen');
    const unsure = await post('/rights/erase', browser);
    expect(unsure.status).toBe(422);
    expect(unsure.body).toMatch(/id="sure"[^>]*aria-invalid="true"/);
    expect(await site.contact(contactId)).toBeDefined();
    const erased = await post('/rights/erase', browser, { sure: 'on' });
    expect(erased.heading).toBe('Ihre Daten sind gelöscht');
    expect(erased.body).toContain(`r•••${people}@example.com`);
    expect(erased.body).toContain('Nur damit keine alte Liste Sie wieder aufnimmt');
    expect(erased.headers.getSetCookie().join()).toContain('assent-session=;');
    expect(await site.contact(contactId)).toBeUndefined();
    const stored = (await site.stored()).join('\n');
    for (const trace of [email, 'my secret words', `Anna-${people}x`]) expect(stored).not.toContain(trace);
    expect((await site.get('/profile', browser)).status).toBe(401);
    expect(
      (await site.post('/rights/erase', { page: shown.hidden('page'), sure: 'on' }, browser)).status,
    ).toBe(401);
    expect((await site.entries(contactId)).at(-1)).toMatchObject({
      type: 'erased',
      route: 'log-in',
      actor: { kind: 'person' },
    });
    site.advance(DAY);
    const again = await site.subscribe(email);
    expect(again.contactId).not.toBe(contactId);
    expect(await site.status(again.contactId)).toBe('granted');
  });

  test('D4 pressed in two tabs at once it happens once, and the other is told calmly', async () => {
    const { browser, contactId } = await person();
    const page = (await site.get('/rights/erase', browser)).hidden('page');
    const tabs = await Promise.all(
      [0, 1].map(() => site.post('/rights/erase?lang=de', { page, sure: 'on' }, browser)),
    );
    for (const { status } of tabs) expect([200, 401]).toContain(status);
    expect((await site.entries(contactId)).filter(({ type }) => type === 'erased')).toHaveLength(1);
  });
});

describe('objection and restriction', () => {
  test('D6 one button objects to everything', async () => {
    const { browser, contactId } = await person();
    const objected = await post('/rights/object', browser);
    expect(objected.heading).toBe('Erledigt');
    expect(objected.body).toContain(`r•••${people}@example.com erhält ab sofort keinerlei Werbung`);
    expect(objected.body).toMatch(/href="\/preferences\/k1[^"]*"[^>]*>Zu Ihren Einstellungen/);
    expect(await site.status(contactId)).toBe('withdrawn');
    expect(await site.status(contactId, 'tracking')).toBe('withdrawn');
    expect((await site.entries(contactId)).at(-1)).toMatchObject({ noAdvertising: true, route: 'log-in' });
    expect((await post('/rights/object', browser)).heading).toBe('Erledigt');
    expect(await site.entries(contactId)).toHaveLength(2);
    expect((await site.get('/rights', browser)).body).toContain('jeder Werbung widersprochen');
  });

  test('D6 an objection is taken back for ten minutes on its page, with the wordings agreed to anew', async () => {
    const { browser, contactId } = await person();
    const objected = await post('/rights/object', browser);
    expect(objected.body).toContain('Mit dem Klick stimmen Sie erneut zu:');
    expect(objected.body).toContain('Ja, ich möchte den Newsletter');
    const [action, token] = wayBack(objected);
    const undone = await site.post(action, { 'undo.0': token });
    expect(undone.heading).toBe('Zurückgenommen');
    expect(await site.status(contactId)).toBe('granted');
    expect(await site.status(contactId, 'tracking')).toBe('granted');
    expect(await site.contact(contactId)).not.toHaveProperty('noAdvertising');
    const entries = await site.entries(contactId);
    expect(entries.map(({ type, route }) => [type, route]).slice(1)).toEqual([
      ['withdrawn', 'log-in'],
      ['granted', 'undo'],
    ]);
    expect((await site.post(action, { 'undo.0': token })).heading).toBe('Es hat sich nichts geändert');
  });

  test('D6 the way back ends after ten minutes, and a repeated objection has none', async () => {
    const { browser, contactId } = await person();
    const [action, token] = wayBack(await post('/rights/object', browser));
    const again = await post('/rights/object', browser);
    expect([again.heading, again.hidden('undo.0')]).toEqual(['Erledigt', '']);
    expect(again.body).toContain('War das ein Versehen? Dann wählen Sie neu:');
    site.advance(10 * MINUTE + 1);
    await site.post(action, { 'undo.0': token });
    expect(await site.status(contactId)).toBe('withdrawn');
    expect((await site.contact(contactId))?.noAdvertising).toBeDefined();
  });

  test('D6 the owner of the mailbox is told of an objection, with a way back for seven days', async () => {
    const { browser, contactId, email } = await person();
    await post('/rights/object', browser);
    await site.settle();
    const receipt = site.sent.findLast(({ to }) => to === email);
    expect(receipt?.text).toContain('Keinerlei Werbung mehr');
    site.advance(6 * DAY);
    const link = /\/undo\/[\w.-]+/.exec(receipt?.text ?? '')?.[0] ?? '';
    const shown = await site.get(link);
    expect(shown.body).toContain('Ja, ich möchte den Newsletter');
    await site.post(link, { page: shown.hidden('page') });
    expect(await site.status(contactId)).toBe('granted');
  });

  test('a restriction stops everything at once, and its end gives back what was before', async () => {
    const { browser, contactId } = await person();
    const restricted = await post('/rights/restrict', browser, { text: 'My address is wrong.' });
    expect(restricted.heading).toBe('Ab sofort eingeschränkt');
    expect((await site.entries(contactId)).at(-1)).toMatchObject({
      type: 'restricted',
      route: 'log-in',
      actor: { kind: 'person' },
    });
    expect((await site.get('/rights', browser)).body).toContain('heben wir Ihre Daten nur noch auf');
    expect((await site.get('/history', browser)).body).toContain(
      'Sie haben die Nutzung Ihrer Daten eingeschränkt',
    );
    const token = choicesToken(await site.secrets.linkKeys(), { contactId, brand: 'nordlicht' });
    const choices = await site.get(`/preferences/${token}?lang=de`);
    expect(choices.body).toContain('Bis das geklärt ist, gilt hier nur');
    expect((await site.contact(contactId))?.restricted).toMatchObject({ seq: 2 });
    const [asked] = await requestsOf(site.db, CONTROLLER, contactId);
    const answered = { at: now(), by: 'k.lund', text: 'We have corrected it.' };
    await answerRequest(site.db, CONTROLLER, asked?.id ?? '', answered);
    const lifted = { controller: CONTROLLER, contactId, reason: 'settled', actor: 'k.lund', at: now() };
    await liftRestriction(site.deps, lifted);
    expect(await site.status(contactId)).toBe('granted');
    expect((await site.get('/rights', browser)).body).not.toContain('heben wir Ihre Daten nur noch auf');
    expect((await site.get('/history', browser)).body).toContain('Die Einschränkung Ihrer Daten ist beendet');
  });

  test('a restriction needs no words, and five open matters do not stand in its way', async () => {
    const { browser, contactId } = await person();
    for (let times = 0; times < 5; times += 1) {
      await post('/rights/requests', browser, { kind: 'question', text: `Matter ${times}` });
    }
    const restricted = await post('/rights/restrict', browser);
    expect(restricted.heading).toBe('Ab sofort eingeschränkt');
    expect(restricted.body).toContain('die Nr. 6');
    expect((await site.contact(contactId))?.restricted).toBeDefined();
    expect((await post('/rights/restrict', browser)).body).toContain('die Nr. 6');
    expect((await post('/rights/restrict', browser, { text: 'More words' })).status).toBe(422);
    expect(await site.entries(contactId)).toHaveLength(2);
  });
});

describe('what one of us must answer', () => {
  test('D1 is listed with its day, at most five at a time, and its answer', async () => {
    const { browser, contactId } = await person();
    for (const text of ['  ', 'x'.repeat(2_001)]) {
      const refused = await post('/rights/requests', browser, { kind: 'objection', text });
      expect(refused.status).toBe(422);
      expect(refused.body).toMatch(/value="objection" checked/);
    }
    for (let times = 0; times < 5; times += 1) {
      const received = await post('/rights/requests', browser, {
        kind: 'correction',
        text: `Matter ${times}`,
      });
      expect(received.heading).toBe('Ihr Anliegen ist da');
      expect(received.body).toContain(`die Nr. ${times + 1}`);
    }
    const again = await post('/rights/requests', browser, { kind: 'correction', text: 'Matter\r\n0 ' });
    expect(again.status).toBe(422);
    const same = await post('/rights/requests', browser, { kind: 'correction', text: ' Matter 4' });
    expect(same.body).toContain('die Nr. 5');
    const sixth = await post('/rights/requests', browser, { kind: 'question', text: 'One more' });
    expect(sixth.status).toBe(422);
    expect(sixth.body).toContain('One more');
    const mine = (await openRequests(site.db, CONTROLLER)).filter((each) => each.contactId === contactId);
    expect(mine).toHaveLength(5);
    const answer = { at: now(), by: 'k.lund', text: 'Done, thank you.' };
    await answerRequest(site.db, CONTROLLER, mine[0]?.id ?? '', answer);
    await expect(answerRequest(site.db, CONTROLLER, mine[0]?.id ?? '', answer)).rejects.toThrow(
      'answered already',
    );
    expect((await site.get('/rights', browser)).body).toContain('Done, thank you.');
    expect((await post('/rights/requests', browser, { kind: 'question', text: 'One more' })).status).toBe(
      200,
    );
  });

  test('D1 the clock reminds on day 21 and when it is late, and never tells what was written', async () => {
    const { browser, contactId } = await person();
    await post('/rights/requests', browser, { kind: 'question', text: 'my secret words' });
    const asked = (await openRequests(site.db, CONTROLLER)).find((each) => each.contactId === contactId);
    const reminders = async () => {
      const log = captureLog();
      await wakeContacts(site.deps);
      return log.filter(({ event, id }) => event === 'request-due' && id === asked?.id);
    };
    const until = (days: number) => site.advance(toMs(asked?.askedAt ?? '') + days * DAY - toMs(now()));
    const second = 1 / 86_400;
    until(21 - second);
    expect(await reminders()).toEqual([]);
    until(21 + second);
    const [reminder] = await reminders();
    expect(reminder).toMatchObject({ level: 'warn', kind: 'question' });
    expect(JSON.stringify(reminder)).not.toContain('secret');
    expect(await reminders()).toEqual([]);
    until(30 + second);
    expect(await reminders()).toMatchObject([{ level: 'error' }]);
    await answerRequest(site.db, CONTROLLER, asked?.id ?? '', { at: now(), by: 'k.lund', text: 'Yes.' });
    until(40);
    expect(await reminders()).toEqual([]);
  });

  test('T9 none of it from another site or without the page', async () => {
    const { browser, contactId } = await person();
    const page = (await site.get('/rights', browser)).hidden('page');
    const before = await site.contact(contactId);
    for (const path of ['/rights/object', '/rights/restrict', '/rights/requests', '/rights/erase']) {
      const fields = { text: 'x', sure: 'on' };
      expect((await site.post(path, fields, browser)).status).toBe(403);
      const foreign = { ...browser, 'sec-fetch-site': 'cross-site' };
      expect((await site.post(path, { ...fields, page }, foreign)).status).toBe(403);
    }
    expect(await site.contact(contactId)).toEqual(before);
  });
});
