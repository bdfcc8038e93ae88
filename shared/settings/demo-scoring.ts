import type { Scoring } from './scoring.ts';
import { POTENTIAL } from './scoring-defaults.ts';

/** To whom a maker of drives sells; all else is as the domain says. */
export const demoScoring: Pick<Scoring, 'id' | 'potential'> = {
  id: 'nordlicht-gmbh',
  potential: {
    ...POTENTIAL,
    department: {
      ...POTENTIAL.department,
      words: [
        'Konstruktion',
        'Entwicklung',
        'Instandhaltung',
        'Produktion',
        'Einkauf',
        'Technik',
        'Engineering',
        'Maintenance',
        'Production',
        'Purchasing',
        'Procurement',
      ],
    },
    industry: {
      ...POTENTIAL.industry,
      industries: [
        'Maschinenbau',
        'Anlagenbau',
        'Fördertechnik',
        'Intralogistik',
        'Verpackungstechnik',
        'Robotik',
        'Windkraft',
        'Schiffbau',
        'Mechanical engineering',
        'Materials handling',
        'Packaging',
        'Robotics',
        'Wind power',
        'Shipbuilding',
      ],
    },
    country: { countries: ['DE', 'AT', 'CH'], points: 5 },
  },
};
