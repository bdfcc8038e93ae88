import { sha256 } from '../platform/ids.ts';
import { canonical } from '../permission/evidence.ts';
import type { Change } from '../permission/evidence.ts';
import type { Brand } from '../settings/brand.ts';
import { wordingHash, wordingOf } from '../settings/form.ts';
import type { VersionedForm } from '../settings/form.ts';
import type { Language } from '../settings/language.ts';
import type { SignupRequest } from './pending.ts';

/** What was ticked on a form as it was shown: with the hashes of form and wordings, and what it pointed to (G4). */
export function declaredOn(
  form: VersionedForm,
  brand: Brand,
  uses: readonly string[],
  language: Language,
): Pick<SignupRequest, 'form' | 'language' | 'uses' | 'privacyNotice'> {
  return {
    form: { id: form.id, version: form.version, sha256: sha256(canonical(form)) },
    language,
    uses: Object.fromEntries(uses.map((use) => [use, wordingHash(wordingOf(form, use, language) ?? '')])),
    privacyNotice: { version: brand.privacyNotice.version, url: brand.privacyNotice.url[language] },
  };
}

/** The type of the entry that a declaration becomes: it may grant nothing before one of us looked at it. */
export function declarationType(changes: readonly Change[]): 'granted' | 'review' {
  return changes.some(({ to, review }) => to === 'granted' && !review) ? 'granted' : 'review';
}
