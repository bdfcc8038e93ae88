import { HOUR, SECOND, nowMs, toInstant } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { randomToken } from '../platform/ids.ts';
import { readToken, signToken } from '../platform/token.ts';
import type { LinkKeys } from '../platform/token.ts';
import type { Form, VersionedForm } from '../settings/form.ts';
import type { Limits } from '../settings/limits.ts';

type Shown = Pick<VersionedForm, 'id' | 'version'>;

/** Marks this version of a form as shown now; without state, without a person in it (T7). */
export function formToken(links: LinkKeys, { id, version }: Shown): string {
  return signToken(links, 'form', [id, String(version), nowMs().toString(36), randomToken(9)]);
}

export type TokenCheck =
  { kind: 'ok'; shownAt: Instant } | { kind: 'missing' | 'forged' | 'changed' | 'too-fast' | 'too-late' };

/**
 * Whether the form was really shown, long enough to be filled in by a person, not too long ago, and as it is now:
 * nobody consents to a wording that was changed meanwhile (E1).
 */
export function checkFormToken(
  links: LinkKeys,
  form: Shown,
  limits: Pick<Limits, 'minFillSeconds' | 'maxFillHours'>,
  token: string | undefined,
): TokenCheck {
  if (token === undefined) return { kind: 'missing' };
  const [id, version, shown] = readToken(links, 'form', 4, token) ?? [];
  if (id !== form.id || shown === undefined) return { kind: 'forged' };
  if (version !== String(form.version)) return { kind: 'changed' };
  const shownMs = Number.parseInt(shown, 36);
  const age = nowMs() - shownMs;
  if (age < limits.minFillSeconds * SECOND) return { kind: 'too-fast' };
  if (age > limits.maxFillHours * HOUR) return { kind: 'too-late' };
  return { kind: 'ok', shownAt: toInstant(shownMs) };
}

/**
 * Whether a post comes from our own page or a registered site (T9). Programs send no Origin and pass; `null` alone
 * says nothing, because Chromium sends it from our own pages too (they forbid referrers), beside `same-origin`.
 */
export function isRegisteredOrigin(
  sent: { secFetchSite: string | undefined; origin: string | undefined },
  ownOrigin: string,
  form: Pick<Form, 'origins'>,
): boolean {
  if (sent.secFetchSite === 'same-origin' || sent.origin === undefined) return true;
  return sent.origin === ownOrigin || form.origins.includes(sent.origin);
}

/** Checks what a proof-of-work widget posted as `challenge`. */
export type Challenge = (answer: string | undefined) => Promise<boolean>;

/** The seam for such a widget: a name in the form's settings, a check here. */
export const CHALLENGES: Record<Form['challenge'], Challenge> = {
  none: () => Promise.resolve(true),
};
