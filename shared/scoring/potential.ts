import type { Account } from '../contacts/account.ts';
import type { Assessed, Contact } from '../contacts/contact.ts';
import type { Grade, Scoring, Step } from '../settings/scoring.ts';
import { findWords, fold } from './find-words.ts';
import { positionIn } from './position-in.ts';

export const CRITERIA = [
  'position',
  'department',
  'companySize',
  'revenue',
  'industry',
  'country',
  'decisionAuthority',
  'buyingRole',
  'referenceValue',
] as const;
export type Criterion = (typeof CRITERIA)[number];

type Rules = Scoring['potential'];
type Told = { [A in keyof Assessed]?: NonNullable<Assessed[A]>['value'] | undefined };
/** All that the potential rests on; what is unknown is left out. */
export type PotentialFacts = Told & {
  jobTitle?: string | undefined;
  department?: string | undefined;
  employees?: number | undefined;
  /** Millions of euros a year. */
  revenueMillions?: number | undefined;
  industry?: string | undefined;
  country?: string | undefined;
  reference?: boolean | undefined;
};

type Judged = { value: string; points: number };
/** `known`: how many of the criteria in use; a part that is not known has no points, which are not 0. */
export type Potential = {
  points: number;
  grade: Grade;
  known: { known: number; of: number };
  parts: ({ criterion: Criterion } & Partial<Judged>)[];
};

/** What a criterion can give; one that can give nothing but 0 is not in use. */
const OFFERS = {
  position: ({ position }) => Object.values(position),
  department: ({ department }) => department.words.map(() => department.points),
  companySize: ({ companySize }) => companySize.map(({ points }) => points),
  revenue: ({ revenue }) => revenue.map(({ points }) => points),
  industry: ({ industry }) => industry.industries.map(() => industry.points),
  country: ({ country }) => country.countries.map(() => country.points),
  decisionAuthority: ({ decisionAuthority }) => Object.values(decisionAuthority),
  buyingRole: ({ buyingRole }) => Object.values(buyingRole),
  referenceValue: ({ referenceValue }) => [referenceValue],
} as const satisfies Record<Criterion, (rules: Rules) => number[]>;

/** What a criterion gives for what is known; undefined where nothing is. */
const JUDGES: Record<Criterion, (facts: PotentialFacts, rules: Rules) => Judged | undefined> = {
  position: ({ position, jobTitle }, rules) =>
    given(
      position ?? (jobTitle === undefined ? undefined : positionIn(jobTitle, rules.positionWords)),
      (is) => rules.position[is],
    ),
  department: (facts, { department }) =>
    given(facts.department, (is) => (isAmong(is, department.words) ? department.points : 0)),
  companySize: ({ employees }, { companySize }) => given(employees, (is) => reached(companySize, is)),
  revenue: ({ revenueMillions }, { revenue }) => given(revenueMillions, (is) => reached(revenue, is)),
  industry: (facts, { industry }) =>
    given(facts.industry, (is) => (isAmong(is, industry.industries) ? industry.points : 0)),
  country: (facts, { country }) =>
    given(facts.country, (is) => (country.countries.includes(is) ? country.points : 0)),
  decisionAuthority: (facts, rules) => given(facts.decisionAuthority, (is) => rules.decisionAuthority[is]),
  buyingRole: (facts, rules) => given(facts.buyingRole, (is) => rules.buyingRole[is]),
  referenceValue: ({ reference }, { referenceValue }) => given(reference, (is) => (is ? referenceValue : 0)),
};

/** Whether somebody is a customer worth having (DOMAIN 6). Pure. */
export function potentialOf(
  facts: PotentialFacts,
  { potential, grades }: Pick<Scoring, 'potential' | 'grades'>,
): Potential {
  const parts = CRITERIA.filter((criterion) =>
    OFFERS[criterion](potential).some((points) => points !== 0),
  ).map((criterion) => ({ criterion, ...JUDGES[criterion](facts, potential) }));
  const known = parts.flatMap(({ points }) => points ?? []);
  const points = known.reduce((sum, each) => sum + each, 0);
  return { points, grade: gradeOf(points, grades), known: { known: known.length, of: parts.length }, parts };
}

/** What is known of a contact, their company first. */
export function potentialFacts(contact: Contact, account: Account | undefined): PotentialFacts {
  const { fields, assessed } = contact;
  return {
    position: assessed?.position?.value,
    jobTitle: fields.jobTitle?.value,
    department: fields.department?.value,
    employees: account?.employees,
    revenueMillions: account?.revenueMillions,
    industry: account?.industry,
    country: account?.country ?? contact.country,
    decisionAuthority: assessed?.decisionAuthority?.value,
    buyingRole: assessed?.buyingRole?.value,
    reference: account?.reference,
  };
}

function given<F extends string | number | boolean>(
  fact: F | undefined,
  worth: (fact: F) => number,
): Judged | undefined {
  return fact === undefined ? undefined : { value: String(fact), points: worth(fact) };
}

function isAmong(text: string, words: readonly string[]): boolean {
  const folded = fold(text);
  return words.some((word) => findWords(folded, word).length > 0);
}

/** Points of the last step that a number reaches; below the first it is worth nothing. */
function reached(steps: readonly Step[], number: number): number {
  return steps.findLast((step) => ('over' in step ? number > step.over : number >= step.from))?.points ?? 0;
}

function gradeOf(points: number, grades: Scoring['grades']): Grade {
  if (points >= grades.A) return 'A';
  if (points >= grades.B) return 'B';
  return points >= grades.C ? 'C' : 'D';
}
