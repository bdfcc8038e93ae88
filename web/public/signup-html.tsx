import type { Context } from 'hono';

import { assertNever } from '../../shared/platform/assert-never.ts';
import { formToken } from '../../shared/signup/guard.ts';
import type { Language } from '../../shared/settings/language.ts';
import { pageContext } from '../assets.ts';
import { explain, page, retryAfter } from '../respond.tsx';
import type { WebEnv } from '../request.ts';
import { contentSecurityPolicy } from '../security-headers.ts';
import { SignupPage } from './pages/signup-page.tsx';
import type { SignupNotice, SignupPageProps } from './pages/signup-page.tsx';
import type { SignupDeps, SignupPlace } from './signup-place.ts';
import type { GuardReason, SignupOutcome } from './signup-submission.ts';

type Shown = Partial<Pick<SignupPageProps, 'values' | 'errors' | 'notice' | 'suggestion'>> & {
  /** The timestamp to go on with; a new one unless told. */
  token?: string | undefined;
};
const EMPTY = { email: '', fields: {}, uses: [], topics: [] };

/** The form as a page, empty or as it was posted. */
export async function showForm(
  c: Context<WebEnv>,
  deps: SignupDeps,
  { form, brand, uses, path }: SignupPlace,
  language: Language,
  { token, values = EMPTY, errors = [], notice, suggestion }: Shown = {},
  status: 200 | 422 = 200,
): Promise<Response> {
  const timestamp = token ?? formToken(await deps.linkKeys(), form);
  const thankYouOrigins = form.thankYouUrls.map((url) => new URL(url).origin);
  c.header(
    'Content-Security-Policy',
    contentSecurityPolicy({ formAction: [...new Set(thankYouOrigins)], frameAncestors: form.origins }),
  );
  c.header('Vary', 'Accept-Language', { append: true });
  const context = pageContext(brand, language);
  const shown = { context, form, uses, values, errors, notice, suggestion, timestamp, action: path };
  return page(c, language, <SignupPage {...shown} />, status);
}

/** Nobody loses what was typed; a robot gains nothing from being told. */
const NOTICES = {
  origin: { notice: 'check', status: 200 },
  missing: { notice: 'check', status: 200 },
  forged: { notice: 'check', status: 422 },
  changed: { notice: 'check', status: 422 },
  'too-fast': { notice: 'too-fast', status: 422 },
  'too-late': { notice: 'too-late', status: 422 },
  trapped: { notice: 'robot', status: 422 },
  challenge: { notice: 'robot', status: 422 },
} as const satisfies Record<GuardReason, { notice: SignupNotice; status: 200 | 422 }>;

/** What a browser gets to see after a post. */
export async function answerPage(
  c: Context<WebEnv>,
  deps: SignupDeps,
  place: SignupPlace,
  language: Language,
  token: string | undefined,
  outcome: SignupOutcome,
): Promise<Response> {
  switch (outcome.kind) {
    case 'accepted': {
      const [ownChoice] = place.form.thankYouUrls;
      return c.redirect(outcome.thankYou ?? ownChoice ?? `${place.path}/thanks?lang=${language}`, 303);
    }
    case 'too-many':
      c.header('Retry-After', retryAfter(outcome.retryAt));
      return explain(c, 429, undefined, pageContext(place.brand, language));
    case 'guarded': {
      const { notice, status } = NOTICES[outcome.reason];
      // A tick belongs to the wording it was set for.
      const values = outcome.reason === 'changed' ? { ...outcome.values, uses: [] } : outcome.values;
      return showForm(c, deps, place, language, { values, notice }, status);
    }
    case 'invalid': {
      const { values, errors, suggestion } = outcome;
      // The same timestamp: who takes a suggestion at once is not too fast, and one form stays one request.
      return showForm(c, deps, place, language, { token, values, errors, suggestion }, 422);
    }
    default:
      return assertNever(outcome);
  }
}
