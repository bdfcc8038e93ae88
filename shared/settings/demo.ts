import type { Brand } from './brand.ts';
import type { Form } from './form.ts';
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

const company = 'Nordlicht Antriebstechnik GmbH';
const measuring = {
  use: 'tracking',
  required: false,
  wording: {
    de: `Die ${company} darf messen, ob ich ihre E-Mails öffne und welche Links ich anklicke, um die Inhalte zu verbessern. (freiwillig)`,
    en: `${company} may record whether I open its e-mails and which links I click, to improve their content. (optional)`,
  },
};
const profiling = {
  use: 'profiling',
  required: false,
  wording: {
    de: `Die ${company} darf meine Angaben und Reaktionen zu einem Interessenprofil zusammenführen, um mich passend anzusprechen. (freiwillig)`,
    en: `${company} may combine my details and reactions into a profile of my interests, to contact me in a relevant way. (optional)`,
  },
};

export const demoNewsletterForm: Form = {
  id: 'newsletter',
  brand: 'nordlicht',
  title: { de: 'Newsletter abonnieren', en: 'Subscribe to our newsletter' },
  intro: {
    de: 'Anwendungen, Technik und Termine rund um Antriebe – kurz, nützlich und höchstens einmal pro Woche.',
    en: 'Applications, engineering and dates around drives – short, useful and at most once a week.',
  },
  fields: [
    { name: 'firstName', required: false },
    { name: 'lastName', required: false },
  ],
  uses: [
    {
      use: 'newsletter',
      required: true,
      wording: {
        de: `Ja, ich möchte den Newsletter der ${company} per E-Mail erhalten: zu den gewählten Themen, höchstens einmal pro Woche. Ich kann jederzeit kostenlos widerrufen, zum Beispiel über den Link in jeder E-Mail.`,
        en: `Yes, please e-mail me the ${company} newsletter: on the topics I choose, at most once a week. I can withdraw at any time, free of charge, for example by the link in every e-mail.`,
      },
    },
    measuring,
    profiling,
  ],
  topics: ['drives', 'automation', 'service'],
  promisedFrequency: { count: 1, days: 7 },
  optIn: 'double',
  origins: ['https://www.nordlicht.example', 'http://localhost:8080', 'http://127.0.0.1:8080'],
  thankYouUrls: [],
  refuseDisposable: true,
  challenge: 'none',
};

export const demoEventForm: Form = {
  id: 'open-house',
  brand: 'nordlicht',
  title: { de: 'Anmeldung zum Tag der offenen Tür', en: 'Register for our open house' },
  intro: {
    de: 'Am 18. März in Kiel: neue Antriebe anfassen, mit der Entwicklung sprechen, gut essen.',
    en: 'On 18 March in Kiel: see the new drives, talk to the engineers, eat well.',
  },
  fields: [
    { name: 'firstName', required: true },
    { name: 'lastName', required: true },
    { name: 'company', required: false },
    { name: 'country', required: true },
  ],
  uses: [
    {
      use: 'event-invitation',
      required: true,
      wording: {
        de: `Ja, die ${company} darf mir per E-Mail Informationen zu dieser Veranstaltung und Einladungen zu weiteren Veranstaltungen senden, höchstens zweimal im Monat. Ich kann jederzeit kostenlos widerrufen, zum Beispiel über den Link in jeder E-Mail.`,
        en: `Yes, ${company} may e-mail me information about this event and invitations to further events, at most twice a month. I can withdraw at any time, free of charge, for example by the link in every e-mail.`,
      },
    },
    measuring,
  ],
  topics: [],
  promisedFrequency: { count: 2, days: 30 },
  optIn: 'confirmed',
  origins: [],
  thankYouUrls: [],
  refuseDisposable: false,
  challenge: 'none',
};

/** What the choices page offers to join. */
export const demoPreferenceForm: Form = {
  id: 'preferences',
  brand: 'nordlicht',
  title: { de: 'Ihre Einstellungen', en: 'Your choices' },
  intro: {
    de: 'Wählen Sie, was Sie von uns erhalten möchten.',
    en: 'Choose what you would like to get from us.',
  },
  fields: [],
  uses: [
    ...demoNewsletterForm.uses.map((each) => ({ ...each, required: false })),
    {
      use: 'event-invitation',
      required: false,
      wording: {
        de: `Ja, die ${company} darf mir per E-Mail Einladungen zu Veranstaltungen senden, höchstens einmal pro Woche. Ich kann jederzeit kostenlos widerrufen, zum Beispiel über den Link in jeder E-Mail.`,
        en: `Yes, ${company} may e-mail me invitations to events, at most once a week. I can withdraw at any time, free of charge, for example by the link in every e-mail.`,
      },
    },
    {
      use: 'product-information',
      required: false,
      wording: {
        de: `Ja, die ${company} darf mir per E-Mail Neuheiten und Angebote zu ihren Produkten senden, höchstens einmal pro Woche. Ich kann jederzeit kostenlos widerrufen, zum Beispiel über den Link in jeder E-Mail.`,
        en: `Yes, ${company} may e-mail me news and offers on its products, at most once a week. I can withdraw at any time, free of charge, for example by the link in every e-mail.`,
      },
    },
  ],
  topics: ['drives', 'automation', 'service'],
  promisedFrequency: { count: 1, days: 7 },
  optIn: 'double',
  origins: [],
  thankYouUrls: [],
  refuseDisposable: false,
  challenge: 'none',
};

/** Documents written on the first start, in this order. */
export const DEMO_SETTINGS = [
  { kind: 'uses', id: demoUses.id, document: demoUses },
  { kind: 'brand', id: demoBrand.id, document: demoBrand },
  { kind: 'form', id: demoNewsletterForm.id, document: demoNewsletterForm },
  { kind: 'form', id: demoEventForm.id, document: demoEventForm },
  { kind: 'form', id: demoPreferenceForm.id, document: demoPreferenceForm },
  { kind: 'limits', id: 'default', document: {} satisfies Partial<Limits> },
] as const;
