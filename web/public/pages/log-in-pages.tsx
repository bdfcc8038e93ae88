import { Button, ErrorSummary, PageForm, TextField } from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { NeutralContext, PageContext } from '../../components/layout.tsx';
import { LinkButton } from '../../components/outcome.tsx';
import { sessionTextsFor } from '../../texts/session-texts.ts';
import { visitTextsFor } from '../../texts/visit-texts.ts';

/** In the browser that asked: one button (T1, T4). */
export function LoginPage({
  context,
  action,
  pageNonce,
}: {
  context: PageContext;
  action: string;
  pageNonce: string;
}) {
  const texts = sessionTextsFor(context.language);
  return (
    <Page context={context} title={texts.loginTitle}>
      <h1>{texts.loginTitle}</h1>
      <p class="lead">{texts.loginLead}</p>
      <PageForm action={action} nonce={pageNonce}>
        <div class="actions">
          <Button>{texts.logIn}</Button>
        </div>
      </PageForm>
    </Page>
  );
}

/** Waits for the mail, and takes its code where the mail is read on another device. */
export function CodePage({ context, left }: { context: PageContext; left: number | undefined }) {
  const { language, brand } = context;
  const texts = sessionTextsFor(language);
  const error = left === undefined ? undefined : texts.wrongCode(left);
  return (
    <Page context={context} title={texts.waitTitle}>
      <h1>{texts.waitTitle}</h1>
      {error && <ErrorSummary title={texts.check} entries={[{ text: error, href: '#code' }]} />}
      <p class="lead">{texts.waitLead}</p>
      <p class="fact">
        <span class="quiet">{texts.sender}</span> <strong>{brand.sender.address}</strong>
      </p>
      <form method="post" action={`/log-in/code?lang=${language}`}>
        <TextField
          id="code"
          label={texts.code}
          value=""
          autocomplete="one-time-code"
          inputmode="numeric"
          maxlength={20}
          hint={texts.codeHint}
          error={error}
        />
        <div class="actions">
          <Button>{texts.logIn}</Button>
        </div>
      </form>
      <p>
        <a href={`/preferences?brand=${brand.id}&lang=${language}`}>{texts.nothingCame}</a>
      </p>
    </Page>
  );
}

/** The link was opened in another browser than the one that asked for it. */
export function OtherDevicePage({ context }: { context: PageContext }) {
  const { language, brand } = context;
  const texts = sessionTextsFor(language);
  return (
    <Page context={context} title={texts.otherTitle}>
      <h1>{texts.otherTitle}</h1>
      <p class="lead">{texts.otherLead}</p>
      <p>{texts.otherHere}</p>
      <LinkButton
        url={`/preferences?brand=${brand.id}&lang=${language}`}
        text={visitTextsFor(context.language).again}
      />
    </Page>
  );
}

/** Who asked twice has two mails, and a browser that waits for one of them. */
export function OneOfSeveralPage({ context }: { context: PageContext }) {
  const texts = sessionTextsFor(context.language);
  return (
    <Page context={context} title={texts.oneOfSeveralTitle}>
      <h1>{texts.oneOfSeveralTitle}</h1>
      <p class="lead">{texts.oneOfSeveralLead}</p>
    </Page>
  );
}

/** A link or code that opens nothing any more. */
export function LoginClosedPage({ context }: { context: NeutralContext }) {
  const texts = sessionTextsFor(context.language);
  return (
    <Page context={context} title={texts.closedTitle}>
      <h1>{texts.closedTitle}</h1>
      <p class="lead">{texts.closedLead}</p>
      <LinkButton
        url={`/preferences?lang=${context.language}`}
        text={visitTextsFor(context.language).again}
      />
    </Page>
  );
}
