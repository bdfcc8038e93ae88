import type { Child } from 'hono/jsx';

import { permissionKey } from '../../shared/contacts/contact.ts';
import type { Contact, Permission } from '../../shared/contacts/contact.ts';
import { viewChoices } from '../../shared/preferences/shown-choices.ts';
import { demoUses } from '../../shared/settings/demo.ts';
import { demoPreferenceForm } from '../../shared/settings/demo-forms.ts';
import type { PageContext } from '../../web/components/layout.tsx';
import { choicesReceiptMail } from '../../web/mail/choices-receipt-mail.tsx';
import type { MailContent } from '../../web/mail/mail-content.ts';
import { ChoicesPage } from '../../web/public/pages/choices-page.tsx';
import { ChoicesMessagePage, ChoicesSavedPage } from '../../web/public/pages/choices-saved-page.tsx';
import { UndoPage } from '../../web/public/pages/undo-page.tsx';
import { UndoneOutcomePage } from '../../web/public/pages/undone-outcome-page.tsx';
import { choicesTextsFor } from '../../web/texts/choices-texts.ts';

const AT = '2026-11-22T07:25:00.000Z';
const MASKED = 'a•••a@example.com';
const held: Permission = {
  status: 'granted',
  since: AT,
  seq: 1,
  topics: ['drives', 'service'],
  wording: '',
  proof: 'double',
};
const gone: Permission = { status: 'withdrawn', since: AT, seq: 2 };

/** The choices of somebody in every state. */
export function choicesPages(context: PageContext): Record<string, Child> {
  const { brand, language } = context;
  const texts = choicesTextsFor(language);
  const name = (use: string) => demoUses.uses.find(({ id }) => id === use)?.name[language] ?? use;
  const form = { ...demoPreferenceForm, version: 1 };
  const viewOf = (permissions: Record<string, Permission>, more: Partial<Contact> = {}) => {
    const known = Object.entries(permissions).map(([use, one]) => [permissionKey(brand.id, use), one]);
    const contact = { ...somebody, permissions: Object.fromEntries(known), ...more };
    return viewChoices(contact, { brand, uses: demoUses, form, language, at: AT });
  };
  const base = {
    context,
    maskedAddress: MASKED,
    volume: { uses: new Map([['newsletter', 12]]), topics: new Map([['drives', 1]]) },
    formVersion: form.version,
    noAdvertisingSince: undefined,
    restrictedSince: undefined,
    action: '/preferences/k1.a.b',
    pageNonce: 'k1.n',
  };
  const saved = {
    context,
    maskedAddress: MASKED,
    changed: [texts.gone(name('newsletter')), texts.wish.monthly, texts.paused('1. 3.')],
    notes: [],
    left: true,
    backUrl: '/preferences/k1.a.b',
  };
  const undo = { action: '/preferences/k1.a.b/undo', tokens: ['k1.u', 'k1.v'], wordings: [] };
  const some = { newsletter: held, tracking: held, 'direct-mail': gone };
  return {
    choices: <ChoicesPage {...base} view={viewOf(some)} />,
    'choices-paused': (
      <ChoicesPage
        {...base}
        view={viewOf(some, { wish: 'monthly', pausedUntil: '2027-02-22T07:25:00.000Z' })}
      />
    ),
    'choices-pause-fault': (
      <ChoicesPage
        {...base}
        view={viewOf(some)}
        posted={{
          ok: false,
          shown: viewOf(some).chosen,
          sent: viewOf(some).chosen,
          fault: 'pauseDateInvalid',
          pause: 'date',
          pauseDate: '2027-02-31',
        }}
      />
    ),
    'choices-stale': <ChoicesPage {...base} view={viewOf(some)} notes={[texts.stale]} />,
    'choices-restricted': <ChoicesPage {...base} view={viewOf({})} restrictedSince={AT} />,
    'choices-none': <ChoicesPage {...base} view={viewOf({})} noAdvertisingSince={AT} />,
    'choices-review': <ChoicesPage {...base} view={viewOf({}, { reviews: REVIEWS })} />,
    'choices-saved': (
      <ChoicesSavedPage {...saved} undo={{ ...undo, wordings: [form.uses[0]?.wording[language] ?? ''] }} />
    ),
    'choices-asked': (
      <ChoicesSavedPage
        {...saved}
        left={false}
        changed={[texts.joined(name('profiling'))]}
        notes={[`${texts.asked}. ${texts.askedText(name('event-invitation'))}`, texts.conflicts.wish]}
        undo={undo}
      />
    ),
    'choices-unchanged': <ChoicesSavedPage {...saved} left={false} changed={[]} undo={undefined} />,
    'choices-undone': <ChoicesMessagePage context={context} kind="undone" backUrl="/preferences/k1.a.b" />,
    'undo-change': (
      <UndoPage context={context} maskedAddress={MASKED} items={[]} action="/undo/k1.u" pageNonce="k1.n" />
    ),
    'undo-change-restored': <UndoneOutcomePage context={context} outcome={{ kind: 'restored', items: [] }} />,
    'choices-nobody': <ChoicesMessagePage context={context} kind="nobody" />,
  };
}

export function choicesMail({ brand, language }: PageContext, undoUrl: string): MailContent {
  return choicesReceiptMail({
    brand,
    language,
    at: AT,
    noAdvertising: false,
    joined: ['Automatisierung'],
    left: [],
    choices: {
      wish: { from: undefined, to: 'monthly' },
      pausedUntil: { from: undefined, to: '2027-02-22T07:25:00.000Z' },
      language: { from: 'de', to: 'en' },
    },
    undoUrl,
  });
}

const REVIEWS: Contact['reviews'] = { 'nordlicht#newsletter': { since: AT, seq: 1, why: 'competitor' } };
const somebody: Contact = {
  schema: 1,
  id: 'con_1',
  controller: 'nordlicht-gmbh',
  language: 'de',
  fields: {},
  source: { kind: 'form', id: 'newsletter' },
  createdAt: AT,
  updatedAt: AT,
  salt: '',
  permissions: {},
  head: { seq: 2, hash: '' },
};
