import { describe, expect, test } from 'vitest';

import { demoBrand } from '../../../shared/settings/demo.ts';
import { confirmationMail } from '../../../web/mail/confirmation-mail.tsx';
import { mailTemplates } from '../../../web/mail/mail-templates.ts';
import { registeredMail } from '../../../web/mail/registered-mail.tsx';
import { MAIL_LINKS, itemsIn, mailGallery } from '../../support/page-gallery.tsx';

const gallery = mailGallery();
const HOSTILE = '<script>alert(1)</script> www.evil.example';
const AT = '2026-11-22T07:25:00.000Z';

/** Links of a mail besides imprint and privacy notice. */
const OWN_LINKS: Record<string, (keyof typeof MAIL_LINKS)[]> = {
  'mail-confirmation': ['confirm', 'notMe'],
  'mail-confirmation-more': ['confirm', 'notMe'],
  'mail-registered': ['notMe', 'choices'],
  'mail-registered-pending': ['confirm', 'notMe', 'choices'],
  'mail-already-registered': ['choices'],
  'mail-welcome': ['choices', 'unsubscribe'],
  'mail-unsubscribe-receipt': ['undo'],
  'mail-choices-receipt': ['undo'],
  'mail-log-in': ['logIn'],
  'mail-request-answered': ['logIn'],
};

describe.each(gallery.map((mail) => [`${mail.name}/${mail.language}`, mail] as const))(
  '%s',
  (_, { name, language, subject, html, text }) => {
    const allowed = [
      ...(OWN_LINKS[name] ?? []).map((link) => MAIL_LINKS[link]),
      demoBrand.imprint.url,
      demoBrand.privacyNotice.url[language],
    ].toSorted();

    test('G6 links only where it must, in both parts', () => {
      const hrefs = [...html.matchAll(/href="([^"]+)"/g)].map(([, url]) => url ?? '');
      expect([...new Set(hrefs)].toSorted()).toEqual(allowed);
      const urls = text.match(/https?:\/\/\S+/g) ?? [];
      expect([...new Set(urls)].toSorted()).toEqual(allowed);
    });

    test('G6 loads nothing: no pictures, no scripts, no style sheet from outside', () => {
      expect(html).not.toMatch(/<(img|script|link|iframe|video|object|form)|src=|url\(|@import|background=/i);
    });

    test('G16 says who writes, in both parts', () => {
      for (const line of demoBrand.imprint.lines) {
        expect(html).toContain(line);
        expect(text).toContain(line);
      }
    });

    test('G16 has an honest subject of one line', () => {
      expect(subject).not.toMatch(/^(re|fwd?|aw|wg):|[\r\n!]/i);
      expect(subject.length).toBeLessThan(60);
    });

    test('is written in its language and knows dark mode', () => {
      expect(html).toMatch(new RegExp(`^<!doctype html><html lang="${language}">`));
      expect(html).toContain('prefers-color-scheme:dark');
      expect(html).toContain(`<title>${subject}</title>`);
    });

    test('has a text part that reads well in a narrow window', () => {
      const words = text.split('\n').filter((line) => !line.includes('://'));
      expect(words.filter((line) => line.length > 78)).toEqual([]);
      expect(text).not.toMatch(/<[a-z/]|&[a-z]+;|undefined|\n{3}/);
      expect(text).toContain('\n-- \n');
    });
  },
);

test('every mail has words of its own in each language', () => {
  for (const { name } of gallery) {
    const [first, second] = gallery.filter((mail) => mail.name === name);
    expect(first?.subject).not.toBe(second?.subject);
    expect(first?.text).not.toBe(second?.text);
  }
});

describe('the confirmation mail', () => {
  const request = {
    brand: demoBrand,
    language: 'de',
    signedUpAt: AT,
    formTitle: 'Newsletter abonnieren',
    confirmUrl: MAIL_LINKS.confirm,
    notMeUrl: MAIL_LINKS.notMe,
  } as const;
  const mail = confirmationMail({ ...request, items: itemsIn('de'), alreadyGranted: [] });

  test('G6 says what for, when, where, how long, and what to do otherwise', () => {
    for (const part of [mail.html, mail.text]) {
      const flat = part.replaceAll(/\s+/g, ' ');
      expect(flat).toContain(
        'Am 22. November 2026 um 08:25 MEZ wurde diese Adresse über „Newsletter abonnieren“',
      );
      expect(flat).toContain('Newsletter (Themen: Antriebe, Automatisierung, Wartung und Service)'.slice(11));
      expect(flat).toContain('72 Stunden');
      expect(flat).toContain('Waren Sie das nicht? Dann tun Sie nichts');
    }
  });

  test('T13 escapes what the operator wrote in the HTML part', () => {
    const { html } = confirmationMail({
      ...request,
      formTitle: HOSTILE,
      items: [{ name: HOSTILE, wording: HOSTILE, topics: [HOSTILE] }],
      alreadyGranted: [],
    });
    expect(html).not.toContain('<script');
  });

  test('the subject is fixed, whatever the form is called', () => {
    const other = confirmationMail({
      ...request,
      formTitle: HOSTILE,
      items: itemsIn('de'),
      alreadyGranted: [],
    });
    expect(other.subject).toBe(mail.subject);
  });

  test('a consent that needs no wording there leaves no empty line', () => {
    const items = [{ name: 'Newsletter', wording: '', topics: [] }];
    const { text, html } = registeredMail({ ...request, items, pending: [] });
    expect(text).toContain('* Newsletter\n\n');
    expect(html).toContain('<strong>Newsletter</strong></li>');
    expect(text).toContain(demoBrand.sender.replyTo);
  });
});

test('each template tells its version for the evidence', () => {
  const common = { brand: demoBrand, language: 'en', items: itemsIn('en') } as const;
  const mail = mailTemplates.welcome({
    ...common,
    items: itemsIn('en'),
    choicesUrl: 'https://a.example',
    unsubscribeUrl: 'https://b.example',
  });
  expect(mail.template).toBe('welcome@1');
  expect(mail.subject).toBe('Your sign-up is confirmed');
});
