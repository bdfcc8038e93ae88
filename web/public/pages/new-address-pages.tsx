import { Button, ErrorSummary, PageForm, TextField } from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { NeutralContext, PageContext } from '../../components/layout.tsx';
import { LinkButton, Outcome } from '../../components/outcome.tsx';
import { ProfilePage } from '../../components/profile-nav.tsx';
import type { ProfileFrame } from '../../components/profile-nav.tsx';
import { newAddressTextsFor } from '../../texts/new-address-texts.ts';

export type AddressFault = 'email-missing' | 'email-invalid' | 'same' | 'too-many';

type FormProps = {
  frame: ProfileFrame;
  present: string;
  typed: string;
  fault: AddressFault | undefined;
  /** The address that a mail was just sent to. */
  asked: string | undefined;
};

/** Where else to write to; the old address stays until the new one is confirmed. */
export function NewAddressForm({ frame, present, typed, fault, asked }: FormProps) {
  const { language } = frame.context;
  const texts = newAddressTextsFor(language);
  const error = fault && texts.errors[fault];
  return (
    <ProfilePage frame={frame} title={texts.title}>
      {error && <ErrorSummary title={texts.check} entries={[{ text: error, href: '#email' }]} />}
      {asked !== undefined && (
        <div class="notice" role="status">
          <h2>{texts.asked}</h2>
          <p>{texts.askedText(asked)}</p>
        </div>
      )}
      <p class="fact">
        <span class="quiet">{texts.present}</span> <strong>{present}</strong>
      </p>
      <p>{texts.how}</p>
      <PageForm action={`/profile/address?lang=${language}`} nonce={frame.nonce}>
        <TextField
          id="email"
          type="email"
          label={texts.label}
          value={typed}
          autocomplete="email"
          maxlength={254}
          error={error}
        />
        <div class="actions">
          <Button>{texts.submit}</Button>
        </div>
      </PageForm>
    </ProfilePage>
  );
}

type ConfirmProps = { context: PageContext; from: string; to: string; action: string; pageNonce: string };

/** What the owner of the new mailbox agrees to; changes nothing by being looked at (T1). */
export function NewAddressPage({ context, from, to, action, pageNonce }: ConfirmProps) {
  const texts = newAddressTextsFor(context.language);
  return (
    <Page context={context} title={texts.confirmTitle}>
      <h1>{texts.confirmTitle}</h1>
      <p class="lead">{texts.confirmLead(from, to)}</p>
      <p>{texts.consents}</p>
      <PageForm action={action} nonce={pageNonce}>
        <div class="actions">
          <Button>{texts.yes}</Button>
        </div>
      </PageForm>
      <p class="quiet">{texts.leave}</p>
    </Page>
  );
}

export type AddressOutcome = { kind: 'changed'; maskedAddress: string } | { kind: 'taken' | 'closed' };

export function NewAddressOutcomePage({
  context,
  outcome,
}: {
  context: PageContext | NeutralContext;
  outcome: AddressOutcome;
}) {
  const texts = newAddressTextsFor(context.language);
  const { title, text } = texts[outcome.kind];
  const brand = context.brand ? `&brand=${context.brand.id}` : '';
  return (
    <Page context={context} title={title}>
      <Outcome title={title}>
        <p class="lead">{text(outcome.kind === 'changed' ? outcome.maskedAddress : '')}</p>
        {outcome.kind === 'changed' && <p>{texts.again}</p>}
        {outcome.kind !== 'closed' && (
          <LinkButton url={`/preferences?lang=${context.language}${brand}`} text={texts.logIn} />
        )}
      </Outcome>
    </Page>
  );
}
