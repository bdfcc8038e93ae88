import type { Child } from 'hono/jsx';

import type { Contact } from '../../../shared/contacts/contact.ts';
import { requestNumber } from '../../../shared/preferences/person-request.ts';
import type { PersonRequest } from '../../../shared/preferences/person-request.ts';
import { Button, PageForm } from '../../components/form.tsx';
import { ProfilePage } from '../../components/profile-nav.tsx';
import type { ProfileFrame } from '../../components/profile-nav.tsx';
import { formatDate } from '../../texts/format.ts';
import { rightsTextsFor } from '../../texts/rights-texts.ts';

type RightsPageProps = {
  frame: ProfileFrame;
  contact: Pick<Contact, 'noAdvertising' | 'restricted'>;
  requests: readonly PersonRequest[];
};

/** What the law lets a person do, each in a sentence and with the way to it (art. 15 to 21 GDPR). */
export function RightsPage({ frame, contact, requests }: RightsPageProps) {
  const { language, brand } = frame.context;
  const texts = rightsTextsFor(language);
  const link = (path: string, text: string) => <a href={`${path}?lang=${language}`}>{text}</a>;
  return (
    <ProfilePage frame={frame} title={texts.title}>
      <p class="lead">{texts.lead}</p>
      {requests.length > 0 && <Requests requests={requests} frame={frame} />}
      <ul class="items">
        <Right title={texts.take} text={texts.takeText}>
          {link('/rights/export.json', texts.json)} {link('/rights/export.csv', texts.csv)}
        </Right>
        <Right title={texts.correct} text={texts.correctText}>
          {link('/profile', texts.toProfile)}
        </Right>
        {contact.noAdvertising ? (
          <Right
            title={texts.object}
            text={texts.objected(formatDate(contact.noAdvertising.since, language))}
          />
        ) : (
          <Right title={texts.object} text={texts.objectText(brand.controller.name)}>
            <PageForm action={`/rights/object?lang=${language}`} nonce={frame.nonce}>
              <div class="actions">
                <Button secondary>{texts.objectSubmit}</Button>
              </div>
            </PageForm>
          </Right>
        )}
        {contact.restricted ? (
          <Right
            title={texts.restrict}
            text={texts.restrictedSince(formatDate(contact.restricted.since, language))}
          />
        ) : (
          <Right title={texts.restrict} text={texts.restrictText}>
            {link('/rights/restrict', texts.toRestrict)}
          </Right>
        )}
        <Right title={texts.ask} text={texts.askText}>
          {link('/rights/requests', texts.toAsk)}
        </Right>
        <Right title={texts.erase} text={texts.eraseText}>
          {link('/rights/erase', texts.toErase)}
        </Right>
      </ul>
    </ProfilePage>
  );
}

function Right({ title, text, children }: { title: string; text: string; children?: Child }) {
  return (
    <li class="right">
      <h2>{title}</h2>
      <p>{text}</p>
      {children && <div class="ways">{children}</div>}
    </li>
  );
}

function Requests({ requests, frame }: Pick<RightsPageProps, 'requests' | 'frame'>) {
  const { language } = frame.context;
  const texts = rightsTextsFor(language);
  return (
    <section class="notice requests" aria-labelledby="requests">
      <h2 id="requests">{texts.requests}</h2>
      <ul class="requests">
        {requests.map((request) => (
          <li>
            <p>
              <strong>{texts.number(requestNumber(request))}</strong> {texts.kinds[request.kind]}
            </p>
            {request.text !== '' && <p class="said">{request.text}</p>}
            <p class="quiet">
              {texts.asked(formatDate(request.askedAt, language))}.{' '}
              {request.answered
                ? texts.answered(formatDate(request.answered.at, language))
                : `${texts.answerBy(formatDate(request.answerBy, language))}.`}
            </p>
            {request.answered && <p class="said">{request.answered.text}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

type RightsDoneProps = {
  frame: ProfileFrame;
  title: string;
  text: string;
};

/** What an act on the rights pages came to. */
export function RightsDonePage({ frame, title, text }: RightsDoneProps) {
  const { language } = frame.context;
  const texts = rightsTextsFor(language);
  return (
    <ProfilePage frame={frame} title={title}>
      <p class="lead" role="status">
        {text}
      </p>
      <p>
        <a href={`/rights?lang=${language}`}>{texts.back}</a>
      </p>
    </ProfilePage>
  );
}
