import { assertNever } from '../../../shared/platform/assert-never.ts';
import type { Instant } from '../../../shared/platform/clock.ts';
import type { Language } from '../../../shared/settings/language.ts';
import { Names } from '../../components/confirm-items.tsx';
import { Button, PageForm } from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { LinkButton, Outcome } from '../../components/outcome.tsx';
import { formatDate } from '../../texts/format.ts';
import { textsFor } from '../../texts/texts.ts';

/** Every way a confirmation link can end. */
export type ConfirmOutcome =
  | { kind: 'confirmed'; maskedAddress: string; items: string[]; reviewItems: string[]; choicesUrl: string }
  | { kind: 'already-confirmed'; confirmedAt: Instant; choicesUrl?: string | undefined }
  | { kind: 'expired'; resendAction?: string; pageNonce?: string; formUrl: string }
  | { kind: 'under-review' }
  | { kind: 'withdrawn-meanwhile'; formUrl: string }
  | { kind: 'resent'; senderAddress: string }
  | { kind: 'rejected' };

/** What is true after (or instead of) a confirmation, and what can be done now. */
export function ConfirmOutcomePage({ context, outcome }: { context: PageContext; outcome: ConfirmOutcome }) {
  const title = titleOf(outcome, context.language);
  return (
    <Page context={context} title={title}>
      <Outcome title={title}>
        <Body outcome={outcome} language={context.language} />
      </Outcome>
    </Page>
  );
}

function titleOf(outcome: ConfirmOutcome, language: Language): string {
  const texts = textsFor(language).confirmOutcome;
  switch (outcome.kind) {
    case 'confirmed':
      return outcome.items.length > 0 ? texts.confirmed : texts.underReview;
    case 'already-confirmed':
      return texts.already;
    case 'expired':
      return texts.expired;
    case 'under-review':
      return texts.underReview;
    case 'withdrawn-meanwhile':
      return texts.withdrawn;
    case 'resent':
      return texts.resent;
    case 'rejected':
      return texts.rejected;
    default:
      return assertNever(outcome);
  }
}

function Body({ outcome, language }: { outcome: ConfirmOutcome; language: Language }) {
  const texts = textsFor(language).confirmOutcome;
  switch (outcome.kind) {
    case 'confirmed':
      return <Confirmed outcome={outcome} language={language} />;
    case 'already-confirmed':
      return (
        <>
          <p class="lead">{texts.alreadyText(formatDate(outcome.confirmedAt, language))}</p>
          {outcome.choicesUrl !== undefined && <ChoicesLink url={outcome.choicesUrl} language={language} />}
        </>
      );
    case 'expired':
      return <Expired outcome={outcome} language={language} />;
    case 'under-review':
      return <p class="lead">{texts.underReviewText}</p>;
    case 'withdrawn-meanwhile':
      return (
        <>
          <p class="lead">{texts.withdrawnText}</p>
          <LinkButton url={outcome.formUrl} text={texts.toForm} />
        </>
      );
    case 'resent':
      return (
        <>
          <p class="lead">{texts.resentText}</p>
          <p class="fact">
            <span class="quiet">{textsFor(language).thankYou.sender}</span>{' '}
            <strong>{outcome.senderAddress}</strong>
          </p>
        </>
      );
    case 'rejected':
      return <p class="lead">{texts.rejectedText}</p>;
    default:
      return assertNever(outcome);
  }
}

type Of<K extends ConfirmOutcome['kind']> = {
  outcome: Extract<ConfirmOutcome, { kind: K }>;
  language: Language;
};

function Confirmed({ outcome, language }: Of<'confirmed'>) {
  const texts = textsFor(language).confirmOutcome;
  return (
    <>
      {outcome.items.length > 0 && (
        <>
          <p class="lead">{texts.confirmedLead(outcome.maskedAddress)}</p>
          <Names names={outcome.items} />
        </>
      )}
      {outcome.reviewItems.length > 0 && (
        <>
          <p>{texts.review}</p>
          <Names names={outcome.reviewItems} />
        </>
      )}
      <ChoicesLink url={outcome.choicesUrl} language={language} />
    </>
  );
}

function Expired({ outcome: { resendAction, pageNonce, formUrl }, language }: Of<'expired'>) {
  const texts = textsFor(language).confirmOutcome;
  if (resendAction === undefined || pageNonce === undefined) {
    return (
      <>
        <p class="lead">{texts.expiredForm}</p>
        <LinkButton url={formUrl} text={texts.toForm} />
      </>
    );
  }
  return (
    <>
      <p class="lead">{texts.expiredResend}</p>
      <PageForm action={resendAction} nonce={pageNonce} class="actions">
        <Button>{texts.resend}</Button>
      </PageForm>
    </>
  );
}

function ChoicesLink({ url, language }: { url: string; language: Language }) {
  const texts = textsFor(language).confirmOutcome;
  return (
    <p>
      <a href={url}>{texts.choices}</a>
      <br />
      <span class="quiet">{texts.choicesHint}</span>
    </p>
  );
}
