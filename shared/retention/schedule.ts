import { DAY, plus, plusMonths, toInstant, toMs } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Policy } from '../settings/policy.ts';
import { PURGE_AFTER } from '../signup/pending.ts';

type Span =
  | { months: number | keyof Policy['retention'] }
  | { years: number | keyof Policy['retention']; toYearEnd?: true }
  | { days: number }
  | 'for-ever';
export type RetentionRow = {
  /** Counted from here. */
  from: string;
  keep: Span;
  /** Why it may be kept that long and no longer. */
  basis: string;
  source: string;
  /** Who ends it: our clock, or the table's own expiry. */
  by: 'clock' | 'expiry' | 'nobody';
};

/** How long what is kept (DOMAIN 8). Pages and previews read their periods here. */
export const RETENTION = {
  contact: {
    from: 'last own act, without grant or business',
    keep: { months: 'idleContactMonths' },
    basis: 'GDPR art. 5(1)(e)',
    source: 'DOMAIN 8',
    by: 'clock',
  },
  'unconfirmed-signup': {
    from: 'sign-up',
    keep: { days: PURGE_AFTER / DAY },
    basis: 'GDPR art. 5(1)(e), 17',
    source: 'G13',
    by: 'clock',
  },
  'raw-event': {
    from: 'event',
    keep: { months: 13 },
    basis: 'GDPR art. 5(1)(e)',
    source: 'DOMAIN 8',
    by: 'expiry',
  },
  promotion: {
    from: 'message',
    keep: { months: 'promotionMonths' },
    basis: 'GDPR art. 5(1)(e)',
    source: 'DOMAIN 8',
    by: 'expiry',
  },
  'closed-lead': {
    from: 'end of the lead',
    keep: { months: 24 },
    basis: 'GDPR art. 5(1)(e)',
    source: 'DOMAIN 8',
    by: 'expiry',
  },
  claims: {
    from: 'end of the consent',
    keep: { years: 'proofYears', toYearEnd: true },
    basis: 'GDPR art. 17(3)(e); §§ 195, 199 BGB',
    source: 'G14',
    by: 'clock',
  },
  'answered-request': {
    from: 'answer to the person',
    keep: { years: 'proofYears', toYearEnd: true },
    basis: 'GDPR art. 5(2), 12(3); §§ 195, 199 BGB',
    source: 'D1, G14',
    by: 'clock',
  },
  'phone-consent': {
    from: 'consent and each use of it',
    keep: { years: 'phoneProofYears' },
    basis: 'GDPR art. 17(3)(b); § 7a UWG',
    source: 'G7',
    by: 'clock',
  },
  suppression: {
    from: 'erasure',
    keep: 'for-ever',
    basis: 'GDPR art. 17(3)(b), 21(3)',
    source: 'D4, G14',
    by: 'nobody',
  },
} as const satisfies Record<string, RetentionRow>;
export type Retained = keyof typeof RETENTION;

/** When something kept since `from` must be gone; undefined for what stays. */
export function retainedUntil(
  what: Retained,
  from: Instant,
  policy: Pick<Policy, 'retention'>,
): Instant | undefined {
  const { keep }: RetentionRow = RETENTION[what];
  if (keep === 'for-ever') return undefined;
  if ('days' in keep) return plus(from, keep.days * DAY);
  const count = (told: number | keyof Policy['retention']) =>
    typeof told === 'number' ? told : policy.retention[told];
  if ('months' in keep) return plusMonths(from, count(keep.months));
  const end = plusMonths(from, 12 * count(keep.years));
  return keep.toYearEnd ? afterYear(end) : end;
}

/** The first instant after the year that `instant` lies in. */
function afterYear(instant: Instant): Instant {
  return toInstant(toMs(`${Number(instant.slice(0, 4)) + 1}-01-01T00:00:00.000Z`));
}
