import { assertNever } from '../../../shared/platform/assert-never.ts';
import type { Language } from '../../../shared/settings/language.ts';
import { Names } from '../../components/confirm-items.tsx';
import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { LinkButton, Outcome } from '../../components/outcome.tsx';
import { textsFor } from '../../texts/texts.ts';

/** Every way an undo can end. */
export type UndoneOutcome =
  | { kind: 'restored'; items: string[] }
  | { kind: 'nothing-to-undo' }
  | { kind: 'too-late'; formUrl?: string };

/** What is true after an undo. */
export function UndoneOutcomePage({ context, outcome }: { context: PageContext; outcome: UndoneOutcome }) {
  const title = titleOf(outcome, context.language);
  return (
    <Page context={context} title={title}>
      <Outcome title={title}>
        <Body outcome={outcome} language={context.language} />
      </Outcome>
    </Page>
  );
}

function titleOf(outcome: UndoneOutcome, language: Language): string {
  const texts = textsFor(language).undo;
  switch (outcome.kind) {
    case 'restored':
      return outcome.items.length > 0 ? texts.restored : texts.changeRestored;
    case 'nothing-to-undo':
      return texts.nothing;
    case 'too-late':
      return texts.tooLate;
    default:
      return assertNever(outcome);
  }
}

function Body({ outcome, language }: { outcome: UndoneOutcome; language: Language }) {
  const texts = textsFor(language).undo;
  switch (outcome.kind) {
    case 'restored':
      return (
        <>
          <p class="lead">{outcome.items.length > 0 ? texts.restoredLead : texts.changeRestoredText}</p>
          <Names names={outcome.items} />
        </>
      );
    case 'nothing-to-undo':
      return <p class="lead">{texts.nothingText}</p>;
    case 'too-late':
      return (
        <>
          <p class="lead">{texts.tooLateText}</p>
          {outcome.formUrl !== undefined && (
            <LinkButton url={outcome.formUrl} text={textsFor(language).confirmOutcome.toForm} />
          )}
        </>
      );
    default:
      return assertNever(outcome);
  }
}
