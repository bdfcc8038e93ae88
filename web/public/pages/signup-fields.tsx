import type { Form, FieldName } from '../../../shared/settings/form.ts';
import type { Language } from '../../../shared/settings/language.ts';
import type { SignupValues } from '../../../shared/signup/signup-input.ts';
import { CountryOptions } from '../../components/country-options.tsx';
import { SelectField, TextField } from '../../components/form.tsx';
import { textsFor } from '../../texts/texts.ts';

const AUTOCOMPLETE = {
  firstName: 'given-name',
  lastName: 'family-name',
  company: 'organization',
  country: 'country',
} as const satisfies Record<FieldName, string>;

type SignupFieldsProps = {
  form: Form;
  values: SignupValues;
  language: Language;
  suggestion: string | undefined;
  error: (field: string) => string | undefined;
};

/** Who signs up: the address and what else the form asks for. */
export function SignupFields({ form, values, language, suggestion, error }: SignupFieldsProps) {
  const texts = textsFor(language).signup;
  return (
    <div class="fields">
      <TextField
        id="email"
        type="email"
        label={texts.email}
        value={values.email}
        autocomplete="email"
        maxlength={254}
        error={error('email')}
      >
        {suggestion && <Suggestion typed={values.email} suggestion={suggestion} language={language} />}
      </TextField>
      {form.fields.map(({ name, required }) => {
        const props = {
          id: name,
          label: texts.fields[name],
          optional: required ? undefined : texts.optional,
          autocomplete: AUTOCOMPLETE[name],
          error: error(name),
        };
        const value = values.fields[name] ?? '';
        if (name !== 'country') return <TextField {...props} value={value} maxlength={80} />;
        return (
          <SelectField {...props}>
            <CountryOptions selected={value} language={language} />
          </SelectField>
        );
      })}
    </div>
  );
}

/** A likely slip of the keyboard: one click takes the other address, sending again keeps what was typed. */
function Suggestion({
  typed,
  suggestion,
  language,
}: {
  typed: string;
  suggestion: string;
  language: Language;
}) {
  const texts = textsFor(language).signup;
  return (
    <div class="suggestion" role="status">
      <p>{texts.didYouMean(suggestion)}</p>
      <button type="submit" class="button secondary" name="useSuggestion" value={suggestion}>
        {texts.useSuggestion(suggestion)}
      </button>
      <p class="quiet">{texts.keepTyped}</p>
      <input type="hidden" name="keepEmail" value={typed} />
    </div>
  );
}
