import type { Brand } from './brand.ts';
import { demoEventForm, demoNewsletterForm, demoPreferenceForm } from './demo-forms.ts';
import { demoScoring } from './demo-scoring.ts';
import type { Limits } from './limits.ts';
import type { Uses } from './uses.ts';

/** A believable company to start with; every document is replaced by the operator's own. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40" role="img"><path d="M6 30 20 8l14 22" fill="none" stroke="#0b6e75" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/><circle cx="20" cy="27" r="4.5" fill="#e0912f"/><text x="46" y="28" font-family="system-ui,sans-serif" font-size="23" font-weight="650" fill="#0b6e75">Nordlicht</text></svg>`;

export const demoBrand: Brand = {
  id: 'nordlicht',
  name: 'Nordlicht Antriebstechnik',
  controller: {
    id: 'nordlicht-gmbh',
    name: 'Nordlicht Antriebstechnik GmbH',
    address: 'Werftstraße 12, 24143 Kiel, Deutschland',
    contact: 'datenschutz@nordlicht.example',
  },
  imprint: {
    url: 'https://www.nordlicht.example/impressum',
    lines: [
      'Nordlicht Antriebstechnik GmbH',
      'Werftstraße 12, 24143 Kiel',
      'Amtsgericht Kiel, HRB 0000',
      'Geschäftsführung: Dr. Silke Brandt',
      'USt-IdNr. DE000000000',
    ],
  },
  privacyNotice: {
    url: {
      de: 'https://www.nordlicht.example/datenschutz',
      en: 'https://www.nordlicht.example/en/privacy',
    },
    version: '2026-10',
  },
  sender: {
    name: 'Nordlicht Antriebstechnik',
    address: 'news@nordlicht.example',
    replyTo: 'service@nordlicht.example',
  },
  colour: '#0b6e75',
  logo: {
    type: 'image/svg+xml',
    base64: Buffer.from(LOGO).toString('base64'),
    alt: 'Nordlicht Antriebstechnik',
  },
  language: 'de',
  models: {
    default: 'double-opt-in',
    DE: 'confirmed-opt-in',
    AT: 'confirmed-opt-in',
    CH: 'confirmed-opt-in',
  },
  unsubscribeReceipt: true,
  preferenceForm: 'preferences',
  questions: [
    {
      field: 'company',
      why: {
        de: 'Damit wir Ihnen Beispiele aus Ihrer Branche schicken',
        en: 'So that we can send you examples from your industry',
      },
    },
    {
      field: 'jobTitle',
      why: {
        de: 'Damit wir wissen, wie tief es technisch gehen darf',
        en: 'So that we know how technical it may get',
      },
      topics: ['drives', 'automation'],
    },
    {
      field: 'postcode',
      why: {
        de: 'Damit wir Sie zu Terminen in Ihrer Nähe einladen können',
        en: 'So that we can invite you to events near you',
      },
    },
  ],
};

export const demoUses: Uses = {
  id: 'nordlicht-gmbh',
  uses: [
    {
      id: 'newsletter',
      channel: 'email',
      bulk: true,
      name: { de: 'Newsletter', en: 'Newsletter' },
      description: {
        de: 'Neues aus Technik und Praxis, höchstens einmal pro Woche',
        en: 'News from engineering and practice, at most once a week',
      },
    },
    {
      id: 'event-invitation',
      channel: 'email',
      bulk: true,
      name: { de: 'Einladungen zu Veranstaltungen', en: 'Invitations to events' },
      description: {
        de: 'Einladungen zu Webinaren, Messen und Werksbesuchen',
        en: 'Invitations to webinars, fairs and factory visits',
      },
    },
    {
      id: 'product-information',
      channel: 'email',
      bulk: true,
      name: { de: 'Produktinformationen', en: 'Product information' },
      description: {
        de: 'Neuheiten und Angebote zu Produkten, die zu Ihnen passen',
        en: 'News and offers on products that suit you',
      },
    },
    {
      id: 'sales-email',
      channel: 'email',
      bulk: false,
      name: { de: 'E-Mails Ihres Ansprechpartners', en: 'E-mails from your contact person' },
      description: {
        de: 'Persönlich geschrieben, zu Ihrem Vorhaben',
        en: 'Written personally, about your project',
      },
    },
    {
      id: 'call-centre',
      channel: 'phone',
      bulk: true,
      name: { de: 'Anrufe', en: 'Phone calls' },
      description: { de: 'Anrufe unseres Telefonteams', en: 'Calls from our phone team' },
    },
    {
      id: 'field-sales',
      channel: 'phone',
      bulk: false,
      name: { de: 'Anrufe Ihres Ansprechpartners', en: 'Calls from your contact person' },
      description: { de: 'Persönlich, zu Ihrem Vorhaben', en: 'In person, about your project' },
    },
    {
      id: 'direct-mail',
      channel: 'post',
      bulk: true,
      name: { de: 'Post', en: 'Letters' },
      description: { de: 'Kataloge und Einladungen per Post', en: 'Catalogues and invitations by post' },
    },
    {
      id: 'tracking',
      channel: 'data',
      bulk: true,
      name: { de: 'Messung von Öffnungen und Klicks', en: 'Measuring opens and clicks' },
      description: { de: 'Hilft uns, die Inhalte zu verbessern', en: 'Helps us to improve the content' },
    },
    {
      id: 'profiling',
      channel: 'data',
      bulk: true,
      name: { de: 'Persönliches Interessenprofil', en: 'Personal profile of interests' },
      description: {
        de: 'Damit wir Sie passend ansprechen können',
        en: 'So that we can contact you in a relevant way',
      },
    },
  ],
  topics: [
    {
      id: 'drives',
      use: 'newsletter',
      name: { de: 'Antriebe', en: 'Drives' },
      description: {
        de: 'Motoren, Getriebe und Umrichter im Einsatz',
        en: 'Motors, gears and converters at work',
      },
    },
    {
      id: 'automation',
      use: 'newsletter',
      name: { de: 'Automatisierung', en: 'Automation' },
      description: { de: 'Steuerungen, Sensorik und Anbindung', en: 'Controls, sensors and connectivity' },
    },
    {
      id: 'service',
      use: 'newsletter',
      name: { de: 'Wartung und Service', en: 'Maintenance and service' },
      description: { de: 'Tipps, Ersatzteile und Schulungen', en: 'Tips, spare parts and training' },
    },
  ],
};

/** Documents written on the first start, in this order. */
export const DEMO_SETTINGS = [
  { kind: 'uses', id: demoUses.id, document: demoUses },
  { kind: 'scoring', id: demoScoring.id, document: demoScoring },
  { kind: 'brand', id: demoBrand.id, document: demoBrand },
  { kind: 'form', id: demoNewsletterForm.id, document: demoNewsletterForm },
  { kind: 'form', id: demoEventForm.id, document: demoEventForm },
  { kind: 'form', id: demoPreferenceForm.id, document: demoPreferenceForm },
  { kind: 'limits', id: 'default', document: {} satisfies Partial<Limits> },
] as const;
