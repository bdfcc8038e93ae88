import { FIELD_NAMES } from '../../../shared/settings/form.ts';
import type { FieldName } from '../../../shared/settings/form.ts';
import type { Language } from '../../../shared/settings/language.ts';
import type { Uses } from '../../../shared/settings/uses.ts';
import type { SignupError } from '../../../shared/signup/signup-input.ts';
import { textsFor } from '../../texts/texts.ts';

/** What to do about an error, in the reader's language; names the field as the form does. */
export function signupErrorText({ field, code }: SignupError, uses: Uses, language: Language): string {
  return textsFor(language).signup.errors[code](labelOf(field, uses, language));
}

function labelOf(field: string, uses: Uses, language: Language): string {
  const texts = textsFor(language).signup;
  if (field === 'email') return texts.email;
  if (isFieldName(field)) return texts.fields[field];
  const use = uses.uses.find(({ id }) => field === `use-${id}`);
  return use?.name[language] ?? field;
}

function isFieldName(field: string): field is FieldName {
  return FIELD_NAMES.some((name) => name === field);
}
