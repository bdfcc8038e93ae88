import type { Language } from '../../../shared/settings/language.ts';
import type { VersionedForm } from '../../../shared/settings/form.ts';
import type { Uses } from '../../../shared/settings/uses.ts';
import type { SignupError, SignupValues } from '../../../shared/signup/signup-input.ts';
import { Button, ErrorSummary, Honeypot } from '../../components/form.tsx';
import { Page, inLanguages } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { textsFor } from '../../texts/texts.ts';
import { signupErrorText } from './signup-error-text.ts';
import { SignupChoices, choiceIds } from './signup-choices.tsx';
import { SignupFields } from './signup-fields.tsx';

/** Why the form is shown once more although nothing in it is wrong. */
export type SignupNotice = 'check' | 'too-fast' | 'too-late' | 'robot';

export type SignupPageProps = {
  context: PageContext;
  form: VersionedForm;
  uses: Uses;
  values: SignupValues;
  errors: readonly SignupError[];
  notice?: SignupNotice | undefined;
  /** A whole address that the person may have meant. */
  suggestion?: string | undefined;
  /** Signed by us: when this form was shown. */
  timestamp: string;
  action: string;
};

/** The sign-up form, empty or with what was typed and what is left to do. */
export function SignupPage(props: SignupPageProps) {
  const { form, uses, values, errors, notice, suggestion, timestamp, action } = props;
  const context = { ...props.context, alternates: props.context.alternates ?? inLanguages(action) };
  const { language, brand } = context;
  const texts = textsFor(language).signup;
  const error = (field: string) => errorAt(errors, field, uses, language);
  return (
    <Page context={context} title={form.title[language]}>
      <h1>{form.title[language]}</h1>
      <p class="lead">{form.intro[language]}</p>
      {notice && (
        <p class="notice" role="status">
          {texts.notice[notice]}
        </p>
      )}
      {errors.length > 0 && (
        <ErrorSummary
          title={texts.summary(errors.length)}
          entries={summaryOf(errors, form, uses, language)}
        />
      )}
      <form method="post" action={action}>
        {suggestion && <DefaultButton text={texts.submit} />}
        <SignupFields form={form} values={values} language={language} suggestion={suggestion} error={error} />
        <SignupChoices form={form} uses={uses} values={values} language={language} error={error} />
        <Honeypot name="website" label={texts.leaveEmpty} />
        <input type="hidden" name="ts" value={timestamp} />
        <input type="hidden" name="lang" value={language} />
        {values.thankYou !== undefined && <input type="hidden" name="thankYou" value={values.thankYou} />}
        <div class="actions">
          <Button>{texts.submit}</Button>
        </div>
        <p class="quiet">
          {texts.after} {texts.privacy}
          <a href={brand.privacyNotice.url[language]}>{texts.privacyLink}</a>.
        </p>
      </form>
    </Page>
  );
}

/** Return in a field presses the first button of a form, which must not be the one that changes the address. */
function DefaultButton({ text }: { text: string }) {
  return (
    <button type="submit" class="off-screen" tabindex={-1} aria-hidden="true">
      {text}
    </button>
  );
}

function errorAt(
  errors: readonly SignupError[],
  field: string,
  uses: Uses,
  language: Language,
): string | undefined {
  const found = errors.find((error) => error.field === field);
  return found && signupErrorText(found, uses, language);
}

function summaryOf(errors: readonly SignupError[], form: VersionedForm, uses: Uses, language: Language) {
  const ids = new Set(['email', ...form.fields.map(({ name }) => name), ...choiceIds(form)]);
  return errors.map((error) => ({
    text: signupErrorText(error, uses, language),
    href: ids.has(error.field) ? `#${error.field}` : undefined,
  }));
}
