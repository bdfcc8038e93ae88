import type { Instant } from '../../../shared/platform/clock.ts';
import type { GOES, Stays } from '../../../shared/retention/erase-preview.ts';
import type { Language } from '../../../shared/settings/language.ts';
import { Button, Choice, ErrorSummary, PageForm } from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { Outcome } from '../../components/outcome.tsx';
import { ProfilePage } from '../../components/profile-nav.tsx';
import type { ProfileFrame } from '../../components/profile-nav.tsx';
import { formatDate, formatDateTime } from '../../texts/format.ts';
import { rightsTextsFor } from '../../texts/rights-texts.ts';

type ErasePageProps = {
  frame: ProfileFrame;
  goes: readonly (typeof GOES)[number][];
  stays: readonly Stays[];
  /** The box was not ticked. */
  unsure: boolean;
};

/** What would go, what would stay, until when and why; then a second act (D4). */
export function ErasePage({ frame, goes, stays, unsure }: ErasePageProps) {
  const { language } = frame.context;
  const texts = rightsTextsFor(language);
  const error = unsure ? texts.sureMissing : undefined;
  return (
    <ProfilePage frame={frame} title={texts.eraseTitle}>
      {error && <ErrorSummary title={texts.check} entries={[{ text: error, href: '#sure' }]} />}
      <h2>{texts.goes}</h2>
      <ul class="wordings">
        {goes.map((what) => (
          <li>{texts.goesItems[what]}</li>
        ))}
      </ul>
      {stays.length > 0 && <Kept stays={stays} language={language} />}
      <p>{texts.backups}</p>
      <p>{texts.again}</p>
      <PageForm action={`/rights/erase?lang=${language}`} nonce={frame.nonce}>
        <Choice
          type="checkbox"
          id="sure"
          name="sure"
          value="on"
          label={texts.sure}
          checked={false}
          error={error}
        />
        <div class="actions">
          <Button>{texts.eraseSubmit}</Button>
        </div>
      </PageForm>
    </ProfilePage>
  );
}

function Kept({ stays, language }: { stays: readonly Stays[]; language: Language }) {
  const texts = rightsTextsFor(language);
  return (
    <>
      <h2>{texts.stays}</h2>
      <ul class="items">
        {stays.map(({ what, reason, until }) => (
          <li>
            <strong>
              {texts.staysItems[what]},{' '}
              {until === undefined ? texts.forEver : texts.until(formatDate(until, language))}
            </strong>
            <p class="quiet">
              {texts.why[reason]} ({texts.basis[reason]})
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

type ErasedPageProps = {
  context: PageContext;
  maskedAddress: string;
  erasedAt: Instant;
  stays: readonly Stays[];
};

/** After an erasure there is nobody to show a navigation to. */
export function ErasedPage({ context, maskedAddress, erasedAt, stays }: ErasedPageProps) {
  const { language } = context;
  const texts = rightsTextsFor(language);
  return (
    <Page context={context} title={texts.erased}>
      <Outcome title={texts.erased}>
        <p class="lead">{texts.erasedText(maskedAddress, formatDateTime(erasedAt, language))}</p>
        {stays.length > 0 && <Kept stays={stays} language={language} />}
        <p>{texts.backups}</p>
        <p>{texts.again}</p>
      </Outcome>
    </Page>
  );
}
