import type { Assessed, Assessment } from '../../shared/contacts/contact.ts';
import type { Language } from '../../shared/settings/language.ts';

type Values = { [A in Assessment]: Record<NonNullable<Assessed[A]>['value'], string> };

const de = {
  title: 'Unsere Einschätzung',
  names: {
    position: 'Stellung in der Firma',
    decisionAuthority: 'Entscheidung über Ausgaben',
    buyingRole: 'Rolle im Einkauf',
  } satisfies Record<Assessment, string>,
  values: {
    position: {
      owner: 'Inhaberin oder Inhaber',
      board: 'Geschäftsleitung',
      head: 'Leitung eines Bereichs',
      manager: 'Leitung eines Teams',
      specialist: 'Fachkraft',
      student: 'in Ausbildung',
    },
    decisionAuthority: { alone: 'allein', shared: 'mit anderen', none: 'keine' },
    buyingRole: {
      decider: 'entscheidet',
      buyer: 'kauft ein',
      influencer: 'berät',
      initiator: 'stößt an',
      user: 'nutzt, was gekauft wird',
      gatekeeper: 'stellt Kontakte her',
    },
  } satisfies Values,
  wrong: 'Stimmt das nicht? Schreiben Sie uns',
};
type AssessedTexts = typeof de;

const en: AssessedTexts = {
  title: 'How we see your role',
  names: {
    position: 'Position in the company',
    decisionAuthority: 'Decision on spending',
    buyingRole: 'Role in buying',
  },
  values: {
    position: {
      owner: 'owner',
      board: 'management board',
      head: 'head of a department',
      manager: 'leads a team',
      specialist: 'specialist',
      student: 'in training',
    },
    decisionAuthority: { alone: 'alone', shared: 'with others', none: 'none' },
    buyingRole: {
      decider: 'decides',
      buyer: 'buys',
      influencer: 'advises',
      initiator: 'starts it',
      user: 'uses what is bought',
      gatekeeper: 'opens doors',
    },
  },
  wrong: 'Is that wrong? Write to us',
};

/** Words for how we see somebody. */
export function assessedTextsFor(language: Language): AssessedTexts {
  return { de, en }[language];
}
