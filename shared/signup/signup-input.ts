import type { FieldName } from '../settings/form.ts';

/** What a visitor typed and ticked, as the form shows it again. */
export type SignupValues = {
  email: string;
  fields: Partial<Record<FieldName, string>>;
  uses: string[];
  topics: string[];
  thankYou?: string;
};

/** Why a sign-up was not accepted; the texts are in `web/texts`. */
export type SignupErrorCode =
  | 'email-missing'
  | 'email-invalid'
  | 'email-disposable'
  | 'email-typo'
  | 'field-missing'
  | 'field-too-long'
  | 'field-has-link'
  | 'field-invalid'
  | 'use-missing'
  | 'use-unknown'
  | 'topic-unknown'
  | 'country-unknown'
  | 'thank-you-unknown'
  | 'unknown-field';

/** `field` is the id of the form control: `email`, a field name, `use-<id>`, `topics`, or an unknown field's name. */
export type SignupError = { field: string; code: SignupErrorCode };
