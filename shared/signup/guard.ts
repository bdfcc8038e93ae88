import { HOUR, SECOND, nowMs, toInstant } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { randomToken } from '../platform/ids.ts';
import { readToken, signToken } from '../platform/token.ts';
import type { LinkKeys } from '../platform/token.ts';
import type { Form } from '../settings/form.ts';
import type { Limits } from '../settings/limits.ts';

/** Marks a form as shown now; without state, without a person in it (T7). */
export function formToken(links: LinkKeys, formId: string): string {
  return signToken(links, 'form', [formId, nowMs().toString(36), randomToken(9)]);
}

export type TokenCheck =
  { kind: 'ok'; shownAt: Instant } | { kind: 'missing' | 'forged' | 'too-fast' | 'too-late' };

/** Whether the form was really shown, long enough to be filled in by a person and not too long ago. */
export function checkFormToken(
  links: LinkKeys,
  formId: string,
  limits: Pick<Limits, 'minFillSeconds' | 'maxFillHours'>,
  token: string | undefined,
): TokenCheck {
  if (token === undefined) return { kind: 'missing' };
  const [form, shown] = readToken(links, 'form', 3, token) ?? [];
  if (form !== formId || shown === undefined) return { kind: 'forged' };
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
