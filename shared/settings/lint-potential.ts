import { pointerTo } from '../platform/json-pointer.ts';
import { found } from './findings.ts';
import type { Finding } from './findings.ts';
import type { Scoring, Step } from './scoring.ts';

type Potential = Scoring['potential'];

/** Rules of the potential that overlap, contradict each other or never count. */
export function lintPotential(rules: Potential): Finding[] {
  return [
    ...stepFindings('companySize', rules.companySize),
    ...stepFindings('revenue', rules.revenue),
    ...wordsOfTwo(rules.positionWords),
    ...emptyList('/potential/department/words', rules.department.words, rules.department.points),
    ...emptyList('/potential/industry/industries', rules.industry.industries, rules.industry.points),
    ...emptyList('/potential/country/countries', rules.country.countries, rules.country.points),
  ];
}

function stepFindings(list: 'companySize' | 'revenue', steps: readonly Step[]): Finding[] {
  return steps.flatMap((step, at) => {
    const before = steps[at - 1];
    if (
      !before ||
      begin(before) < begin(step) ||
      ('from' in before && 'over' in step && before.from === step.over)
    )
      return [];
    const pointer = pointerTo('potential', list, String(at));
    return [found('steps-not-ascending', pointer, 'A step begins above the one before it.')];
  });
}

function begin(step: Step): number {
  return 'over' in step ? step.over : step.from;
}

function wordsOfTwo(entries: Potential['positionWords']): Finding[] {
  const claimed = new Map<string, string>();
  return entries.flatMap(({ position, words }, at) =>
    words.flatMap((word, place) => {
      const plain = word.toLowerCase();
      const first = claimed.get(plain) ?? position;
      claimed.set(plain, first);
      if (first === position) return [];
      const pointer = pointerTo('potential', 'positionWords', String(at), 'words', String(place));
      return [found('word-of-two-positions', pointer, `${word} tells ${first} already, which counts.`)];
    }),
  );
}

function emptyList(pointer: string, list: readonly string[], points: number): Finding[] {
  if (list.length > 0 || points === 0) return [];
  return [found('criterion-unused', pointer, 'The list is empty: the criterion does not count.')];
}
