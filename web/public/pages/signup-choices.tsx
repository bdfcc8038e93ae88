import type { Form } from '../../../shared/settings/form.ts';
import type { Language } from '../../../shared/settings/language.ts';
import type { Uses } from '../../../shared/settings/uses.ts';
import type { SignupValues } from '../../../shared/signup/signup-input.ts';
import { Choice, Choices } from '../../components/form.tsx';
import { textsFor } from '../../texts/texts.ts';

type SignupChoicesProps = {
  form: Form;
  uses: Uses;
  values: SignupValues;
  language: Language;
  error: (field: string) => string | undefined;
};

/** What somebody signs up for: topics, then one box per consent, never ticked for the person (G9, G12). */
export function SignupChoices({ form, uses, values, language, error }: SignupChoicesProps) {
  const texts = textsFor(language).signup;
  const topics = uses.topics.filter(({ id }) => form.topics.includes(id));
  return (
    <>
      {topics.length > 0 && (
        <Choices id="topics" legend={texts.topics} hint={texts.topicsHint} error={error('topics')}>
          {topics.map(({ id, name, description }) => (
            <Choice
              type="checkbox"
              id={`topic-${id}`}
              name="topics"
              value={id}
              label={<strong>{name[language]}</strong>}
              hint={description[language]}
              checked={values.topics.includes(id)}
            />
          ))}
        </Choices>
      )}
      <Choices
        id="uses"
        legend={texts.uses}
        hint={form.uses.length > 1 ? texts.usesHint : texts.usesHintSingle}
        error={error('uses')}
      >
        {form.uses.map(({ use, wording, required }) => (
          <Choice
            type="checkbox"
            id={`use-${use}`}
            name="uses"
            value={use}
            label={wording[language]}
            hint={required && form.uses.length > 1 ? texts.useRequired : undefined}
            error={error(`use-${use}`)}
            checked={values.uses.includes(use)}
            required={required}
          />
        ))}
      </Choices>
    </>
  );
}

/** Ids that an error can lead to. */
export function choiceIds(form: Form): string[] {
  return ['uses', ...form.uses.map(({ use }) => `use-${use}`), ...(form.topics.length > 0 ? ['topics'] : [])];
}
