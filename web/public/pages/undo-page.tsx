import { ConfirmItems } from '../../components/confirm-items.tsx';
import type { ConfirmItem } from '../../components/confirm-items.tsx';
import { Button, PageForm } from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { textsFor } from '../../texts/texts.ts';

export type UndoPageProps = {
  context: PageContext;
  maskedAddress: string;
  items: readonly ConfirmItem[];
  action: string;
  pageNonce: string;
};

/** Where the link in a receipt leads: what would be agreed anew, and one button. */
export function UndoPage({ context, maskedAddress, items, action, pageNonce }: UndoPageProps) {
  const texts = textsFor(context.language).undo;
  const agrees = items.length > 0;
  const title = agrees ? texts.title : texts.changeTitle;
  return (
    <Page context={context} title={title}>
      <h1>{title}</h1>
      <p class="lead">{agrees ? texts.lead(maskedAddress) : texts.changeLead(maskedAddress)}</p>
      <ConfirmItems items={items} language={context.language} />
      <PageForm action={action} nonce={pageNonce} class="actions">
        <Button>{agrees ? texts.submit : texts.changeSubmit}</Button>
      </PageForm>
      <p class="quiet">{agrees ? texts.leave : texts.changeLeave}</p>
    </Page>
  );
}
