import type { ScoreWords } from '../../shared/export/export-score.ts';
import type { Language } from '../../shared/settings/language.ts';
import type { ScoringRules } from '../../shared/settings/scoring.ts';

/** How a score comes about, sentence by sentence. */
type How = {
  points: string;
  fades: (least: number, most: number) => string;
  silence: (days: number, points: number) => string;
  machines: string;
  version: (version: number) => string;
};

const deHow: How = {
  points:
    'Was Sie tun, hat feste Punkte, für alle dieselben. An einem Tag zählt jede Art nur bis zu einer Grenze.',
  fades: (least, most) =>
    least === most
      ? `Nach ${least} Tagen ist davon die Hälfte übrig, dann die Hälfte davon, und so weiter.`
      : `Je nach Art ist davon nach ${least} bis ${most} Tagen die Hälfte übrig, dann die Hälfte davon, und so weiter.`,
  silence: (days, points) =>
    `Kommt auf eine Mail ${days} Tage lang keine Reaktion, zieht das ${points} Punkte ab.`,
  machines: 'Was ein Programm geöffnet oder angeklickt hat, zählt nicht.',
  version: (version) => `Das sind unsere Regeln in der Fassung ${version}.`,
};

const enHow: How = {
  points: 'What you do has fixed points, the same for everybody. Each kind counts up to a limit a day.',
  fades: (least, most) =>
    least === most
      ? `After ${least} days half of them are left, then half of those, and so on.`
      : `Depending on the kind, half of them are left after ${least} to ${most} days, then half of those, and so on.`,
  silence: (days, points) => `No reaction to a mail within ${days} days takes ${points} points away.`,
  machines: 'What a program opened or clicked does not count.',
  version: (version) => `These are our rules in version ${version}.`,
};

function howIn({ types, halfLifeDays, noReaction, version }: ScoringRules, how: How): string[] {
  const lasting = types.map((type) => type.halfLifeDays ?? halfLifeDays);
  return [
    how.points,
    how.fades(Math.min(halfLifeDays, ...lasting), Math.max(halfLifeDays, ...lasting)),
    ...(noReaction.points === 0 ? [] : [how.silence(noReaction.days, -noReaction.points)]),
    how.machines,
    ...(version === 0 ? [] : [how.version(version)]),
  ];
}

const de: ScoreWords = {
  none: 'Wir führen kein Interessenprofil über Sie.',
  interest: {
    1: 'Ihr Interesse an unseren Themen ist sehr hoch',
    2: 'Ihr Interesse an unseren Themen ist hoch',
    3: 'Ihr Interesse an unseren Themen ist mittel',
    4: 'Ihr Interesse an unseren Themen ist gering',
  },
  actions: {
    'key-account': 'Unsere Betreuung großer Kunden kann auf Sie zukommen, wenn wir das dürfen.',
    'field-sales': 'Unser Außendienst kann auf Sie zukommen, wenn wir das dürfen.',
    'inside-sales': 'Unser Vertrieb kann Sie anrufen oder Ihnen schreiben, wenn wir das dürfen.',
    nurture: 'Unser Vertrieb meldet sich deshalb nicht. Sie bekommen Passendes von uns, wenn wir das dürfen.',
    none: 'Unser Vertrieb meldet sich deshalb nicht.',
  },
  noReaction: 'Auf eine Mail nicht reagiert',
  how: (rules) => howIn(rules, deHow),
  grades: {
    A: 'Sie und Ihre Firma passen sehr gut zu unserem Angebot',
    B: 'Sie und Ihre Firma passen gut zu unserem Angebot',
    C: 'Sie und Ihre Firma passen zum Teil zu unserem Angebot',
    D: 'Sie und Ihre Firma passen wenig zu unserem Angebot',
  },
  criteria: {
    position: 'Stellung in der Firma',
    department: 'Abteilung',
    companySize: 'Größe der Firma',
    revenue: 'Umsatz der Firma',
    industry: 'Branche',
    country: 'Land',
    decisionAuthority: 'Entscheidung über Ausgaben',
    buyingRole: 'Rolle im Einkauf',
    referenceValue: 'Firma mit bekanntem Namen',
  },
};

const en: ScoreWords = {
  none: 'We keep no profile of your interests.',
  interest: {
    1: 'Your interest in our topics is very high',
    2: 'Your interest in our topics is high',
    3: 'Your interest in our topics is medium',
    4: 'Your interest in our topics is low',
  },
  actions: {
    'key-account': 'Our team for large customers may contact you, where we are allowed to.',
    'field-sales': 'Our field sales may contact you, where we are allowed to.',
    'inside-sales': 'Our sales team may call or write to you, where we are allowed to.',
    nurture:
      'Our sales team does not contact you for it. You get what suits you from us, where we are allowed to.',
    none: 'Our sales team does not contact you for it.',
  },
  noReaction: 'Did not react to a mail',
  how: (rules) => howIn(rules, enHow),
  grades: {
    A: 'You and your company suit what we offer very well',
    B: 'You and your company suit what we offer well',
    C: 'You and your company suit what we offer in part',
    D: 'You and your company suit what we offer little',
  },
  criteria: {
    position: 'Position in the company',
    department: 'Department',
    companySize: 'Size of the company',
    revenue: 'Revenue of the company',
    industry: 'Industry',
    country: 'Country',
    decisionAuthority: 'Decision on spending',
    buyingRole: 'Role in buying',
    referenceValue: 'Well-known company',
  },
};

/** What a score means and how it comes about: the same words on the page and in the export. */
export function scoreWords(language: Language): ScoreWords {
  return { de, en }[language];
}
