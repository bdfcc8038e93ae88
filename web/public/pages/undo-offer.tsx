import type { Language } from '../../../shared/settings/language.ts';
import { Button } from '../../components/form.tsx';
import { choicesTextsFor } from '../../texts/choices-texts.ts';

/** Where an act is taken back, by which tokens, and what is agreed to anew with it. */
export type UndoOffer = { action: string; tokens: readonly string[]; wordings: readonly string[] };

/** For ten minutes the way back, below what was done. */
export function UndoOfferSection({ offer, language }: { offer: UndoOffer; language: Language }) {
  const texts = choicesTextsFor(language);
  return (
    <section class="aside" aria-labelledby="undo-title">
      <h2 id="undo-title">{texts.mistake}</h2>
      <p>{texts.undoHint}</p>
      {offer.wordings.length > 0 && <p>{texts.undoAgrees}</p>}
      <ul class="wordings">
        {offer.wordings.map((wording) => (
          <li>{wording}</li>
        ))}
      </ul>
      <form method="post" action={offer.action} class="actions">
        {offer.tokens.map((token, at) => (
          <input type="hidden" name={`undo.${at}`} value={token} />
        ))}
        <Button secondary>{texts.undo}</Button>
      </form>
    </section>
  );
}
