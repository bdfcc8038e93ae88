import type { Criterion } from '../../shared/scoring/potential.ts';
import type { Language } from '../../shared/settings/language.ts';
import { assessedTextsFor } from '../texts/assessed-texts.ts';
import { formatNumber } from '../texts/format.ts';
import { interestsTextsFor } from '../texts/interests-texts.ts';

type Reads = (value: string, language: Language) => string;

const asIs: Reads = (value) => value;
const READS: Record<Criterion, Reads> = {
  position: (value, language) => within(assessedTextsFor(language).values.position, value),
  decisionAuthority: (value, language) => within(assessedTextsFor(language).values.decisionAuthority, value),
  buyingRole: (value, language) => within(assessedTextsFor(language).values.buyingRole, value),
  department: asIs,
  industry: asIs,
  companySize: (value, language) =>
    interestsTextsFor(language).employees(formatNumber(Number(value), language)),
  revenue: (value, language) => interestsTextsFor(language).revenue(formatNumber(Number(value), language)),
  country: countryName,
  referenceValue: (value, language) => within(interestsTextsFor(language).reference, value),
};

/** What is known of a person or their company, as people read it. */
export function factText(criterion: Criterion, value: string, language: Language): string {
  return READS[criterion](value, language);
}

function within(words: Readonly<Record<string, string>>, value: string): string {
  return words[value] ?? value;
}

function countryName(code: string, language: Language): string {
  return new Intl.DisplayNames(language, { type: 'region', fallback: 'code' }).of(code) ?? code;
}
