import type { Session } from '../../../shared/preferences/session.ts';
import { Button, PageForm } from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { LinkButton, Outcome } from '../../components/outcome.tsx';
import { ProfilePage } from '../../components/profile-nav.tsx';
import type { ProfileFrame } from '../../components/profile-nav.tsx';
import { formatDateTime } from '../../texts/format.ts';
import { sessionTextsFor } from '../../texts/session-texts.ts';
import { visitTextsFor } from '../../texts/visit-texts.ts';

type SessionsProps = { frame: ProfileFrame; sessions: readonly Session[]; current: string };

/** Where one is logged in; a stranger among them is thrown out by one button. */
export function SessionsPage({ frame, sessions, current }: SessionsProps) {
  const { language } = frame.context;
  const texts = sessionTextsFor(language);
  return (
    <ProfilePage frame={frame} title={texts.sessionsTitle}>
      <p class="lead">{texts.sessionsLead}</p>
      <ul class="items">
        {sessions.map(({ hash, device, since, seenAt }) => (
          <li>
            <strong>{device === '?' ? texts.unknownDevice : device}</strong>
            {hash === current && <p>{texts.thisOne}</p>}
            <p class="quiet">
              {texts.since(formatDateTime(since, language), formatDateTime(seenAt, language))}
            </p>
          </li>
        ))}
      </ul>
      <PageForm action={`/sessions/end-all?lang=${language}`} nonce={frame.nonce}>
        <div class="actions">
          <Button>{texts.logOutEverywhere}</Button>
        </div>
      </PageForm>
    </ProfilePage>
  );
}

export function LoggedOutPage({ context, everywhere }: { context: PageContext; everywhere: boolean }) {
  const { language, brand } = context;
  const texts = sessionTextsFor(language);
  return (
    <Page context={context} title={texts.loggedOut}>
      <Outcome title={texts.loggedOut}>
        <p class="lead">{everywhere ? texts.loggedOutEverywhere : texts.loggedOutText}</p>
        <LinkButton
          url={`/preferences?brand=${brand.id}&lang=${language}`}
          text={visitTextsFor(language).again}
        />
      </Outcome>
    </Page>
  );
}
