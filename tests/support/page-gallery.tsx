import { renderToString } from 'hono/jsx/dom/server';
import type { Child } from 'hono/jsx';

import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { demoEventForm, demoNewsletterForm } from '../../shared/settings/demo-forms.ts';
import { LANGUAGES } from '../../shared/settings/language.ts';
import type { Language } from '../../shared/settings/language.ts';
import type { SignupValues } from '../../shared/signup/signup-input.ts';
import { brandStyleSheet } from '../../web/components/brand-style.ts';
import type { ConfirmItem } from '../../web/components/confirm-items.tsx';
import type { PageContext } from '../../web/components/layout.tsx';
import { alreadyRegisteredMail } from '../../web/mail/already-registered-mail.tsx';
import { confirmationMail } from '../../web/mail/confirmation-mail.tsx';
import type { MailContent } from '../../web/mail/mail-content.ts';
import { registeredMail } from '../../web/mail/registered-mail.tsx';
import { unsubscribeReceiptMail } from '../../web/mail/unsubscribe-receipt-mail.tsx';
import { welcomeMail } from '../../web/mail/welcome-mail.tsx';
import { ConfirmOutcomePage } from '../../web/public/pages/confirm-outcome-page.tsx';
import type { ConfirmOutcome } from '../../web/public/pages/confirm-outcome-page.tsx';
import { ConfirmPage } from '../../web/public/pages/confirm-page.tsx';
import { MessagePage } from '../../web/public/pages/message-page.tsx';
import type { MessageKind } from '../../web/public/pages/message-page.tsx';
import { SignupPage } from '../../web/public/pages/signup-page.tsx';
import type { SignupNotice, SignupPageProps } from '../../web/public/pages/signup-page.tsx';
import { ThankYouPage } from '../../web/public/pages/thank-you-page.tsx';
import { UndoPage } from '../../web/public/pages/undo-page.tsx';
import { UndoneOutcomePage } from '../../web/public/pages/undone-outcome-page.tsx';
import { UnsubscribePage } from '../../web/public/pages/unsubscribe-page.tsx';
import { UnsubscribedPage } from '../../web/public/pages/unsubscribed-page.tsx';
import { textsFor } from '../../web/texts/texts.ts';
import { choicesMail, choicesPages } from './choices-gallery.tsx';
import { interestsPages } from './interests-gallery.tsx';
import { answeredMail, loginMail, loginPages } from './login-gallery.tsx';
import { rightsPages } from './rights-gallery.tsx';

/** Every page and mail in every state, from the demo company's settings. */
export type GalleryEntry = { name: string; language: Language; html: string };

export const ASSETS = {
  css: '/assets/site.css',
  brandCss: '/assets/brand.css',
  logo: '/assets/logo.svg',
} as const;
export const BRAND_CSS = brandStyleSheet(demoBrand.colour);
export const LOGO_SVG = Buffer.from(demoBrand.logo?.base64 ?? '', 'base64').toString();

const AT = '2026-11-22T07:25:00.000Z';
const MASKED = 'a•••a@example.com';
const BASE = 'https://consent.nordlicht.example';
export const MAIL_LINKS = {
  confirm: `${BASE}/confirm/k1.abc.def`,
  notMe: `${BASE}/confirm/k1.abc.def/not-me`,
  choices: `${BASE}/preferences/k1.abc.def`,
  unsubscribe: `${BASE}/unsubscribe/k1.abc.def`,
  undo: `${BASE}/unsubscribe/undo/k1.abc.def`,
  logIn: `${BASE}/log-in/k1.abc`,
} as const;

export const EMPTY: SignupValues = { email: '', fields: {}, uses: [], topics: [] };
const FILLED: SignupValues = {
  email: 'anna.berger@gmial.com',
  fields: { firstName: 'Anna', lastName: 'Berger', country: 'AT' },
  uses: ['newsletter'],
  topics: ['drives', 'service'],
};

export function contextFor(language: Language): PageContext {
  return { brand: demoBrand, language, assets: ASSETS };
}

function neutralIn(language: Language) {
  return { language, assets: { css: ASSETS.css } };
}

/** A sign-up page with the demo newsletter form, unless told otherwise. */
export function signupPage(language: Language, props: Partial<SignupPageProps> = {}) {
  const form = { ...demoNewsletterForm, version: 1 };
  const defaults = { form, uses: demoUses, values: EMPTY, errors: [], timestamp: 'k1.newsletter.abc.def' };
  return <SignupPage context={contextFor(language)} action={`/forms/${form.id}`} {...defaults} {...props} />;
}

