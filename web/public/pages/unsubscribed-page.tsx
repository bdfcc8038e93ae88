import { Names } from '../../components/confirm-items.tsx';
import { Button } from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { Outcome } from '../../components/outcome.tsx';
import { textsFor } from '../../texts/texts.ts';

type Undo = { action: string; token: string; wordings: string[] };

export type UnsubscribedPageProps = {
  context: PageContext;
  maskedAddress: string;
  gone: string[];
  /** No advertising at all, from any brand of the controller. */
  all: boolean;
  undo?: Undo | undefined;
  already: boolean;
};

/** What ended, for whom, and for ten minutes the way back. */
export function UnsubscribedPage({
  context,
  maskedAddress,
  gone,
  all,
  undo,
  already,
}: UnsubscribedPageProps) {
  const texts = textsFor(context.language).unsubscribe;
  const title = already ? texts.already : texts.done;
  if (already) {
    return (
      <Page context={context} title={title}>
        <Outcome title={title}>
          <p class="lead">{texts.alreadyText(maskedAddress)}</p>
        </Outcome>
      </Page>
    );
  }
  return (
    <Page context={context} title={title}>
      <Outcome title={title}>
        <p class="lead">
          {all ? texts.goneAll(maskedAddress, context.brand.controller.name) : texts.gone(maskedAddress)}
        </p>
        {!all && <Names names={gone} />}
        <p>{texts.stopped}</p>
      </Outcome>
      {undo && <UndoForm undo={undo} context={context} />}
    </Page>
  );
}

/** Taking it back is a new consent, so its wording stands beside the button (DOMAIN 2). */
function UndoForm({ undo, context }: { undo: Undo; context: PageContext }) {
  const texts = textsFor(context.language).unsubscribe;
  return (
    <section class="aside" aria-labelledby="undo-title">
      <h2 id="undo-title">{texts.mistake}</h2>
      <p>{texts.undoHint}</p>
      <ul class="wordings">
        {undo.wordings.map((wording) => (
          <li>{wording}</li>
        ))}
      </ul>
      <form method="post" action={undo.action} class="actions">
        <input type="hidden" name="undo" value={undo.token} />
        <Button secondary>{texts.undo}</Button>
      </form>
    </section>
  );
}
