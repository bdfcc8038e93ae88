import { renderToString } from 'hono/jsx/dom/server';
import { describe, expect, test } from 'vitest';

import { demoEventForm, demoNewsletterForm } from '../../../shared/settings/demo-forms.ts';
import { EMPTY, signupPage } from '../../support/page-gallery.tsx';

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
const ESCAPED = '&quot;&gt;&lt;script&gt;';

const render = (...props: Parameters<typeof signupPage>) => renderToString(signupPage(...props));
const inputs = (html: string, name: string) =>
  html.match(new RegExp(`<input[^>]* name="${name}"[^>]*>`, 'g')) ?? [];

describe('the empty form', () => {
  const html = render('de');

  test('G9 has one unticked box per consent, with its wording as the label', () => {
    expect(inputs(html, 'uses')).toHaveLength(3);
    expect(html).not.toContain('checked');
    for (const { wording } of demoNewsletterForm.uses) expect(html).toContain(wording.de);
  });

  test('G9 links to the privacy notice and never asks to tick it', () => {
    expect(html.match(/type="checkbox"/g)).toHaveLength(6);
    expect(html).toContain('Hinweisen zum Datenschutz</a>');
  });

  test('G9 needs the address and what the form calls required, nothing else', () => {
    const required = html.match(/<(input|select)[^>]* required[^>]*>/g) ?? [];
    expect(required.map((tag) => / id="([^"]+)"/.exec(tag)?.[1])).toEqual(['email', 'use-newsletter']);
  });

  test('A1 tells the browser what belongs into each field', () => {
    const event = render('en', { form: { ...demoEventForm, version: 1 } });
    for (const purpose of ['email', 'given-name', 'family-name', 'organization', 'country'])
      expect(event).toContain(`autocomplete="${purpose}"`);
  });

  test('carries timestamp, language and an empty, labelled trap', () => {
    expect(inputs(html, 'ts')[0]).toContain('value="k1.newsletter.abc.def"');
    expect(inputs(html, 'lang')[0]).toContain('value="de"');
    expect(inputs(html, 'website')[0]).toMatch(/value="" autocomplete="off" tabindex="-1"/);
    expect(html).toContain('<label for="website">Bitte leer lassen</label>');
    expect(inputs(html, 'thankYou')).toEqual([]);
  });

  test('offers the same form in the other language', () => {
    expect(html).toContain('<a href="/forms/newsletter?lang=en" lang="en" hreflang="en">English</a>');
    expect(html).not.toContain('hreflang="de"');
  });

  test('lists the neighbours first and all countries by name', () => {
    const event = render('de', { form: { ...demoEventForm, version: 1 } });
    const names = [...event.matchAll(/<option value="[A-Z]{2}">([^<]+)</g)].map(([, name]) => name ?? '');
    expect(names.slice(0, 4)).toEqual(['Deutschland', 'Österreich', 'Schweiz', 'Afghanistan']);
    expect(names.length).toBe(249);
    expect(names.slice(3)).toEqual(names.slice(3).toSorted(new Intl.Collator('de').compare));
  });
});

describe('a form that came back', () => {
  test('keeps what was typed, ticked and chosen', () => {
    const html = render('de', {
      form: { ...demoEventForm, topics: ['drives'], version: 1 },
      values: {
        email: 'anna@example.com',
        fields: { firstName: 'Anna', country: 'CH' },
        uses: ['event-invitation'],
        topics: ['drives'],
        thankYou: 'https://www.nordlicht.example/danke',
      },
    });
    expect(inputs(html, 'email')[0]).toContain('value="anna@example.com"');
    expect(inputs(html, 'firstName')[0]).toContain('value="Anna"');
    expect(html).toContain('<option value="CH" selected="">');
    expect(html.match(/<input[^>]* checked[^>]*>/g)?.map((tag) => / value="([^"]+)"/.exec(tag)?.[1])).toEqual(
      ['drives', 'event-invitation'],
    );
    expect(inputs(html, 'thankYou')[0]).toContain('value="https://www.nordlicht.example/danke"');
  });

  test('A1 says at the field and on top what to do', () => {
    const html = render('de', { errors: [{ field: 'use-newsletter', code: 'use-missing' }] });
    expect(html).toMatch(
      /id="use-newsletter"[^>]*aria-describedby="use-newsletter-hint use-newsletter-error"/,
    );
    expect(html).toMatch(/id="use-newsletter"[^>]*aria-invalid="true"/);
    expect(html).toContain('<a href="#use-newsletter">Bitte setzen Sie den Haken bei „Newsletter“');
    expect(html).toMatch(/role="alert" tabindex="-1" autofocus=""/);
  });

  test('names a field that does not exist without a link to nowhere', () => {
    const html = render('en', { errors: [{ field: 'nickname', code: 'unknown-field' }] });
    expect(html).toContain('<li>The field “nickname” is not part of this form.</li>');
  });

  test('repeats an address that looks like a slip beside the likely one', () => {
    const html = render('en', { values: { ...EMPTY, email: 'a@gmial.com' }, suggestion: 'a@gmail.com' });
    expect(html).toContain('name="useSuggestion" value="a@gmail.com"');
    expect(inputs(html, 'keepEmail')[0]).toContain('value="a@gmial.com"');
  });

  test('T13 shows hostile input as text, wherever it stands', () => {
    const html = render('en', {
      form: { ...demoEventForm, version: 1 },
      values: {
        email: HOSTILE,
        fields: { firstName: HOSTILE },
        uses: [HOSTILE],
        topics: [HOSTILE],
        thankYou: HOSTILE,
      },
      errors: [{ field: HOSTILE, code: 'unknown-field' }],
      suggestion: HOSTILE,
    });
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img src=x');
    expect(html.split(ESCAPED).length - 1).toBeGreaterThanOrEqual(7);
  });
});
