import type { FieldSource, ProfileField } from '../../shared/contacts/contact.ts';
import type { Language } from '../../shared/settings/language.ts';
import type { ProfileFault } from '../../shared/preferences/profile-input.ts';

const de = {
  title: 'Ihre Daten',
  lead: (controller: string) =>
    `Das alles weiß die ${controller} über Sie. Was nicht stimmt, ändern Sie hier.`,
  address: 'E-Mail-Adresse',
  newAddress: 'Andere E-Mail-Adresse angeben',
  account: 'Firma in unseren Unterlagen',
  fields: {
    firstName: 'Vorname',
    lastName: 'Nachname',
    company: 'Firma',
    country: 'Land',
    jobTitle: 'Position',
    department: 'Abteilung',
    phone: 'Telefon',
    street: 'Straße und Hausnummer',
    postcode: 'Postleitzahl',
    city: 'Ort',
  } satisfies Record<ProfileField, string>,
  optional: '(freiwillig)',
  from: {
    person: (date: string) => `Von Ihnen, am ${date}`,
    form: (date: string) => `Aus einem Formular, am ${date}`,
    staff: (date: string) => `Von unserem Team eingetragen am ${date}`,
    crm: (date: string) => `Aus unserer Kundenverwaltung, am ${date}`,
    import: (date: string) => `Aus einer Liste übernommen am ${date}`,
    enrichment: (date: string) => `Aus öffentlichen Quellen ergänzt am ${date}`,
  } satisfies Record<FieldSource, (date: string) => string>,
  phoneHint: 'Mit Landesvorwahl, zum Beispiel +49 431 123456',
  hint: 'Alles ist freiwillig. Ein leeres Feld wird gelöscht.',
  save: 'Speichern',
  saved: 'Gespeichert',
  savedText: (fields: string) =>
    `Geändert: ${fields}. Ihre Angaben gehen ab jetzt allem vor, was andere melden.`,
  unchanged: 'Es war nichts zu ändern.',
  skipped: 'Das fragen wir nicht mehr.',
  questions: 'Dürfen wir fragen?',
  questionsHint: 'Freiwillig. Lassen Sie einfach frei, was Sie nicht sagen möchten.',
  skip: 'Nicht mehr fragen',
  yourData: 'Was wir gespeichert haben',
  summary: (count: number) =>
    count === 1 ? 'Bitte prüfen Sie noch eine Angabe' : `Bitte prüfen Sie noch ${count} Angaben`,
  errors: {
    'field-too-long': (label) => `Bitte kürzen Sie „${label}“ auf höchstens 80 Zeichen.`,
    'field-has-link': (label) => `Bitte geben Sie bei „${label}“ keine Internetadresse an.`,
    'field-invalid': (label) => `Bitte prüfen Sie „${label}“: Einige Zeichen können wir nicht verarbeiten.`,
    'country-unknown': () => 'Bitte wählen Sie ein Land aus der Liste.',
    'phone-invalid': () =>
      'Bitte geben Sie die Telefonnummer mit Landesvorwahl an, zum Beispiel +49 431 123456.',
    'changed-meanwhile': (label) =>
      `„${label}“ wurde inzwischen geändert. Ihre Eingabe steht noch hier: Speichern Sie noch einmal, wenn sie gelten soll.`,
  } satisfies Record<ProfileFault, (label: string) => string>,
};
export type ProfileTexts = typeof de;

const en: ProfileTexts = {
  title: 'Your data',
  lead: (controller) => `This is all that ${controller} knows about you. Change here what is not right.`,
  address: 'E-mail address',
  newAddress: 'Give another e-mail address',
  account: 'Company in our files',
  fields: {
    firstName: 'First name',
    lastName: 'Last name',
    company: 'Company',
    country: 'Country',
    jobTitle: 'Position',
    department: 'Department',
    phone: 'Phone',
    street: 'Street and number',
    postcode: 'Postcode',
    city: 'Town',
  },
  optional: '(optional)',
  from: {
    person: (date) => `From you, on ${date}`,
    form: (date) => `From a form, on ${date}`,
    staff: (date) => `Entered by our team on ${date}`,
    crm: (date) => `From our customer records, on ${date}`,
    import: (date) => `Taken from a list on ${date}`,
    enrichment: (date) => `Added from public sources on ${date}`,
  },
  phoneHint: 'With the country code, for example +44 20 7946 0000',
  hint: 'Everything is optional. An empty field is deleted.',
  save: 'Save',
  saved: 'Saved',
  savedText: (fields) => `Changed: ${fields}. From now on what you say comes before what others tell us.`,
  unchanged: 'There was nothing to change.',
  skipped: 'We will not ask that again.',
  questions: 'May we ask?',
  questionsHint: 'Optional. Just leave empty what you do not want to say.',
  skip: 'Do not ask again',
  yourData: 'What we have stored',
  summary: (count) => (count === 1 ? 'Please check one entry' : `Please check ${count} entries`),
  errors: {
    'field-too-long': (label) => `Please shorten “${label}” to at most 80 characters.`,
    'field-has-link': (label) => `Please give no web address for “${label}”.`,
    'field-invalid': (label) => `Please check “${label}”: we cannot use some of its characters.`,
    'country-unknown': () => 'Please choose a country from the list.',
    'phone-invalid': () =>
      'Please give the phone number with its country code, for example +44 20 7946 0000.',
    'changed-meanwhile': (label) =>
      `“${label}” has been changed meanwhile. What you typed is still here: save again if it is to count.`,
  },
};

/** Words of the profile page. */
export function profileTextsFor(language: Language): ProfileTexts {
  return { de, en }[language];
}
