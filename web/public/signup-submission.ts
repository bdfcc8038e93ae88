import { isDisposable } from '../../shared/contacts/disposable.ts';
import { suggestDomain } from '../../shared/contacts/typo.ts';
import type { EmailAddress } from '../../shared/contacts/email-address.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { log } from '../../shared/platform/log.ts';
import type { Language } from '../../shared/settings/language.ts';
import { clientKey } from '../../shared/signup/client-address.ts';
import { CHALLENGES, checkFormToken, isRegisteredOrigin } from '../../shared/signup/guard.ts';
import type { TokenCheck } from '../../shared/signup/guard.ts';
import type { SignupControls } from '../../shared/signup/signup-controls.ts';
import { parseSignup } from '../../shared/signup/signup-input.ts';
import type { SignupError, SignupValues } from '../../shared/signup/signup-input.ts';
import { COUNTRY_CODES } from '../components/countries.ts';
import type { SignupDeps, SignupPlace } from './signup-place.ts';

/** Where a post came from: the address as the platform saw it, the rest as the client says. */
export type SignupClient = {
  ip: string;
  userAgent: string;
  origin: string | undefined;
  secFetchSite: string | undefined;
  referer: string | undefined;
};

export type GuardReason = 'origin' | Exclude<TokenCheck['kind'], 'ok'> | 'trapped' | 'challenge';

/** What came of a post; each has its own page and its own JSON. */
export type SignupOutcome =
  | { kind: 'guarded'; reason: GuardReason; values: SignupValues }
  | { kind: 'invalid'; errors: SignupError[]; values: SignupValues; suggestion?: string }
  | { kind: 'too-many'; retryAt: Instant }
  | { kind: 'accepted'; thankYou: string | undefined };

export type Submission = {
  raw: Record<string, unknown>;
  controls: SignupControls;
  language: Language;
  client: SignupClient;
};

/** Takes a post through the guards, the same on every door, and hands it to the use case. */
export async function submitSignup(
  deps: SignupDeps,
  { form, brand, uses, path }: SignupPlace,
  { raw, controls, language, client }: Submission,
): Promise<SignupOutcome> {
  const limits = await deps.settings.limits();
  const check = checkFormToken(await deps.linkKeys(), form, limits, controls.token);
  const parsed = parseSignup({ form, uses, countries: COUNTRY_CODES }, raw);
  const stop = (reason: GuardReason): SignupOutcome => {
    log('info', 'signup-guarded', { form: form.id, reason });
    return { kind: 'guarded', reason, values: parsed.values };
  };
  if (!isRegisteredOrigin(client, deps.baseUrl, form)) return stop('origin');
  if (controls.trapped) return stop('trapped');
  if (check.kind !== 'ok') return stop(check.kind);
  if (!(await CHALLENGES[form.challenge](controls.challenge))) return stop('challenge');
  if (!parsed.ok) return { kind: 'invalid', errors: parsed.errors, values: parsed.values };

  const { values, address } = parsed;
  const doubt = doubtAbout(address, controls, form.refuseDisposable ? deps.disposableDomains : undefined);
  if (doubt) return { kind: 'invalid', values, ...doubt };
  const answer = await deps.requestSignup({
    form,
    brand,
    limits,
    address,
    values: { fields: values.fields, uses: values.uses, topics: values.topics },
    language,
    page: pageOf(client, form.origins, deps.baseUrl, path),
    ip: client.ip,
    ipKey: clientKey(client.ip),
    userAgent: client.userAgent,
    formToken: controls.token ?? '',
    shownAt: check.shownAt,
  });
  return answer.kind === 'too-many' ? answer : { kind: 'accepted', thankYou: values.thankYou };
}

/** What speaks against an address that is well formed. Neither asks what we know of it (T6). */
function doubtAbout(
  { delivery, domain }: EmailAddress,
  { acceptAddress }: SignupControls,
  disposableDomains: (() => Buffer) | undefined,
): { errors: SignupError[]; suggestion?: string } | undefined {
  if (disposableDomains && isDisposable(domain, disposableDomains())) {
    return { errors: [{ field: 'email', code: 'email-disposable' }] };
  }
  const meant = acceptAddress ? undefined : suggestDomain(domain);
  if (meant === undefined) return undefined;
  const suggestion = `${delivery.slice(0, delivery.lastIndexOf('@'))}@${meant}`;
  return { errors: [{ field: 'email', code: 'email-typo' }], suggestion };
}

/** The page the form stood on, for the evidence: of a site we know, without query and fragment. */
function pageOf(
  client: SignupClient,
  origins: readonly string[],
  baseUrl: string,
  path: string,
): string | undefined {
  const referer = client.referer === undefined ? null : URL.parse(client.referer);
  if (referer && origins.includes(referer.origin))
    return `${referer.origin}${referer.pathname}`.slice(0, 500);
  if (client.secFetchSite === 'same-origin' || client.origin === baseUrl) return `${baseUrl}${path}`;
  return client.origin;
}
