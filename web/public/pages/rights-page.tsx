import type { Contact } from '../../../shared/contacts/contact.ts';
import { MAX_REQUEST_TEXT } from '../../../shared/preferences/person-request.ts';
import type { PersonRequest } from '../../../shared/preferences/person-request.ts';
import { Button, ErrorSummary, SelectField, TextArea } from '../../components/form.tsx';
import { LinkButton } from '../../components/outcome.tsx';
import { ProfilePage } from '../../components/profile-nav.tsx';
import type { ProfileFrame } from '../../components/profile-nav.tsx';
import { formatDate } from '../../texts/format.ts';
import { rightsTextsFor } from '../../texts/rights-texts.ts';

export type RightsFault = 'textMissing' | 'tooMany';
type Props = {
  frame: ProfileFrame;
  contact: Contact;
  requests: readonly PersonRequest[];
  fault?: RightsFault | undefined;
  typed?: string;
};

/** What the law lets a person do, each with a button that does it (art. 15 to 21 GDPR). */
export function RightsPage({ frame, contact, requests, fault, typed = '' }: Props) {
  const { context, nonce } = frame;
  const { language, brand } = context;
  const texts = rightsTextsFor(language);
  const error = fault && texts[fault];
  const url = (path: string) => `/rights/${path}?lang=${language}`;
  return (
    <ProfilePage frame={frame} title={texts.title}>
      {error && <ErrorSummary title={texts.check} entries={[{ text: error, href: '#text' }]} />}
      <p class="lead">{texts.lead}</p>
      <section class="aside" aria-labelledby="take">
        <h2 id="take">{texts.take}</h2>
        <p>{texts.takeText}</p>
        <p class="actions">
          <a class="button secondary" href={url('export.json')}>
            {texts.json}
          </a>
          <a class="button secondary" href={url('export.csv')}>
            {texts.csv}
          </a>
        </p>
      </section>
      <section class="aside" aria-labelledby="correct">
        <h2 id="correct">{texts.correct}</h2>
        <p>
          {texts.correctText} <a href={`/profile?lang=${language}`}>{texts.toProfile}</a>
        </p>
      </section>
      <section class="aside" aria-labelledby="object">
        <h2 id="object">{texts.object}</h2>
        {contact.noAdvertising ? (
          <p>{texts.objected(formatDate(contact.noAdvertising.since, language))}</p>
        ) : (
          <form method="post" action={url('object')}>
            <p>{texts.objectText(brand.controller.name)}</p>
            <input type="hidden" name="page" value={nonce} />
            <div class="actions">
              <Button secondary>{texts.objectSubmit}</Button>
            </div>
          </form>
        )}
      </section>
      <section class="aside" aria-labelledby="restrict">
        <h2 id="restrict">{texts.restrict}</h2>
        <p>{texts.restrictText}</p>
        <form method="post" action={url('restrict')}>
          <input type="hidden" name="page" value={nonce} />
          <TextArea id="why" name="text" label={texts.restrictWhy} value="" maxlength={MAX_REQUEST_TEXT} />
          <div class="actions">
            <Button secondary>{texts.restrictSubmit}</Button>
          </div>
        </form>
      </section>
      <section class="aside" aria-labelledby="ask">
        <h2 id="ask">{texts.ask}</h2>
        <p>{texts.askText}</p>
        <form method="post" action={url('requests')}>
          <input type="hidden" name="page" value={nonce} />
          <SelectField id="kind" label={texts.kind}>
            {(['question', 'correction', 'objection'] as const).map((kind) => (
              <option value={kind}>{texts.kinds[kind]}</option>
            ))}
          </SelectField>
          <TextArea id="text" label={texts.text} value={typed} maxlength={MAX_REQUEST_TEXT} error={error} />
          <div class="actions">
            <Button secondary>{texts.askSubmit}</Button>
          </div>
        </form>
      </section>
      {requests.length > 0 && <Requests requests={requests} frame={frame} />}
      <section class="aside" aria-labelledby="erase">
        <h2 id="erase">{texts.erase}</h2>
        <p>{texts.eraseText}</p>
        <LinkButton url={url('erase')} text={texts.toErase} />
      </section>
    </ProfilePage>
  );
}

function Requests({ requests, frame }: Pick<Props, 'requests' | 'frame'>) {
  const { language } = frame.context;
  const texts = rightsTextsFor(language);
  return (
    <section class="aside" aria-labelledby="requests">
      <h2 id="requests">{texts.requests}</h2>
      <ul class="items">
        {requests.map(({ kind, text, askedAt, answerBy, answered }) => (
          <li>
            <strong>{texts.kinds[kind]}</strong>
            <p>{text}</p>
            <p class="quiet">
              {texts.asked(formatDate(askedAt, language))}.{' '}
              {answered
                ? texts.answered(formatDate(answered.at, language))
                : texts.answerBy(formatDate(answerBy, language))}
            </p>
            {answered && <p>{answered.text}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What an act on the rights page came to. */
export function RightsDonePage({ frame, title, text }: { frame: ProfileFrame; title: string; text: string }) {
  const { language } = frame.context;
  return (
    <ProfilePage frame={frame} title={title}>
      <p class="lead" role="status">
        {text}
      </p>
      <p>
        <a href={`/rights?lang=${language}`}>{rightsTextsFor(language).back}</a>
      </p>
    </ProfilePage>
  );
}
