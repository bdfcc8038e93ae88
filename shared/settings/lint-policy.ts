import type { Around } from './around.ts';
import { found } from './findings.ts';
import type { Finding } from './findings.ts';
import type { Policy } from './policy.ts';

/** Below these courts have let consents lapse (G8), and proof is gone before claims are (G7, G14). */
const LAPSE_MONTHS = 24;
const PROOF_YEARS = 3;
const PHONE_PROOF_YEARS = 5;
/** SES reviews an account at 5 % bounces; Gmail and Yahoo want fewer complaints than 3 in 1,000 (B1, B3). */
const MOST = {
  bounces: { below: 0.05, says: '5 % (SES)' },
  complaints: { below: 0.003, says: '0.3 % (Gmail, Yahoo)' },
} as const;

/** Terms of a policy against the law, and against what forms promise. */
export function lintPolicy(
  { lapse, frequency, guard, retention }: Policy,
  _previous: Policy | undefined,
  { own }: Around,
): Finding[] {
  const findings: Finding[] = [];
  if (lapse.warnMonths >= lapse.months) {
    findings.push(found('warning-after-lapse', '/lapse/warnMonths', 'A lapse is warned of before it comes.'));
  }
  if (lapse.months > LAPSE_MONTHS) {
    const detail = `Courts let consents lapse that were not used for ${LAPSE_MONTHS} months (G8).`;
    findings.push(found('lapse-late', '/lapse/months', detail));
  }
  for (const kind of ['bounces', 'complaints'] as const) {
    const { warn, stop } = guard[kind];
    if (warn > stop) {
      const detail = 'Mail is warned of before it is stopped.';
      findings.push(found('warning-after-stop', `/guard/${kind}/warn`, detail));
    }
    if (stop > MOST[kind].below) {
      const detail = `Mail would go on where others stop it: its ${kind} may not reach ${MOST[kind].says}.`;
      findings.push(found('guard-too-loose', `/guard/${kind}/stop`, detail));
    }
  }
  if (frequency.email.length === 0) {
    findings.push(found('no-email-cap', '/frequency/email', 'Nothing limits how often people get e-mail.'));
  }
  if (retention.proofYears < PROOF_YEARS) {
    const detail = `Claims become time-barred after ${PROOF_YEARS} years, and proof would be gone before (G14).`;
    findings.push(found('proof-too-short', '/retention/proofYears', detail));
  }
  if (retention.phoneProofYears < PHONE_PROOF_YEARS) {
    const detail = `Consent to calls must be kept for ${PHONE_PROOF_YEARS} years (§ 7a UWG, G7).`;
    findings.push(found('proof-too-short', '/retention/phoneProofYears', detail));
  }
  return [
    ...findings,
    ...own.forms.flatMap(({ id, promisedFrequency: promised }) => {
      const held =
        promised && frequency.email.some(({ count, days }) => count * promised.days <= promised.count * days);
      if (!promised || held) return [];
      const detail = `The form ${id} promises ${promised.count} in ${promised.days} days: for its consents that decides.`;
      return [found('policy-looser-than-promise', '/frequency/email', detail)];
    }),
  ];
}
