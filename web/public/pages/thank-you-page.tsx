import type { Form } from '../../../shared/settings/form.ts';
import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { textsFor } from '../../texts/texts.ts';

/** After every accepted sign-up, whatever we know about the address (T6): what to look for, and where. */
export function ThankYouPage({
  context,
  form,
  formUrl,
}: {
  context: PageContext;
  form: Form;
  formUrl: string;
}) {
  const { brand, language } = context;
  const texts = textsFor(language).thankYou;
  return (
    <Page context={context} title={texts.title}>
      <p class="eyebrow">{form.title[language]}</p>
      <h1>{texts.title}</h1>
      <p class="lead">{texts.sent}</p>
      <p class="fact">
        <span class="quiet">{texts.sender}</span> <strong>{brand.sender.address}</strong>
      </p>
      <p>
        {texts.nothing}
        <a href={formUrl}>{texts.checkAddress}</a>.
      </p>
    </Page>
  );
}
