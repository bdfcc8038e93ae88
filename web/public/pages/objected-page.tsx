import { ProfilePage } from '../../components/profile-nav.tsx';
import type { ProfileFrame } from '../../components/profile-nav.tsx';
import { rightsTextsFor } from '../../texts/rights-texts.ts';
import { UndoOfferSection } from './undo-offer.tsx';
import type { UndoOffer } from './undo-offer.tsx';

type ObjectedPageProps = {
  frame: ProfileFrame;
  maskedAddress: string;
  /** Absent where nothing was taken, as after a repeated post. */
  undo: UndoOffer | undefined;
};

/** What an objection to all advertising came to, and for ten minutes the way back. */
export function ObjectedPage({ frame, maskedAddress, undo }: ObjectedPageProps) {
  const { language } = frame.context;
  const texts = rightsTextsFor(language);
  return (
    <ProfilePage frame={frame} title={texts.objectedTitle}>
      <p class="lead" role="status">
        {texts.objectedText(maskedAddress)}
      </p>
      <p>
        {!undo && texts.mistake} <a href={frame.choicesUrl}>{texts.toChoices}</a>
      </p>
      {undo && <UndoOfferSection offer={undo} language={language} />}
      <p>
        <a href={`/rights?lang=${language}`}>{texts.back}</a>
      </p>
    </ProfilePage>
  );
}
