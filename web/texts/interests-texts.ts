import type { Language } from '../../shared/settings/language.ts';

/** Why an open or a click counts for nothing. */
export type NotCounted = 'machine' | 'suspect' | 'leaving';

const de = {
  title: 'Ihr Interessenprofil',
  points: (count: string) => (count === '1' ? '1 Punkt' : `${count} Punkte`),
  topics: (list: string) => `Nach Themen: ${list}`,
  parts: 'Woraus es besteht',
  nothing: 'Noch ist nichts da, was zählt.',
  times: (count: number) => `${count}-mal`,
  until: (day: string) => `bis ${day}`,
  partsText: 'Mit den Punkten, die heute noch übrig sind.',
  left: (left: string, given: string) => `${left} von ${given}`,
  countsNot: 'zählt nicht',
  notCounted: {
    machine: 'Das war ein Programm.',
    suspect: 'Das war vermutlich ein Programm.',
    leaving: 'Der Link führt zu Ihren Einstellungen.',
  } satisfies Record<NotCounted, string>,
  more: (count: number) => `Und ${count} weitere.`,
  all: 'Alle Einzelheiten stehen in Ihrer Datei',
  howTitle: 'So rechnen wir',
  potential: 'Wie wir Sie und Ihre Firma einschätzen',
  known: (known: number, of: number) => `Wir kennen ${known} von ${of} Angaben dazu.`,
  knownNothing: 'Dazu wissen wir noch nichts.',
  unknown: 'unbekannt',
  employees: (count: string) => `${count} Beschäftigte`,
  revenue: (millions: string) => `${millions} Mio. € im Jahr`,
  reference: { true: 'ja', false: 'nein' },
  off: 'Profil abschalten',
  offText: 'Sie können das Profil jederzeit abschalten. Dann löschen wir es.',
};
type InterestsTexts = typeof de;

const en: InterestsTexts = {
  title: 'Your profile of interests',
  points: (count) => (count === '1' ? '1 point' : `${count} points`),
  topics: (list) => `By topic: ${list}`,
  parts: 'What it is made of',
  nothing: 'There is nothing yet that counts.',
  times: (count) => `${count} times`,
  until: (day) => `until ${day}`,
  partsText: 'With the points that are left today.',
  left: (left, given) => `${left} of ${given}`,
  countsNot: 'does not count',
  notCounted: {
    machine: 'It was a program.',
    suspect: 'It probably was a program.',
    leaving: 'The link leads to your choices.',
  },
  more: (count) => `And ${count} more.`,
  all: 'Your file has every detail',
  howTitle: 'How we work it out',
  potential: 'How we see you and your company',
  known: (known, of) => `We know ${known} of ${of} facts about it.`,
  knownNothing: 'We know nothing about that yet.',
  unknown: 'unknown',
  employees: (count) => (count === '1' ? '1 employee' : `${count} employees`),
  revenue: (millions) => `€${millions} million a year`,
  reference: { true: 'yes', false: 'no' },
  off: 'Switch the profile off',
  offText: 'You can switch the profile off at any time. We then delete it.',
};

/** Words around a profile of interests; what it says is in the words of the score. */
export function interestsTextsFor(language: Language): InterestsTexts {
  return { de, en }[language];
}
