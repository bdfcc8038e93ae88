import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { write } from '../../shared/platform/table.ts';
import { keys } from '../../shared/platform/keys.ts';
import { resetClock } from '../support/system.ts';
import { openSite } from './open-site.ts';
import type { Site } from './open-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(resetClock);

let people = 0;
const person = async (topics: string[] = ['drives']) => {
  const { contactId } = await site.subscribe(`person-${(people += 1)}@example.com`, {
    topics,
    firstName: 'Anna',
  });
  return { contactId, browser: await site.logIn(contactId) };
};
const shownIn = (body: string, field: string) =>
  new RegExp(`name="shown.${field}" value="([^"]*)"`).exec(body)?.[1];
/** Posts the page as a browser would, with these fields changed. */
async function save(browser: { cookie: string }, changed: Record<string, string>) {
  const page = await site.get('/profile', browser);
  return saveShown(page, browser, changed);
}
function saveShown(
  page: Awaited<ReturnType<Site['get']>>,
  browser: { cookie: string },
  changed: Record<string, string>,
) {
  const names = [...page.body.matchAll(/name="shown\.(\w+)"/g)].map(([, name = '']) => name);
  const as = (prefix: string) => names.map((name) => [`${prefix}${name}`, shownIn(page.body, name) ?? '']);
  const fields = Object.fromEntries([...as('shown.'), ...as('')]) as Record<string, string>;
  return site.post('/profile', { ...fields, ...changed, page: page.hidden('page') }, browser);
}

