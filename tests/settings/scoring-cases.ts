import type { FindingCode } from '../../shared/settings/findings.ts';
import { scoring } from '../../shared/settings/scoring.ts';
import type { EventType, Scoring } from '../../shared/settings/scoring.ts';
import { EVENT_TYPES, POTENTIAL, SALES_ACTIONS } from '../../shared/settings/scoring-defaults.ts';

/** Rules of the demo company, some of them changed. */
export function scoringRules(change: Partial<Scoring>): Scoring {
  return scoring.parse({ id: 'nordlicht-gmbh', ...change });
}

const defaults = scoringRules({});
/** The default types, one of them changed. */
const typed = (id: string, change: Partial<EventType>): Scoring =>
  scoringRules({ types: defaults.types.map((type) => (type.id === id ? { ...type, ...change } : type)) });
const without = (...ids: string[]): Scoring =>
  scoringRules({ types: defaults.types.filter(({ id }) => !ids.includes(id)) });
const worth = (change: Partial<Scoring['potential']>): Scoring =>
  scoringRules({ potential: { ...POTENTIAL, ...change } });
const at = (id: string) => EVENT_TYPES.findIndex((type) => type.id === id);
const { '2C': _, ...actions } = SALES_ACTIONS;

/** What the linter finds in rules of scoring, and where; the last member is the version before. */
export const SCORING_CASES: [string, FindingCode, string, Scoring, Scoring?][] = [
  [
    'a type listed twice',
    'duplicate-id',
    `/types/${defaults.types.length}/id`,
    scoringRules({ types: [...defaults.types, ...defaults.types.slice(0, 1)] }),
  ],
  ['no type for opens', 'built-in-type-missing', '/types', without('open')],
  ['no type for clicks', 'built-in-type-missing', '/types', without('click')],
  ['no type for contact requests', 'built-in-type-missing', '/types', without('contact-request')],
  ['a type taken away', 'type-removed', '/types', without('webinar'), defaults],
  [
    'an act that nobody says a purpose of',
    'act-without-purpose',
    `/types/${at('form')}/purpose`,
    typed('form', { purpose: undefined }),
  ],
  [
    'G12 clicks that are to need no permission',
    'tracked-as-act',
    `/types/${at('click')}/kind`,
    typed('click', { kind: 'act', purpose: { de: 'Messen', en: 'Measuring' } }),
  ],
  [
    'points that never count',
    'cap-of-nothing',
    `/types/${at('download')}/dayCap`,
    typed('download', { dayCap: 0 }),
  ],
  [
    'silence that never counts',
    'cap-of-nothing',
    '/noReaction/dayCap',
    scoringRules({ noReaction: { points: -10, days: 7, dayCap: 0 } }),
  ],
  ['V10 clicks of scanners', 'no-quiet-time', '/quietSeconds', scoringRules({ quietSeconds: 0 })],
  [
    'a band like the one above it',
    'bands-not-descending',
    '/bands/2',
    scoringRules({ bands: { '1': 100, '2': 100, '3': 30 } }),
  ],
  [
    'a band above the one above it',
    'bands-not-descending',
    '/bands/3',
    scoringRules({ bands: { '1': 100, '2': 60, '3': 61 } }),
  ],
  [
    'a grade above the one above it',
    'grades-not-descending',
    '/grades/C',
    scoringRules({ grades: { A: 75, B: 50, C: 50 } }),
  ],
  [
    'leads below all bands',
    'mql-below-bands',
    '/mql/total',
    scoringRules({ mql: { total: 29, topic: 20, grade: 'C' } }),
  ],
  [
    'a topic that needs more than all topics',
    'topic-above-total',
    '/mql/topic',
    scoringRules({ mql: { total: 60, topic: 61, grade: 'C' } }),
  ],
  ['a missing action', 'action-missing', '/actions/2C', scoring.parse({ id: 'nordlicht-gmbh', actions })],
  [
    'sizes that do not ascend',
    'steps-not-ascending',
    '/potential/companySize/1',
    worth({
      companySize: [
        { from: 10, points: 2 },
        { from: 10, points: 6 },
      ],
    }),
  ],
  [
    'revenues that overlap',
    'steps-not-ascending',
    '/potential/revenue/1',
    worth({
      revenue: [
        { over: 50, points: 2 },
        { from: 50, points: 6 },
      ],
    }),
  ],
  [
    'a word of two positions',
    'word-of-two-positions',
    '/potential/positionWords/1/words/1',
    worth({
      positionWords: [
        { position: 'head', words: ['Leiter'] },
        { position: 'manager', words: ['teamleiter', 'leiter'] },
      ],
    }),
  ],
  [
    'an industry without a name',
    'criterion-unused',
    '/potential/industry/industries',
    worth({ industry: { industries: [], points: 15 } }),
  ],
  [
    'a country without a name',
    'criterion-unused',
    '/potential/country/countries',
    worth({ country: { countries: [], points: 5 } }),
  ],
];
