import type { Language } from '../../shared/settings/language.ts';

const de = {
  ended: 'Sie sind nicht angemeldet',
  endedText:
    'Zu Ihrer Sicherheit endet eine Anmeldung nach einer Viertelstunde ohne Klick. Mit einem neuen Link geht es weiter.',
  again: 'Neuen Link anfordern',
  notFresh: 'Bitte melden Sie sich noch einmal an',
  notFreshText:
    'Ihre Anmeldung ist älter als eine Viertelstunde. Für diesen Schritt brauchen wir zu Ihrer Sicherheit eine frische.',
  logOut: 'Abmelden von dieser Seite',
  places: 'Ihr Bereich',
  place: {
    profile: 'Ihre Daten',
    choices: 'Einstellungen',
    history: 'Verlauf',
    rights: 'Rechte',
    sessions: 'Anmeldungen',
  },
};
type VisitTexts = typeof de;

const en: VisitTexts = {
  ended: 'You are not logged in',
  endedText:
    'For your safety a visit ends after a quarter of an hour without a click. A new link takes you back.',
  again: 'Ask for a new link',
  notFresh: 'Please log in once more',
  notFreshText:
    'You logged in more than a quarter of an hour ago. For your safety this step needs a fresh log-in.',
  logOut: 'Log out',
  places: 'Your area',
  place: {
    profile: 'Your data',
    choices: 'Choices',
    history: 'History',
    rights: 'Rights',
    sessions: 'Log-ins',
  },
};

/** Words that every page behind the log-in has around its own. */
export function visitTextsFor(language: Language): VisitTexts {
  return { de, en }[language];
}