describe('the profile', () => {
  test('D1 shows every field with where it came from, and the address unmasked to its owner', async () => {
    const { browser } = await person();
    const page = await site.get('/profile', browser);
    expect(page.status).toBe(200);
    expect(page.heading).toBe('Ihre Daten');
    expect(page.body).toContain('person-1@example.com');
    expect(shownIn(page.body, 'firstName')).toBe('Anna');
    expect(page.body).toMatch(/Von Ihnen, am \d+\. /);
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('D1 shows how we see the person, who said so and when, and where to say that it is wrong', async () => {
    const { contactId, browser } = await person();
    expect((await site.get('/profile', browser)).body).not.toContain('Unsere Einschätzung');
    const at = '2026-11-12T08:00:00.000Z';
    const assessed = {
      position: { value: 'head', source: 'enrichment', at },
      decisionAuthority: { value: 'shared', source: 'crm', at },
      buyingRole: { value: 'decider', source: 'staff', at },
    };
    await write(site.db, {
      update: 'contacts',
      key: keys.contact(contactId),
      set: 'SET assessed = :assessed',
      values: { ':assessed': assessed },
    });
    const { body } = await site.get('/profile', browser);
    for (const line of [
      'Stellung in der Firma: <strong>Leitung eines Bereichs</strong>. Aus öffentlichen Quellen ergänzt am 12. November 2026',
      'Entscheidung über Ausgaben: <strong>mit anderen</strong>. Aus unserer Kundenverwaltung, am 12. November 2026',
      'Rolle im Einkauf: <strong>entscheidet</strong>. Von unserem Team eingetragen am 12. November 2026',
      '<a href="/rights/requests?lang=de">Stimmt das nicht? Schreiben Sie uns</a>',
    ])
      expect(body).toContain(line);
    const english = (await site.get('/profile?lang=en', browser)).body;
    expect(english).toContain(
      'Role in buying: <strong>decides</strong>. Entered by our team on 12 November 2026',
    );
    await save(browser, { city: 'Kiel' });
    expect((await site.contact(contactId))?.assessed).toEqual(assessed);
  });

  test('D3 what the person says outranks the CRM, and an empty field is deleted', async () => {
    const { contactId, browser } = await person();
    const at = '2026-01-01T00:00:00.000Z';
    await write(site.db, {
      update: 'contacts',
      key: keys.contact(contactId),
      set: 'SET #fields.company = :company',
      names: { '#fields': 'fields' },
      values: { ':company': { value: 'Alt AG', source: 'crm', at } },
    });
    const saved = await save(browser, { company: ' Neu   GmbH ', firstName: '' });
    expect(saved.status).toBe(200);
    expect(saved.body).toContain('Geändert: Vorname und Firma');
    const contact = await site.contact(contactId);
    expect(contact?.fields.company).toMatchObject({ value: 'Neu GmbH', source: 'person' });
    expect(contact?.fields.firstName).toBeUndefined();
  });

  test('faults are told at the field, nothing is saved and nothing typed is lost', async () => {
    const { contactId, browser } = await person();
    const before = await site.contact(contactId);
    const refused = await save(browser, {
      firstName: 'www.evil.example',
      phone: '0431 1234',
      country: 'XX',
      city: 'Kiel',
    });
    expect(refused.status).toBe(422);
    expect(refused.body).toContain('href="#phone"');
    for (const id of ['firstName', 'phone', 'country'])
      expect(refused.body).toMatch(new RegExp(`id="${id}"[^>]*aria-invalid="true"`));
    expect(refused.body).toContain('value="Kiel"');
    expect(await site.contact(contactId)).toEqual(before);
  });

  test('two tabs that change different fields both count; the same field is shown again', async () => {
    const { contactId, browser } = await person();
    const tabs = [await site.get('/profile', browser), await site.get('/profile', browser)] as const;
    expect((await saveShown(tabs[0], browser, { city: 'Kiel', department: 'Einkauf' })).status).toBe(200);
    const second = await saveShown(tabs[1], browser, { street: 'Werftstraße 1' });
    expect(second.status).toBe(200);
    const stale = await saveShown(tabs[1], browser, { city: 'Hamburg' });
    expect(stale.status).toBe(422);
    expect(stale.body).toContain('wurde inzwischen geändert');
    expect(stale.body).toMatch(/id="city"[^>]*value="Hamburg"/);
    const { fields } = (await site.contact(contactId)) ?? {};
    expect([fields?.city?.value, fields?.department?.value, fields?.street?.value]).toEqual([
      'Kiel',
      'Einkauf',
      'Werftstraße 1',
    ]);
    expect((await saveShown(stale, browser, { city: 'Hamburg' })).status).toBe(200);
    expect((await site.contact(contactId))?.fields.city?.value).toBe('Hamburg');
  });

  test('asks at most two things, why, and never again once skipped', async () => {
    const { contactId, browser } = await person();
    const asked = (body: string) => [...body.matchAll(/name="skip\.(\w+)"/g)].map(([, name]) => name);
    expect(asked((await site.get('/profile', browser)).body)).toEqual(['company', 'jobTitle']);
    const after = await save(browser, { 'skip.company': 'on' });
    expect(after.body).toContain('Das fragen wir nicht mehr');
    expect(asked(after.body)).toEqual(['jobTitle', 'postcode']);
    expect((await site.contact(contactId))?.skipped).toEqual(['company']);
    const other = await person(['service']);
    expect(asked((await site.get('/profile', other.browser)).body)).toEqual(['company', 'postcode']);
  });

  test('T9 a post without the page, of another session or of another site changes nothing', async () => {
    const { contactId, browser } = await person();
    const other = await person();
    const page = (await site.get('/profile', browser)).hidden('page');
    const theirs = (await site.get('/profile', other.browser)).hidden('page');
    const before = await site.contact(contactId);
    const fields = { firstName: 'Mallory', 'shown.firstName': 'Anna' };
    const answers = [
      await site.post('/profile', fields, browser),
      await site.post('/profile', { ...fields, page: theirs }, browser),
      await site.post('/profile', { ...fields, page }, { ...browser, 'sec-fetch-site': 'cross-site' }),
      await site.post('/profile', { ...fields, page }, { ...browser, origin: 'https://evil.example' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(await site.contact(contactId)).toEqual(before);
  });

  test('T5 nobody sees it without a session', async () => {
    const { browser } = await person();
    for (const cookie of ['', 'assent-session=', `${browser.cookie}x`, 'assent-session=con_0.x']) {
      expect((await site.get('/profile', { cookie })).status).toBe(401);
    }
  });
});
