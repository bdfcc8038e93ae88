import { ConfirmItems } from '../../components/confirm-items.tsx';
import type { ConfirmItem } from '../../components/confirm-items.tsx';
import { Button } from '../../components/form.tsx';
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
  return (
    <Page context={context} title={texts.title}>
      <h1>{texts.title}</h1>
      <p class="lead">{texts.lead(maskedAddress)}</p>
      <ConfirmItems items={items} language={context.language} />
      <form method="post" action={action} class="actions">
        <input type="hidden" name="page" value={pageNonce} />
        <Button>{texts.submit}</Button>
      </form>
      <p class="quiet">{texts.leave}</p>
    </Page>
  );
}
