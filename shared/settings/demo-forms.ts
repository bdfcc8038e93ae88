import type { Form } from './form.ts';

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
