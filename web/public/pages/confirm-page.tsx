import type { Instant } from '../../../shared/platform/clock.ts';
import { ConfirmItems } from '../../components/confirm-items.tsx';
import type { ConfirmItem } from '../../components/confirm-items.tsx';
import { Button, PageForm } from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { formatDateTime } from '../../texts/format.ts';
import { textsFor } from '../../texts/texts.ts';

export type ConfirmPageProps = {
  context: PageContext;
  maskedAddress: string;
  signedUpAt: Instant;
  formTitle: string;
  items: readonly ConfirmItem[];
  /** Signed, bound to the link and to the time this page was shown (G5). */
  pageNonce: string;
  action: string;
  notMeAction: string;
};

/** The review before the act (WCAG 3.3.4): what will be agreed, and one button. */
export function ConfirmPage(props: ConfirmPageProps) {
  const { context, maskedAddress, items, pageNonce } = props;
  const { language } = context;
  const texts = textsFor(language).confirm;
  const at = formatDateTime(props.signedUpAt, language);
  return (
    <Page context={context} title={texts.title}>
      <h1>{texts.title}</h1>
      <p class="lead">{texts.lead(maskedAddress)}</p>
      <ConfirmItems items={items} language={language} />
      <p class="quiet">{texts.origin(at, props.formTitle)}</p>
      <div class="actions">
        <PageForm action={props.action} nonce={pageNonce}>
          <Button>{texts.yes}</Button>
        </PageForm>
        <PageForm action={props.notMeAction} nonce={pageNonce} id="not-me">
          <Button secondary>{texts.no}</Button>
        </PageForm>
      </div>
      <p class="quiet">
        {texts.no}? {texts.noHint}
      </p>
    </Page>
  );
}
