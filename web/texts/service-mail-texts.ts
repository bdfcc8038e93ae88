import type { Language } from '../../shared/settings/language.ts';

const de = {
  logIn: {
    subject: 'Ihr Link zum Anmelden',
    preheader: 'Er gilt 10 Minuten und nur einmal.',
    title: 'Hier geht es zu Ihren Daten',
    what: (at: string, device: string) =>
      `Am ${at} wollte sich jemand mit dieser Adresse anmelden (${device}).`,
    unknownDevice: 'unbekanntes Gerät',
    button: 'Anmelden',
    code: (code: string) =>
      `Lesen Sie diese E-Mail auf einem anderen Gerät? Dann geben Sie dort, wo Sie den Link angefordert haben, diesen Code ein: ${code}`,
    valid: 'Link und Code gelten 10 Minuten und nur einmal.',
    notYou: 'Waren Sie das nicht? Dann tun Sie nichts. Geben Sie den Code niemandem.',
  },
  requestAnswered: {
    subject: (number: string) => `Antwort auf Ihr Anliegen Nr. ${number}`,
    preheader: 'Zum Lesen melden Sie sich kurz an.',
    title: 'Wir haben Ihnen geantwortet',
    what: (number: string, askedAt: string) =>
      `Am ${askedAt} haben Sie uns geschrieben (Nr. ${number}). Unsere Antwort steht jetzt unter „Ihre Rechte“.`,
    button: 'Antwort lesen',
    how: 'Damit nur Sie sie lesen, schicken wir Ihnen vorher einen Link zum Anmelden.',
  },
  choicesReceipt: {
    subject: 'Ihre Einstellungen wurden geändert',
    preheader: 'Was ab jetzt gilt, und wie Sie es zurücknehmen.',
    title: 'Ihre Einstellungen wurden geändert',
    what: (at: string) => `Am ${at} wurde für diese Adresse geändert:`,
    none: 'Keinerlei Werbung mehr',
    joined: (names: string) => `Dazu: ${names}`,
    left: (names: string) => `Nicht mehr: ${names}`,
    wish: {
      weekly: 'Höchstens eine E-Mail pro Woche',
      monthly: 'Höchstens eine E-Mail im Monat',
      none: 'So viele E-Mails wie vereinbart',
    },
    paused: (date: string) => `Pause bis ${date}`,
    pauseEnded: 'Keine Pause mehr',
    language: { de: 'Sprache: Deutsch', en: 'Sprache: Englisch' },
    nothing: 'Wenn das so gewollt war, müssen Sie nichts weiter tun.',
    mistake: 'War es ein Versehen, oder waren Sie das nicht? Der Link gilt 7 Tage.',
    undo: 'Änderung rückgängig machen',
  },
  newAddress: {
    subject: 'Bitte bestätigen Sie Ihre neue Adresse',
    preheader: 'Ein Klick fehlt noch. Der Link gilt 72 Stunden.',
    title: 'Ist das Ihre neue Adresse?',
    what: (at: string) =>
      `Am ${at} hat jemand diese Adresse als neue Adresse angegeben. Erst mit Ihrer Bestätigung ersetzt sie die bisherige.`,
    button: 'Ansehen und bestätigen',
    valid: 'Der Link gilt 72 Stunden.',
    notYou:
      'Waren Sie das nicht? Dann tun Sie nichts: Es ändert sich nichts, und wir löschen diese Adresse wieder.',
  },
  addressNotice: {
    subject: 'Ihre E-Mail-Adresse wurde geändert',
    preheader: 'Wir schreiben Ihnen ab jetzt an eine andere Adresse.',
    title: 'Ihre E-Mail-Adresse wurde geändert',
    what: (at: string, address: string) =>
      `Am ${at} wurde in Ihren Daten diese Adresse ersetzt. Die neue Adresse ist ${address}.`,
    nothing: 'Waren Sie das, müssen Sie nichts weiter tun.',
    notYou: (address: string) => `Waren Sie das nicht? Schreiben Sie bitte gleich an ${address}.`,
  },
};
export type ServiceMailTexts = typeof de;

const en: ServiceMailTexts = {
  logIn: {
    subject: 'Your link to log in',
    preheader: 'It is valid for 10 minutes, and once.',
    title: 'This way to your data',
    what: (at, device) => `On ${at} somebody wanted to log in with this address (${device}).`,
    unknownDevice: 'unknown device',
    button: 'Log in',
    code: (code) =>
      `Are you reading this on another device? Then type this code where you asked for the link: ${code}`,
    valid: 'Link and code are valid for 10 minutes, and once.',
    notYou: 'Wasn’t you? Then do nothing. Give the code to nobody.',
  },
  requestAnswered: {
    subject: (number) => `Our answer to your request no. ${number}`,
    preheader: 'To read it, log in for a moment.',
    title: 'We have answered you',
    what: (number, askedAt) =>
      `On ${askedAt} you wrote to us (no. ${number}). Our answer is now under “Your rights”.`,
    button: 'Read the answer',
    how: 'So that nobody but you reads it, we first send you a link to log in.',
  },
  choicesReceipt: {
    subject: 'Your choices have been changed',
    preheader: 'What holds from now on, and how to take it back.',
    title: 'Your choices have been changed',
    what: (at) => `On ${at} this was changed for this address:`,
    none: 'No advertising at all',
    joined: (names) => `Added: ${names}`,
    left: (names) => `No longer: ${names}`,
    wish: {
      weekly: 'At most one e-mail a week',
      monthly: 'At most one e-mail a month',
      none: 'As many e-mails as agreed',
    },
    paused: (date) => `Paused until ${date}`,
    pauseEnded: 'No pause any more',
    language: { de: 'Language: German', en: 'Language: English' },
    nothing: 'If that is what you wanted, there is nothing more to do.',
    mistake: 'Was it a mistake, or wasn’t it you? The link is valid for 7 days.',
    undo: 'Undo the change',
  },
  newAddress: {
    subject: 'Please confirm your new address',
    preheader: 'One click is missing. The link is valid for 72 hours.',
    title: 'Is this your new address?',
    what: (at) =>
      `On ${at} somebody gave this address as their new one. It replaces the old one only once you confirm.`,
    button: 'View and confirm',
    valid: 'The link is valid for 72 hours.',
    notYou: 'Wasn’t you? Then do nothing: nothing changes, and we delete this address again.',
  },
  addressNotice: {
    subject: 'Your e-mail address has been changed',
    preheader: 'From now on we write to another address.',
    title: 'Your e-mail address has been changed',
    what: (at, address) => `On ${at} this address was replaced in your data. The new address is ${address}.`,
    nothing: 'If that was you, there is nothing more to do.',
    notYou: (address) => `Wasn’t you? Please write to ${address} at once.`,
  },
};

/** Words of the mails of the preference centre; evidence repeats none of them, so it does not carry them. */
export function serviceMailTextsFor(language: Language): ServiceMailTexts {
  return { de, en }[language];
}
