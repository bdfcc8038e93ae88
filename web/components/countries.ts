import type { Language } from '../../shared/settings/language.ts';

/** Where most readers are: on top of every list. */
const FIRST = ['DE', 'AT', 'CH'] as const;

/** ISO 3166-1 alpha-2, without those above. */
const OTHERS = (
  'AD AE AF AG AI AL AM AO AQ AR AS AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CI CK CL CM CN CO CR CU CV CW CX CY CZ DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
  'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT ' +
  'JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM ' +
  'MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR ' +
  'PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH ' +
  'TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
).split(' ');

/** Codes a form accepts as a country. */
export const COUNTRY_CODES: ReadonlySet<string> = new Set([...FIRST, ...OTHERS]);

export type Country = { code: string; name: string };
const lists = new Map<Language, { first: Country[]; others: Country[] }>();

/** All countries, named and sorted in one language; the neighbours apart. Made once per language, on first use. */
export function countriesIn(language: Language): { first: Country[]; others: Country[] } {
  const known = lists.get(language);
  if (known) return known;
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' });
  const order = new Intl.Collator(language);
  const named = (code: string): Country => ({ code, name: names.of(code) ?? code });
  const made = {
    first: FIRST.map(named),
    others: OTHERS.map(named).sort((a, b) => order.compare(a.name, b.name)),
  };
  lists.set(language, made);
  return made;
}
