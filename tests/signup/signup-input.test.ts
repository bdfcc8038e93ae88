import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { demoUses } from '../../shared/settings/demo.ts';
import { demoEventForm, demoNewsletterForm } from '../../shared/settings/demo-forms.ts';
import { readControls } from '../../shared/signup/signup-controls.ts';
import { parseSignup } from '../../shared/signup/signup-input.ts';

const countries = new Set(['DE', 'AT', 'GB']);
const thankYou = 'https://www.nordlicht.example/danke';
const newsletter = { form: { ...demoNewsletterForm, thankYouUrls: [thankYou] }, uses: demoUses, countries };
const event = { form: demoEventForm, uses: demoUses, countries };

const good = { email: 'anna@example.com', uses: 'newsletter' };
const guest = {
  email: 'anna@example.com',
  firstName: 'Anna',
  lastName: 'Schmidt',
  country: 'DE',
  uses: ['event-invitation'],
};

/** The errors of a post as `field: code`. */
function errorsOf(offer: typeof event, raw: Record<string, unknown>): string[] {
  const parsed = parseSignup(offer, raw);
  return parsed.ok ? [] : parsed.errors.map(({ field, code }) => `${field}: ${code}`);
}

describe('what is taken', () => {
  test('one box or several, as forms and as JSON post them', () => {
    expect(parseSignup(newsletter, { ...good, topics: ['drives', 'service', 'drives'] })).toMatchObject({
      ok: true,
      values: { email: 'anna@example.com', uses: ['newsletter'], topics: ['drives', 'service'], fields: {} },
      address: { match: 'anna@example.com' },
    });
    expect(parseSignup(newsletter, { ...good, uses: ['newsletter', 'tracking'], topics: [] })).toMatchObject({
      values: { uses: ['newsletter', 'tracking'] },
    });
  });

  test('a box that is not ticked is simply absent', () => {
    const parsed = parseSignup(newsletter, good);
    expect(parsed.values.uses).toEqual(['newsletter']);
  });

  test('a topic counts only with the use it belongs to', () => {
    const uses = { ...demoUses, topics: demoUses.topics.map((topic) => ({ ...topic, use: 'tracking' })) };
    expect(parseSignup({ ...newsletter, uses }, { ...good, topics: 'drives' }).values.topics).toEqual([]);
  });

  test('fields are trimmed, spaces inside are single, empty ones are absent', () => {
    const parsed = parseSignup(newsletter, { ...good, firstName: '  Anna   Lena ', lastName: '  ' });
    expect(parsed).toMatchObject({ ok: true, values: { fields: { firstName: 'Anna Lena' } } });
    expect(parsed.values.fields).not.toHaveProperty('lastName');
  });

  test('a registered thank-you page is kept', () => {
    expect(parseSignup(newsletter, { ...good, thankYou }).values.thankYou).toBe(thankYou);
  });

  test.each([
    'J.R. Tolkien',
    'Dr.Müller',
    'Prof.dr. Weiß',
    'Dipl.ing. Groß',
    "O'Neill",
    'Anna-Lena',
    'María José',
  ])('T14 the name %s is a name', (firstName) => {
    expect(errorsOf(newsletter, { ...good, firstName })).toEqual([]);
  });

  test.each(['Booking.com B.V.', 'A.T. Kearney', 'Müller & Söhne GmbH', '3M'])(
    'the company %s is one',
    (company) => {
      expect(errorsOf(event, { ...guest, company })).toEqual([]);
    },
  );

  test.each(['San Juan', 'St. Gallen'])('T14 the last name %s is a name', (lastName) => {
    expect(errorsOf(newsletter, { ...good, lastName })).toEqual([]);
  });
});