export function itemsIn(language: Language): ConfirmItem[] {
  return demoNewsletterForm.uses.slice(0, 2).map(({ use, wording }) => ({
    name: demoUses.uses.find(({ id }) => id === use)?.name[language] ?? use,
    wording: wording[language],
    topics: demoUses.topics.filter((topic) => topic.use === use).map(({ name }) => name[language]),
  }));
}

export function pageGallery(): GalleryEntry[] {
  return LANGUAGES.flatMap((language) =>
    Object.entries({
      ...signupPages(language),
      ...confirmPages(language),
      ...unsubscribePages(language),
      ...messagePages(language),
      ...choicesPages(contextFor(language)),
      ...loginPages(contextFor(language), neutralIn(language)),
      ...rightsPages(contextFor(language)),
      ...interestsPages(contextFor(language)),
    }).map(([name, page]) => ({ name, language, html: renderToString(page) })),
  );
}

export function mailGallery(): (Omit<GalleryEntry, 'html'> & MailContent)[] {
  return LANGUAGES.flatMap((language) =>
    Object.entries(mails(language)).map(([name, mail]) => ({ name: `mail-${name}`, language, ...mail })),
  );
}

function signupPages(language: Language): Record<string, Child> {
  const eventForm = { ...demoEventForm, version: 1 };
  const notices: SignupNotice[] = ['check', 'too-fast', 'too-late', 'robot'];
  return {
    signup: signupPage(language),
    'signup-event': signupPage(language, { form: eventForm, action: '/forms/open-house' }),
    'signup-typo': signupPage(language, {
      values: FILLED,
      errors: [{ field: 'email', code: 'email-typo' }],
      suggestion: 'anna.berger@gmail.com',
    }),
    'signup-errors': signupPage(language, {
      form: eventForm,
      action: '/forms/open-house',
      values: { ...EMPTY, email: 'anna@', fields: { firstName: 'www.evil.example' } },
      errors: [
        { field: 'email', code: 'email-invalid' },
        { field: 'firstName', code: 'field-has-link' },
        { field: 'lastName', code: 'field-missing' },
        { field: 'country', code: 'country-unknown' },
        { field: 'use-event-invitation', code: 'use-missing' },
        { field: 'nickname', code: 'unknown-field' },
      ],
    }),
    ...Object.fromEntries(
      notices.map((notice) => [`signup-${notice}`, signupPage(language, { values: FILLED, notice })]),
    ),
    'thank-you': (
      <ThankYouPage context={contextFor(language)} form={demoNewsletterForm} formUrl="/forms/newsletter" />
    ),
  };
}

function confirmPages(language: Language): Record<string, Child> {
  const names = itemsIn(language).map(({ name }) => name);
  const choicesUrl = '/unsubscribe/k1.abc.def';
  const formUrl = '/forms/newsletter';
  const outcomes: Record<string, ConfirmOutcome> = {
    confirmed: { kind: 'confirmed', maskedAddress: MASKED, items: names, reviewItems: [], choicesUrl },
    'confirmed-review': {
      kind: 'confirmed',
      maskedAddress: MASKED,
      items: names.slice(1),
      reviewItems: names.slice(0, 1),
      choicesUrl,
    },
    'already-confirmed': { kind: 'already-confirmed', confirmedAt: AT, choicesUrl },
    'expired-resend': {
      kind: 'expired',
      resendAction: '/confirm/k1.abc.def/resend',
      pageNonce: 'k1.n',
      formUrl,
    },
    expired: { kind: 'expired', formUrl },
    'under-review': { kind: 'under-review' },
    'withdrawn-meanwhile': { kind: 'withdrawn-meanwhile', formUrl },
    resent: { kind: 'resent', senderAddress: demoBrand.sender.address },
    rejected: { kind: 'rejected' },
  };
  return {
    confirm: (
      <ConfirmPage
        context={contextFor(language)}
        maskedAddress={MASKED}
        signedUpAt={AT}
        formTitle={demoNewsletterForm.title[language]}
        items={itemsIn(language)}
        pageNonce="k1.n"
        action="/confirm/k1.abc.def"
        notMeAction="/confirm/k1.abc.def/not-me"
      />
    ),
    ...Object.fromEntries(
      Object.entries(outcomes).map(([name, outcome]) => [
        `confirm-${name}`,
        <ConfirmOutcomePage context={contextFor(language)} outcome={outcome} />,
      ]),
    ),
  };
}

