import type { Context } from 'hono';

import { assertNever } from '../../shared/platform/assert-never.ts';
import { pointerTo } from '../../shared/platform/json-pointer.ts';
import type { Language } from '../../shared/settings/language.ts';
import type { SignupError } from '../../shared/signup/signup-input.ts';
import { problem } from '../problem.ts';
import type { ProblemError } from '../problem.ts';
import { explain, retryAfter } from '../respond.tsx';
import type { WebEnv } from '../request.ts';
import { frameTextsFor } from '../texts/frame-texts.ts';
import { textsFor } from '../texts/texts.ts';
import { signupErrorText } from './pages/signup-error-text.ts';
import type { SignupPlace } from './signup-place.ts';
import type { GuardReason, SignupOutcome } from './signup-submission.ts';

/** What a script or program gets after a post. */
export async function answerJson(
  c: Context<WebEnv>,
  { uses }: SignupPlace,
  language: Language,
  outcome: SignupOutcome,
): Promise<Response> {
  c.header('Content-Language', language);
  switch (outcome.kind) {
    case 'accepted':
      return c.json({ status: 'check-your-mail' }, 202);
    case 'too-many':
      c.header('Retry-After', retryAfter(outcome.retryAt));
      return explain(c, 429, frameTextsFor(language).message['too-many'].text);
    case 'guarded':
      return outcome.reason === 'origin'
        ? problem(c, 403, { detail: 'The origin of this request is not registered for the form.' })
        : problem(c, 422, { errors: [guardError(outcome.reason, language)] });
    case 'invalid': {
      const { suggestion } = outcome;
      const errors = outcome.errors.map((error): ProblemError => {
        const base = {
          pointer: pointerTo(memberOf(error)),
          detail: signupErrorText(error, uses, language),
          code: error.code,
        };
        return suggestion !== undefined && error.code === 'email-typo' ? { ...base, suggestion } : base;
      });
      return problem(c, 422, { errors });
    }
    default:
      return assertNever(outcome);
  }
}

const GUARDS = {
  missing: { member: 'ts', notice: 'check' },
  forged: { member: 'ts', notice: 'check' },
  changed: { member: 'ts', notice: 'check' },
  'too-fast': { member: 'ts', notice: 'too-fast' },
  'too-late': { member: 'ts', notice: 'too-late' },
  trapped: { member: 'website', notice: 'robot' },
  challenge: { member: 'challenge', notice: 'robot' },
} as const satisfies Record<Exclude<GuardReason, 'origin'>, object>;

function guardError(reason: Exclude<GuardReason, 'origin'>, language: Language): ProblemError {
  const { member, notice } = GUARDS[reason];
  return { pointer: pointerTo(member), detail: textsFor(language).signup.notice[notice], code: reason };
}

/** The member of the posted document that an error is about. */
function memberOf({ field, code }: SignupError): string {
  return code === 'use-missing' ? 'uses' : field;
}
