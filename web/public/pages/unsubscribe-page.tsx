import { Button, Choice, Choices, PageForm, SelectField } from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { textsFor } from '../../texts/texts.ts';

export type UnsubscribePageProps = {
  context: PageContext;
  maskedAddress: string;
  /** From the narrowest to "no advertising at all" (U10). */
  choices: readonly { value: string; label: string; hint?: string }[];
  selected: string;
  action: string;
  pageNonce: string;
};

/** One page, one button, no log-in; a reason is welcome and never needed (U10). */
export function UnsubscribePage({
  context,
  maskedAddress,
  choices,
  selected,
  action,
  pageNonce,
}: UnsubscribePageProps) {
  const texts = textsFor(context.language).unsubscribe;
  const { optional } = textsFor(context.language).signup;
  return (
    <Page context={context} title={texts.title}>
      <h1>{texts.title}</h1>
      <p class="fact">
        <span class="quiet">{texts.lead}</span> <strong>{maskedAddress}</strong>
      </p>
      <PageForm action={action} nonce={pageNonce}>
        <Choices id="scope" legend={texts.question}>
          {choices.map(({ value, label, hint }, index) => (
            <Choice
              type="radio"
              id={`scope-${index}`}
              name="scope"
              value={value}
              label={label}
              hint={hint}
              checked={value === selected}
              required
            />
          ))}
        </Choices>
        <SelectField id="reason" label={texts.reason} optional={optional}>
          <option value="">{texts.reasonNone}</option>
          {Object.entries(texts.reasons).map(([value, label]) => (
            <option value={value}>{label}</option>
          ))}
        </SelectField>
        <div class="actions">
          <Button>{texts.submit}</Button>
        </div>
      </PageForm>
    </Page>
  );
}