function unsubscribePages(language: Language): Record<string, Child> {
  const context = contextFor(language);
  const items = itemsIn(language);
  const texts = textsFor(language).unsubscribe;
  const base = { context, maskedAddress: MASKED, gone: [items[0]?.name ?? ''] };
  const undo = {
    action: '/unsubscribe/undo',
    token: 'k1.u',
    wordings: items.slice(0, 1).map(({ wording }) => wording),
  };
  return {
    unsubscribe: (
      <UnsubscribePage
        context={context}
        maskedAddress={MASKED}
        choices={[
          { value: 'topic.drives', label: texts.onlyTopic(demoUses.topics[0]?.name[language] ?? '') },
          { value: 'use', label: 'Newsletter', hint: demoUses.uses[0]?.description[language] ?? '' },
          { value: 'brand', label: texts.everything(demoBrand.name) },
          {
            value: 'all',
            label: texts.nothingAtAll,
            hint: texts.nothingAtAllHint(demoBrand.controller.name),
          },
        ]}
        selected="use"
        action="/unsubscribe/k1.abc.def"
        pageNonce="k1.n"
      />
    ),
    unsubscribed: <UnsubscribedPage {...base} all={false} already={false} undo={undo} />,
    'unsubscribed-all': <UnsubscribedPage {...base} all already={false} />,
    'unsubscribed-already': <UnsubscribedPage {...base} all={false} already />,
    undo: (
      <UndoPage
        context={context}
        maskedAddress={MASKED}
        items={items.slice(0, 1)}
        action="/unsubscribe/undo"
        pageNonce="k1.n"
      />
    ),
    'undo-restored': <UndoneOutcomePage context={context} outcome={{ kind: 'restored', items: base.gone }} />,
    'undo-nothing': <UndoneOutcomePage context={context} outcome={{ kind: 'nothing-to-undo' }} />,
    'undo-too-late': (
      <UndoneOutcomePage context={context} outcome={{ kind: 'too-late', formUrl: '/forms/newsletter' }} />
    ),
  };
}

function messagePages(language: Language): Record<string, Child> {
  const kinds: MessageKind[] = ['not-found', 'error', 'too-many', 'too-large', 'unsupported'];
  return {
    ...Object.fromEntries(
      kinds.map((kind) => [
        `message-${kind}`,
        <MessagePage
          context={contextFor(language)}
          kind={kind}
          requestId={kind === 'error' ? 'JKJaXmPLvHcESHA=' : undefined}
        />,
      ]),
    ),
    'message-neutral': <MessagePage context={neutralIn(language)} kind="not-found" />,
  };
}

function mails(language: Language): Record<string, MailContent> {
  const context = { brand: demoBrand, language };
  const items = itemsIn(language);
  const formTitle = demoNewsletterForm.title[language];
  const request = {
    ...context,
    signedUpAt: AT,
    formTitle,
    confirmUrl: MAIL_LINKS.confirm,
    notMeUrl: MAIL_LINKS.notMe,
  };
  const [newsletter, tracking] = [items.slice(0, 1), items.slice(1)];
  const choicesUrl = MAIL_LINKS.choices;
  return {
    confirmation: confirmationMail({ ...request, items, alreadyGranted: [] }),
    'confirmation-more': confirmationMail({ ...request, items: tracking, alreadyGranted: newsletter }),
    registered: registeredMail({
      ...request,
      items: newsletter,
      alreadyGranted: [],
      pending: [],
      choicesUrl,
    }),
    'registered-pending': registeredMail({
      ...request,
      items: newsletter,
      alreadyGranted: [],
      pending: tracking,
      choicesUrl,
    }),
    'already-registered': alreadyRegisteredMail({ ...context, formTitle, items, choicesUrl }),
    welcome: welcomeMail({ ...context, items, choicesUrl, unsubscribeUrl: MAIL_LINKS.unsubscribe }),
    'unsubscribe-receipt': unsubscribeReceiptMail({
      ...context,
      at: AT,
      gone: items,
      undoUrl: MAIL_LINKS.undo,
    }),
    'choices-receipt': choicesMail(contextFor(language), MAIL_LINKS.undo),
    'log-in': loginMail(contextFor(language), MAIL_LINKS.logIn),
    'request-answered': answeredMail(contextFor(language), MAIL_LINKS.logIn),
  };
}
