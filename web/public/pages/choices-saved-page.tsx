import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { Outcome } from '../../components/outcome.tsx';
import { choicesTextsFor } from '../../texts/choices-texts.ts';
import { UndoOfferSection } from './undo-offer.tsx';
import type { UndoOffer } from './undo-offer.tsx';

export type ChoicesSavedProps = {
  context: PageContext;
  maskedAddress: string;
  /** What changed, each in a line. */
  changed: readonly string[];
  /** What is still to happen, or did not. */
  notes: readonly string[];
  /** Something was left, so mailings may be under way. */
  left: boolean;
  backUrl: string;
  undo: UndoOffer | undefined;
};

/** What is true now, for whom, and for ten minutes the way back. */
export function ChoicesSavedPage(props: ChoicesSavedProps) {
  const { context, maskedAddress, changed, notes, left, backUrl, undo } = props;
  const texts = choicesTextsFor(context.language);
  const title = changed.length > 0 || notes.length > 0 ? texts.saved : texts.unchanged;
  return (
    <Page context={context} title={title}>
      <Outcome title={title}>
        {changed.length > 0 && <p class="lead">{texts.savedFor(maskedAddress)}</p>}
        {changed.length > 0 && (
          <ul class="items">
            {changed.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        )}
        {left && <p>{texts.stopped}</p>}
        {notes.map((note) => (
          <p class="notice">{note}</p>
        ))}
        {changed.length + notes.length === 0 && <p class="lead">{texts.unchangedText}</p>}
      </Outcome>
      <p>
        <a href={backUrl}>{texts.back}</a>
      </p>
      {undo && <UndoOfferSection offer={undo} language={context.language} />}
    </Page>
  );
}

/** For a link whose owner we no longer hold, and after an undo. */
export function ChoicesMessagePage({
  context,
  kind,
  backUrl,
}: {
  context: PageContext;
  kind: 'nobody' | 'undone' | 'unchanged';
  backUrl?: string;
}) {
  const texts = choicesTextsFor(context.language);
  const text = { nobody: texts.nobodyText, undone: texts.undoneText, unchanged: texts.unchangedText }[kind];
  return (
    <Page context={context} title={texts[kind]}>
      <Outcome title={texts[kind]}>
        <p class="lead">{text}</p>
        {backUrl !== undefined && (
          <p>
            <a href={backUrl}>{texts.back}</a>
          </p>
        )}
      </Outcome>
    </Page>
  );
}