describe('what is refused, by name', () => {
  const long = 'x'.repeat(10_000);
  const cases: [string, typeof event, Record<string, unknown>, string[]][] = [
    ['nothing at all', newsletter, {}, ['email: email-missing', 'use-newsletter: use-missing']],
    ['no address', newsletter, { uses: 'newsletter' }, ['email: email-missing']],
    [
      'a list of addresses',
      newsletter,
      { ...good, email: ['a@example.com', 'b@example.com'] },
      ['email: email-invalid'],
    ],
    ['an object as address', newsletter, { ...good, email: { $gt: '' } }, ['email: email-invalid']],
    ['a quoted address', newsletter, { ...good, email: '"anna"@example.com' }, ['email: email-invalid']],
    [
      'CR/LF in the address',
      newsletter,
      { ...good, email: 'a@example.com\r\nBcc: b@c.de' },
      ['email: email-invalid'],
    ],
    ['an endless address', newsletter, { ...good, email: `${long}@example.com` }, ['email: email-invalid']],
    [
      'missing fields',
      event,
      { email: 'a@example.com' },
      [
        'firstName: field-missing',
        'lastName: field-missing',
        'country: field-missing',
        'use-event-invitation: use-missing',
      ],
    ],
    [
      'a name of 81 letters',
      newsletter,
      { ...good, firstName: 'x'.repeat(81) },
      ['firstName: field-too-long'],
    ],
    ['an endless name', newsletter, { ...good, firstName: long }, ['firstName: field-too-long']],
    [
      'CR/LF in a name',
      newsletter,
      { ...good, firstName: 'Anna\r\nBcc: b@c.de' },
      ['firstName: field-invalid'],
    ],
    ['NUL in a name', newsletter, { ...good, lastName: 'a\u0000b' }, ['lastName: field-invalid']],
    ['text that turns around', newsletter, { ...good, lastName: 'a\u202Eb' }, ['lastName: field-invalid']],
    ['half a character', newsletter, { ...good, lastName: 'a\uD800b' }, ['lastName: field-invalid']],
    ['a list as name', newsletter, { ...good, firstName: ['Anna'] }, ['firstName: field-invalid']],
    ['a number as name', newsletter, { ...good, firstName: 7 }, ['firstName: field-invalid']],
    ['an unknown country', event, { ...guest, country: 'XX' }, ['country: country-unknown']],
    ['a country in words', event, { ...guest, country: 'Deutschland' }, ['country: country-unknown']],
    ['an unknown use', newsletter, { ...good, uses: ['newsletter', 'everything'] }, ['uses: use-unknown']],
    [
      'uses that are no texts',
      newsletter,
      { ...good, uses: [1] },
      ['use-newsletter: use-missing', 'uses: use-unknown'],
    ],
    ['an unknown topic', newsletter, { ...good, topics: 'gossip' }, ['topics: topic-unknown']],
    ['an unknown field', newsletter, { ...good, role: 'admin' }, ['role: unknown-field']],
    ['a field of another form', newsletter, { ...good, company: 'Nordlicht' }, ['company: unknown-field']],
    [
      'a polluted prototype',
      newsletter,
      JSON.parse('{"__proto__":{"ok":true},"constructor":1}'),
      [
        '__proto__: unknown-field',
        'constructor: unknown-field',
        'email: email-missing',
        'use-newsletter: use-missing',
      ],
    ],
  ];
  test.each(cases)('%s', (_, offer, raw, errors) => {
    expect(errorsOf(offer, raw).sort()).toEqual([...errors].sort());
  });

  test.each([
    'www.evil.tld',
    'evil.tld',
    'WIN at EVIL.COM',
    'https://evil.example',
    'bit.ly/x',
    't.me/x',
    'Anna evil.de',
    'x.de',
    'ｅｖｉｌ．ｃｏｍ',
    'anna@evil.example',
  ])('T14 %s is no name', (firstName) => {
    expect(errorsOf(newsletter, { ...good, firstName })).toEqual(['firstName: field-has-link']);
  });

  test.each(['https://evil.example', 'www.evil.tld', 'evil.tld/win'])('T14 %s is no company', (company) => {
    expect(errorsOf(event, { ...guest, company })).toEqual(['company: field-has-link']);
  });

  test.each([
    '//evil.example',
    'https:evil.example',
    '\\\\evil.example',
    'https://www.nordlicht.example@evil.example/danke',
    `${thankYou}/`,
    `${thankYou}?next=https://evil.example`,
    'javascript:alert(1)',
    'HTTPS://www.nordlicht.example/danke',
  ])('T12 %s is no thank-you page, and is not shown again', (wish) => {
    expect(errorsOf(newsletter, { ...good, thankYou: wish })).toEqual(['thankYou: thank-you-unknown']);
    expect(parseSignup(newsletter, { ...good, thankYou: wish }).values).not.toHaveProperty('thankYou');
  });

  test('consent to measuring alone signs up for nothing', () => {
    const form = {
      ...demoNewsletterForm,
      uses: demoNewsletterForm.uses.map((use) => ({ ...use, required: false })),
    };
    const offer = { ...newsletter, form };
    expect(errorsOf(offer, { ...good, uses: 'tracking' })).toEqual(['use-newsletter: use-missing']);
    expect(errorsOf(offer, { email: 'anna@example.com' })).toEqual(['use-newsletter: use-missing']);
  });

  test('every input leads to an answer, and what was typed is kept', () => {
    const known = fc.constantFrom(
      'email',
      'firstName',
      'uses',
      'topics',
      'thankYou',
      'ts',
      'website',
      'lang',
    );
    const anything = fc.dictionary(fc.oneof(known, fc.string()), fc.anything());
    fc.assert(
      fc.property(anything, (raw) => {
        const parsed = parseSignup(newsletter, raw);
        expect(parsed.ok || parsed.errors.length > 0).toBe(true);
        expect(parsed.values.email).toBe(typeof raw['email'] === 'string' ? raw['email'].trim() : '');
        readControls(raw);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the hint about a likely typo', () => {
  const typed = { ...good, email: 'anna@gmial.com', keepEmail: 'anna@gmial.com' };

  test('its button takes the other address', () => {
    const raw = { ...typed, useSuggestion: 'anna@gmail.com' };
    expect(parseSignup(newsletter, raw)).toMatchObject({ ok: true, address: { match: 'anna@gmail.com' } });
  });

  test('sending again keeps what was typed', () => {
    expect(parseSignup(newsletter, typed).values.email).toBe('anna@gmial.com');
    expect(readControls(typed).acceptAddress).toBe(true);
    expect(readControls({ ...good, acceptAddress: true }).acceptAddress).toBe(true);
  });

  test('it belongs to the address it was given for', () => {
    const raw = { ...typed, email: 'bert@gmial.com', useSuggestion: 'anna@gmail.com' };
    expect(parseSignup(newsletter, raw).values.email).toBe('bert@gmial.com');
    expect(readControls(raw).acceptAddress).toBe(false);
  });
});

describe('readControls', () => {
  test('a honeypot with anything in it is a trap, an empty one is not', () => {
    expect(readControls({ website: 'x' }).trapped).toBe(true);
    expect(readControls({ website: ['', ''] }).trapped).toBe(true);
    expect(readControls({ website: '' }).trapped).toBe(false);
    expect(readControls({}).trapped).toBe(false);
  });

  test('wrong shapes count as absent', () => {
    expect(readControls({ ts: ['a'], lang: 7, keepEmail: {}, challenge: null })).toEqual({
      token: undefined,
      language: undefined,
      trapped: false,
      acceptAddress: false,
      challenge: undefined,
    });
  });
});
