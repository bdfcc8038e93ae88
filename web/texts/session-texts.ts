import type { Language } from '../../shared/settings/language.ts';

const de = {
  askTitle: 'Ihre Daten und Einstellungen',
  askLead: (controller: string) =>
    `Sehen und ändern Sie, was die ${controller} über Sie weiß. Statt eines Passworts schicken wir Ihnen einen Link.`,
  email: 'E-Mail-Adresse',
  emailHint: 'Die Adresse, an die wir Ihnen schreiben',
  askSubmit: 'Link anfordern',
  askQuiet:
    'Nur abmelden oder auswählen, was Sie erhalten? Das geht ohne Anmeldung über den Link in jeder E-Mail.',
  check: 'Bitte prüfen Sie noch eine Angabe',
  errors: {
    'email-missing': 'Bitte geben Sie Ihre E-Mail-Adresse an.',
    'email-invalid': 'Bitte prüfen Sie die E-Mail-Adresse. Sie sieht zum Beispiel so aus: name@firma.de.',
  },
  chooseBrand: 'Bei wem möchten Sie Ihre Daten sehen?',
  noBrand: 'Bitte öffnen Sie den Link in einer unserer E-Mails. Er führt Sie an die richtige Stelle.',
  loginTitle: 'Willkommen zurück',
  loginLead: 'Mit einem Klick sind Sie angemeldet. Der Link gilt nur einmal.',
  logIn: 'Anmelden',
  waitTitle: 'Bitte sehen Sie in Ihr Postfach',
  waitLead:
    'Wenn wir die Adresse kennen, ist eine E-Mail mit einem Link unterwegs. Er gilt 10 Minuten. Lesen Sie Ihre E-Mails auf einem anderen Gerät, geben Sie hier den Code aus der E-Mail ein.',
  sender: 'Absender',
  code: 'Code aus der E-Mail',
  codeHint: '8 Ziffern',
  wrongCode: (left: number) =>
    left === 1
      ? 'Der Code stimmt nicht. Sie haben noch einen Versuch.'
      : `Der Code stimmt nicht. Sie haben noch ${left} Versuche.`,
  nothingCame: 'Nichts gekommen? Sehen Sie im Spam-Ordner nach oder fordern Sie einen neuen Link an.',
  otherTitle: 'Sie lesen auf einem anderen Gerät',
  otherLead:
    'Der Link gilt nur dort, wo Sie ihn angefordert haben. Auf der Seite, die dort noch offen ist, geben Sie den Code aus derselben E-Mail ein.',
  otherHere: 'Möchten Sie sich lieber auf diesem Gerät anmelden, fordern Sie hier einen neuen Link an.',
  oneOfSeveralTitle: 'Hier gilt der Link einer anderen E-Mail',
  oneOfSeveralLead:
    'In diesem Browser wurde mehrmals ein Link angefordert. Bitte nehmen Sie den aus der anderen E-Mail. Manchmal kommt sie erst nach ein, zwei Minuten.',
  closedTitle: 'Dieser Link gilt nicht mehr',
  closedLead: 'Er gilt 10 Minuten und nur einmal. Ein neuer ist gleich da.',
  sessionsTitle: 'Wo Sie angemeldet sind',
  sessionsLead: 'Kennen Sie etwas davon nicht? Dann melden Sie sich überall ab.',
  unknownDevice: 'Unbekanntes Gerät',
  thisOne: 'Dieses Gerät',
  since: (since: string, seen: string) => `Angemeldet am ${since}, zuletzt gesehen am ${seen}`,
  logOutEverywhere: 'Überall abmelden',
  loggedOut: 'Von dieser Seite abgemeldet',
  loggedOutText: 'Auf diesem Gerät sieht niemand mehr Ihre Daten.',
  loggedOutEverywhere: 'Auf keinem Gerät sieht jemand mehr Ihre Daten.',
};
export type SessionTexts = typeof de;

const en: SessionTexts = {
  askTitle: 'Your data and choices',
  askLead: (controller) =>
    `See and change what ${controller} knows about you. Instead of a password we send you a link.`,
  email: 'E-mail address',
  emailHint: 'The address that we write to',
  askSubmit: 'Ask for a link',
  askQuiet:
    'Just unsubscribe, or choose what you get? The link in every e-mail does that without logging in.',
  check: 'Please check one entry',
  errors: {
    'email-missing': 'Please give your e-mail address.',
    'email-invalid': 'Please check the e-mail address. It looks like this, for example: name@company.com.',
  },
  chooseBrand: 'With whom do you want to see your data?',
  noBrand: 'Please open the link in one of our e-mails. It leads you to the right place.',
  loginTitle: 'Welcome back',
  loginLead: 'One click logs you in. The link works once.',
  logIn: 'Log in',
  waitTitle: 'Please check your inbox',
  waitLead:
    'If we know the address, an e-mail with a link is on its way. It is valid for 10 minutes. If you read your e-mails on another device, type the code of the e-mail here.',
  sender: 'Sender',
  code: 'Code from the e-mail',
  codeHint: '8 digits',
  wrongCode: (left) =>
    left === 1
      ? 'The code is not right. You have one try left.'
      : `The code is not right. You have ${left} tries left.`,
  nothingCame: 'Nothing there? Look in your spam folder, or ask for a new link.',
  otherTitle: 'You are reading on another device',
  otherLead:
    'The link works only where you asked for it. On the page that is still open there, type the code of the same e-mail.',
  otherHere: 'If you would rather log in on this device, ask for a new link here.',
  oneOfSeveralTitle: 'Here the link of another e-mail works',
  oneOfSeveralLead:
    'In this browser a link was asked for several times. Please take the one in the other e-mail. Sometimes it comes only after a minute or two.',
  closedTitle: 'This link is no longer valid',
  closedLead: 'It works for 10 minutes, and once. A new one is quickly there.',
  sessionsTitle: 'Where you are logged in',
  sessionsLead: 'Is there one you do not know? Then log out everywhere.',
  unknownDevice: 'Unknown device',
  thisOne: 'This device',
  since: (since, seen) => `Logged in on ${since}, last seen on ${seen}`,
  logOutEverywhere: 'Log out everywhere',
  loggedOut: 'You are logged out',
  loggedOutText: 'On this device nobody sees your data any more.',
  loggedOutEverywhere: 'On no device anybody sees your data any more.',
};

/** Words of the log-in and of sessions; apart from those that every page needs. */
export function sessionTextsFor(language: Language): SessionTexts {
  return { de, en }[language];
}
