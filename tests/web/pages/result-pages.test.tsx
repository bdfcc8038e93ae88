import { renderToString } from 'hono/jsx/dom/server';
import type { Child } from 'hono/jsx';
import { describe, expect, test } from 'vitest';

import { LANGUAGES } from '../../../shared/settings/language.ts';
import { ConfirmOutcomePage } from '../../../web/public/pages/confirm-outcome-page.tsx';
import { ConfirmPage } from '../../../web/public/pages/confirm-page.tsx';
import { ThankYouPage } from '../../../web/public/pages/thank-you-page.tsx';
import { UnsubscribePage } from '../../../web/public/pages/unsubscribe-page.tsx';
import { UnsubscribedPage } from '../../../web/public/pages/unsubscribed-page.tsx';
import { formatDate, formatDateTime } from '../../../web/texts/format.ts';
import { demoBrand } from '../../../shared/settings/demo.ts';
import { demoNewsletterForm } from '../../../shared/settings/demo-forms.ts';
import { contextFor, itemsIn } from '../../support/page-gallery.tsx';

const HOSTILE = '<script>alert(1)</script>';
const MASKED = 'a•••a@example.com';
const context = contextFor('en');
const show = (page: Child) => renderToString(page);

describe('confirming', () => {
  const html = show(
    <ConfirmPage
      context={context}
      maskedAddress={MASKED}
      signedUpAt="2026-11-22T07:25:00.000Z"
      formTitle="Subscribe"
      items={itemsIn('en')}
      pageNonce="k1.n"
      action="/confirm/t"
      notMeAction="/confirm/t/not-me"
    />,
  );

  test('shows the whole wording, when and where before the one act', () => {
    for (const { wording, name } of itemsIn('en')) {
      expect(html).toContain(wording);
      expect(html).toContain(name);
    }
    expect(html).toContain('Entered on 22 November 2026 at 08:25 CET through “Subscribe”.');
    expect(html).toContain(MASKED);
  });

  test('G5 carries the nonce of the page into both forms', () => {
    expect(html.match(/<input type="hidden" name="page" value="k1.n"\/>/g)).toHaveLength(2);
    expect(html).toContain('action="/confirm/t/not-me" id="not-me"');
  });

  test('promises nothing that is still to be checked', () => {
    const outcome = {
      kind: 'confirmed',
      maskedAddress: MASKED,
      items: [],
      reviewItems: ['Newsletter'],
      choicesUrl: '/u',
    } as const;
    const reviewed = show(
      <ConfirmOutcomePage
        context={context}
        outcome={{ ...outcome, items: [], reviewItems: ['Newsletter'] }}
      />,
    );
    expect(reviewed).toContain('We will check this');
    expect(reviewed).not.toContain('From now on');
  });

  test('an expired link asks for a new one with a post, never by itself', () => {
    const outcome = {
      kind: 'expired',
      resendAction: '/confirm/t/resend',
      pageNonce: 'k1.n',
      formUrl: '/f',
    } as const;
    expect(show(<ConfirmOutcomePage context={context} outcome={outcome} />)).toContain(
      '<form method="post" action="/confirm/t/resend"',
    );
  });
});

test('the thank-you page names the sender, the spam folder and the way back', () => {
  const html = show(<ThankYouPage context={context} form={demoNewsletterForm} formUrl="/forms/newsletter" />);
  expect(html).toContain(demoBrand.sender.address);
  expect(html).toContain('spam folder');
  expect(html).toContain('<a href="/forms/newsletter">check the address</a>');
});

describe('unsubscribing', () => {
  test('U10 asks for one choice and one press, a reason is optional', () => {
    const choices = [
      { value: 'use', label: 'Newsletter' },
      { value: 'all', label: 'No advertising at all' },
    ];
    const html = show(
      <UnsubscribePage
        context={context}
        maskedAddress={MASKED}
        choices={choices}
        selected="use"
        action="/u/t"
        pageNonce="k1.n"
      />,
    );
    expect(html.match(/type="radio" name="scope"/g)).toHaveLength(2);
    expect(html.match(/checked=""/g)).toHaveLength(1);
    expect(html.match(/type="submit"/g)).toHaveLength(1);
    expect(html).toMatch(/<select id="reason" name="reason"(?![^>]*required)/);
  });

  test('what ended is announced, and undo shows what would be agreed anew', () => {
    const undo = { action: '/u/undo', token: 'k1.u', wordings: ['I agree to it.'] };
    const html = show(
      <UnsubscribedPage
        context={context}
        maskedAddress={MASKED}
        gone={['Newsletter']}
        all={false}
        already={false}
        undo={undo}
      />,
    );
    expect(html).toContain('<div role="status"><h1>');
    expect(html.indexOf('I agree to it.')).toBeLessThan(html.indexOf('value="k1.u"'));
    expect(html).toContain('<input type="hidden" name="undo" value="k1.u"/>');
  });

  test('without a way back there is no button', () => {
    const html = show(
      <UnsubscribedPage context={context} maskedAddress={MASKED} gone={[]} all already={false} />,
    );
    expect(html).not.toContain('<form');
    expect(html).toContain(demoBrand.controller.name);
  });

  test('T13 shows hostile names as text', () => {
    const undo = { action: '/u', token: 'k', wordings: [HOSTILE] };
    const html = show(
      <UnsubscribedPage
        context={context}
        maskedAddress={HOSTILE}
        gone={[HOSTILE]}
        all={false}
        already={false}
        undo={undo}
      />,
    );
    expect(html).not.toContain('<script');
  });
});

test('dates are written out in the reader’s language and name their zone', () => {
  const [winter, summer] = ['2026-11-22T07:25:00.000Z', '2026-07-01T22:30:00.000Z'] as const;
  expect(LANGUAGES.map((language) => formatDate(winter, language))).toEqual([
    '22. November 2026',
    '22 November 2026',
  ]);
  expect(formatDateTime(winter, 'de')).toBe('22. November 2026 um 08:25 MEZ');
  expect(formatDateTime(summer, 'en')).toBe('2 July 2026 at 00:30 CEST');
});
