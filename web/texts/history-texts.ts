import type { ContactSource } from '../../shared/contacts/contact.ts';
import type { Why } from '../../shared/evidence/history.ts';
import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import type { Language } from '../../shared/settings/language.ts';
import type { Channel } from '../../shared/settings/uses.ts';

type ActTitles = Record<Exclude<EvidenceEntry['type'], 'delivery'>, string>;

const de = {
  title: 'Ihr Verlauf',
  lead: 'Was wir Ihnen geschickt haben und warum, und was Sie erklärt haben. Das Neueste steht oben.',
  empty: 'Hier steht noch nichts.',
  older: 'Ältere Einträge',
  newest: 'Zurück zu den neuesten',
  message: { email: 'E-Mail', phone: 'Anruf', post: 'Brief' } satisfies Record<Channel, string>,
  why: {
    consent: (date: string) => `Erlaubt, weil Sie am ${date} zugestimmt haben.`,
    'existing-customer': () => 'Erlaubt, weil Sie bei uns Kunde sind und dem nicht widersprochen haben.',
    'presumed-interest': () => 'Erlaubt, weil Sie uns Anlass dazu gegeben hatten.',
    implied: () => 'Erlaubt wegen Ihrer Anfrage oder Bestellung.',
    'no-objection': () => 'Erlaubt, solange Sie nicht widersprechen. Das können Sie jederzeit.',
  } satisfies Record<Why['kind'], (date: string) => string>,
  acts: {
    granted: 'Sie haben zugestimmt',
    withdrawn: 'Sie haben sich abgemeldet',
    review: 'Ihre Anmeldung liegt bei uns zur Prüfung',
    known: 'Wir haben Sie in unsere Daten aufgenommen',
    blocked: 'Wir schreiben Ihnen hierzu nicht mehr',
    unblocked: 'Unsere Sperre ist aufgehoben',
    basis: 'Wir haben einen Grund für eine Kontaktaufnahme vermerkt',
    lapsed: 'Ihre Zustimmung ist abgelaufen, weil wir sie lange nicht genutzt haben',
    denied: 'Wir haben Ihre Anmeldung nicht angenommen',
    erased: 'Ihre Daten wurden gelöscht',
    choices: 'Sie haben Ihre Einstellungen geändert',
    address: 'Sie haben eine andere E-Mail-Adresse angegeben',
    restricted: 'Sie haben die Nutzung Ihrer Daten eingeschränkt',
    unrestricted: 'Die Einschränkung Ihrer Daten ist beendet',
  } satisfies ActTitles,
  /** A consent that somebody of ours wrote down, or a withdrawal. */
  byUs: 'Eingetragen von unserem Team.',
  bySystem: 'Automatisch eingetragen.',
  restored: 'Sie haben die Abmeldung zurückgenommen',
  complained: 'Sie haben eine E-Mail als Spam gemeldet; seitdem schreiben wir Ihnen keine Werbung per E-Mail',
  noAdvertising: 'Keinerlei Werbung mehr, von keiner unserer Marken.',
  joined: (topics: string) => `Dazu: ${topics}`,
  left: (topics: string) => `Weg: ${topics}`,
  topics: (topics: string) => `Themen: ${topics}`,
  wish: {
    weekly: 'Höchstens einmal pro Woche',
    monthly: 'Höchstens einmal im Monat',
    none: 'So oft wie vereinbart',
  },
  paused: (date: string) => `Pause bis ${date}`,
  pauseEnded: 'Die Pause ist beendet.',
  language: 'Sprache geändert.',
  receipt: 'Beleg zum Drucken',
  receiptOf: (title: string, date: string) => `Beleg zum Drucken: ${title}, ${date}`,
  recipients: 'Wer Ihre Daten bekommt',
  mailService: 'Amazon Web Services: speichert die Daten und verschickt die E-Mails in unserem Auftrag',
  system: (name: string) => `Unser System „${name}“, in dem Sie auch geführt werden`,
  source: 'Woher wir Ihre Daten haben',
  sources: {
    form: 'Von Ihnen, über ein Formular',
    staff: 'Von unserem Team eingetragen',
    crm: 'Aus unserer Kundenverwaltung',
    import: 'Aus einer Liste',
    partner: 'Von einem Partner',
    'business-card': 'Von Ihrer Visitenkarte',
    api: 'Aus einem angeschlossenen System',
  } satisfies Record<ContactSource['kind'], string>,
  receiptTitle: 'Beleg',
};
export type HistoryTexts = typeof de;

const en: HistoryTexts = {
  title: 'Your history',
  lead: 'What we sent you and why, and what you declared. The newest stands on top.',
  empty: 'There is nothing here yet.',
  older: 'Older entries',
  newest: 'Back to the newest',
  message: { email: 'E-mail', phone: 'Call', post: 'Letter' },
  why: {
    consent: (date) => `Allowed because you agreed on ${date}.`,
    'existing-customer': () => 'Allowed because you are a customer of ours and have not objected.',
    'presumed-interest': () => 'Allowed because you had given us reason to.',
    implied: () => 'Allowed because of your inquiry or order.',
    'no-objection': () => 'Allowed until you object. You can do that at any time.',
  },
  acts: {
    granted: 'You agreed',
    withdrawn: 'You unsubscribed',
    review: 'Your sign-up is being checked by us',
    known: 'We took you into our files',
    blocked: 'We do not write to you about this any more',
    unblocked: 'Our block has ended',
    basis: 'We noted a reason to contact you',
    lapsed: 'Your consent has ended because we had not used it for long',
    denied: 'We did not accept your sign-up',
    erased: 'Your data was erased',
    choices: 'You changed your choices',
    address: 'You gave another e-mail address',
    restricted: 'You restricted the use of your data',
    unrestricted: 'The restriction of your data has ended',
  },
  byUs: 'Entered by our team.',
  bySystem: 'Entered automatically.',
  restored: 'You took your unsubscribe back',
  complained: 'You reported an e-mail as spam; since then we send you no advertising by e-mail',
  noAdvertising: 'No advertising at all, from none of our brands.',
  joined: (topics) => `Added: ${topics}`,
  left: (topics) => `Gone: ${topics}`,
  topics: (topics) => `Topics: ${topics}`,
  wish: { weekly: 'At most once a week', monthly: 'At most once a month', none: 'As often as agreed' },
  paused: (date) => `Paused until ${date}`,
  pauseEnded: 'The pause has ended.',
  language: 'Language changed.',
  receipt: 'Receipt to print',
  receiptOf: (title, date) => `Receipt to print: ${title}, ${date}`,
  recipients: 'Who gets your data',
  mailService: 'Amazon Web Services: stores the data and sends the e-mails on our behalf',
  system: (name) => `Our system “${name}”, which holds you too`,
  source: 'Where we got your data',
  sources: {
    form: 'From you, by a form',
    staff: 'Entered by our team',
    crm: 'From our customer records',
    import: 'From a list',
    partner: 'From a partner',
    'business-card': 'From your business card',
    api: 'From a connected system',
  },
  receiptTitle: 'Receipt',
};

/** Words for what happened to a person with us. */
export function historyTextsFor(language: Language): HistoryTexts {
  return { de, en }[language];
}
