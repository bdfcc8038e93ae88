import type { Around } from './around.ts';
import type { Finding } from './findings.ts';
import { lintBrand } from './lint-brand.ts';
import { lintForm } from './lint-form.ts';
import { lintPolicy } from './lint-policy.ts';
import { lintScoring } from './lint-scoring.ts';
import { lintUses } from './lint-uses.ts';
import type { Documents, SettingKind } from './store.ts';

type Lint<D> = (document: D, previous: D | undefined, around: Around) => Finding[];

const LINTS: { [K in SettingKind]: Lint<Documents[K]> } = {
  brand: lintBrand,
  form: lintForm,
  uses: lintUses,
  policy: lintPolicy,
  scoring: lintScoring,
  limits: () => [],
};

/** What is unlawful, contradictory or dangerous about a document, worst first. Pure. */
export function lintSetting<K extends SettingKind>(
  kind: K,
  document: Documents[K],
  previous: Documents[K] | undefined,
  around: Around,
): Finding[] {
  const order: readonly Finding['severity'][] = ['error', 'warning', 'info'];
  return LINTS[kind](document, previous, around).toSorted(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity),
  );
}
