import type { Language } from '../../shared/settings/language.ts';

const de = {
  title: 'Andere E‑Mail-Adresse',
  present: 'Bisher schreiben wir an',
  how: 'Wir schicken der neuen Adresse eine E-Mail. Erst wenn Sie dort bestätigen, ersetzt sie die bisherige.',
  label: 'Neue E-Mail-Adresse',
  submit: 'Bestätigung schicken',
  check: 'Bitte prüfen Sie noch eine Angabe',
  asked: 'Bitte sehen Sie in Ihr neues Postfach',
  askedText: (address: string) =>
    `Wir haben eine E-Mail an ${address} geschickt. Der Link darin gilt 72 Stunden. Bis dahin bleibt alles, wie es ist.`,
  errors: {
    'email-missing': 'Bitte geben Sie Ihre neue E-Mail-Adresse an.',
    'email-invalid': 'Bitte prüfen Sie die E-Mail-Adresse. Sie sieht zum Beispiel so aus: name@firma.de.',
    same: 'Das ist schon Ihre Adresse. Bitte geben Sie eine andere an.',
    'too-many':
      'An diese Adresse haben wir gerade erst geschrieben. Bitte sehen Sie dort nach, oder versuchen Sie es später noch einmal.',
  },
  confirmTitle: 'Stimmt Ihre neue Adresse?',
  confirmLead: (from: string, to: string) => `Ab Ihrer Bestätigung schreiben wir an ${to} statt an ${from}.`,
  consents:
    'Ihre Einwilligungen gelten für die bisherige Adresse und ziehen nicht von selbst mit um. Danach können Sie neu wählen, was Sie erhalten möchten. Was Sie abbestellt haben, bleibt abbestellt.',
  yes: 'Ja, das ist meine neue Adresse',
  leave: 'Waren Sie das nicht, schließen Sie diese Seite einfach. Dann ändert sich nichts.',
  changed: {
    title: 'Ihre neue Adresse gilt',
    text: (address: string) => `Wir schreiben Ihnen ab jetzt an ${address}.`,
  },
  again: 'Melden Sie sich mit der neuen Adresse an, um zu wählen, was Sie dort erhalten möchten.',
  logIn: 'Mit einem Link anmelden',
  taken: {
    title: 'Diese Adresse ist schon eingetragen',
    text: () => 'Unter dieser Adresse kennen wir Sie bereits. Melden Sie sich einfach damit an.',
  },
  closed: {
    title: 'Dieser Link gilt nicht mehr',
    text: () =>
      'Er wurde schon benutzt, ist abgelaufen oder durch einen neueren ersetzt. Es hat sich nichts geändert.',
  },
};
export type NewAddressTexts = typeof de;

const en: NewAddressTexts = {
  title: 'Another e-mail address',
  present: 'So far we write to',
  how: 'We send an e-mail to the new address. It replaces the old one only once you confirm there.',
  label: 'New e-mail address',
  submit: 'Send the confirmation',
  check: 'Please check one entry',
  asked: 'Please check your new inbox',
  askedText: (address) =>
    `We have sent an e-mail to ${address}. Its link is valid for 72 hours. Until then everything stays as it is.`,
  errors: {
    'email-missing': 'Please give your new e-mail address.',
    'email-invalid': 'Please check the e-mail address. It looks like this, for example: name@company.com.',
    same: 'This is your address already. Please give another one.',
    'too-many': 'We have just written to this address. Please look there, or try again later.',
  },
  confirmTitle: 'Is your new address right?',
  confirmLead: (from, to) => `Once you confirm we write to ${to} instead of ${from}.`,
  consents:
    'Your consents hold for the old address and do not move by themselves. Afterwards you can choose anew what you want to receive. What you cancelled stays cancelled.',
  yes: 'Yes, this is my new address',
  leave: 'If this wasn’t you, just close this page. Then nothing changes.',
  changed: {
    title: 'Your new address holds',
    text: (address) => `From now on we write to you at ${address}.`,
  },
  again: 'Log in with the new address to choose what you want to receive there.',
  logIn: 'Log in by a link',
  taken: {
    title: 'This address is registered already',
    text: () => 'We already know you by this address. Just log in with it.',
  },
  closed: {
    title: 'This link is no longer valid',
    text: () => 'It has been used, has expired, or a newer one has taken its place. Nothing has changed.',
  },
};

/** Words around another e-mail address. */
export function newAddressTextsFor(language: Language): NewAddressTexts {
  return { de, en }[language];
}
