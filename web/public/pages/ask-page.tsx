import type { Child } from 'hono/jsx';

import type { Instant } from '../../../shared/platform/clock.ts';
import { MAX_REQUEST_TEXT } from '../../../shared/preferences/person-request.ts';
import type { PersonRequest } from '../../../shared/preferences/person-request.ts';
import { Button, Choice, Choices, ErrorSummary, PageForm, TextArea } from '../../components/form.tsx';
import { ProfilePage } from '../../components/profile-nav.tsx';
import type { ProfileFrame } from '../../components/profile-nav.tsx';
import { formatDate } from '../../texts/format.ts';
import { rightsTextsFor } from '../../texts/rights-texts.ts';

/** What can be asked in words; a restriction has a page of its own. */
export const ASKED_KINDS = ['question', 'correction', 'objection'] as const satisfies PersonRequest['kind'][];
export type AskFault = 'textMissing' | 'tooMany';
/** What came back with a fault. */
export type Asking = { kind?: PersonRequest['kind']; text: string; fault?: AskFault | undefined };
type AskProps = { frame: ProfileFrame; asking: Asking };

/** A question, a correction or an objection, for one of us to answer by a date (D1). */
export function AskPage({ frame, asking, answerBy }: AskProps & { answerBy: Instant }) {
  const { language } = frame.context;
  const texts = rightsTextsFor(language);
  const { kind: asked = ASKED_KINDS[0] } = asking;
  return (
    <AskFrame
      frame={frame}
      asking={asking}
      title={texts.askTitle}
      lead={texts.askLead(formatDate(answerBy, language))}
    >
      <PageForm action={`/rights/requests?lang=${language}`} nonce={frame.nonce}>
        <Choices id="kinds" legend={texts.kind}>
          {ASKED_KINDS.map((kind) => (
            <Choice
              type="radio"
              id={`kind-${kind}`}
              name="kind"
              value={kind}
              label={texts.kinds[kind]}
              checked={kind === asked}
            />
          ))}
        </Choices>
        <TextArea
          id="text"
          label={texts.text}
          value={asking.text}
          maxlength={MAX_REQUEST_TEXT}
          error={asking.fault && texts[asking.fault]}
        />
        <div class="actions">
          <Button>{texts.askSubmit}</Button>
        </div>
      </PageForm>
    </AskFrame>
  );
}

/** What a restriction means, before the button that begins it (art. 18 GDPR). */
export function RestrictPage({ frame, asking }: AskProps) {
  const { language } = frame.context;
  const texts = rightsTextsFor(language);
  return (
    <AskFrame frame={frame} asking={asking} title={texts.restrict} lead={texts.restrictText}>
      <p>{texts.restrictHow}</p>
      <PageForm action={`/rights/restrict?lang=${language}`} nonce={frame.nonce}>
        <TextArea
          id="text"
          label={texts.restrictWhy}
          optional={texts.optional}
          value={asking.text}
          maxlength={MAX_REQUEST_TEXT}
          error={asking.fault && texts[asking.fault]}
        />
        <div class="actions">
          <Button>{texts.restrictSubmit}</Button>
        </div>
      </PageForm>
    </AskFrame>
  );
}

function AskFrame({
  frame,
  asking: { fault },
  title,
  lead,
  children,
}: AskProps & { title: string; lead: string; children?: Child }) {
  const { language } = frame.context;
  const texts = rightsTextsFor(language);
  return (
    <ProfilePage frame={frame} title={title}>
      {fault && <ErrorSummary title={texts.check} entries={[{ text: texts[fault], href: '#text' }]} />}
      <p class="lead">{lead}</p>
      {children}
      <p>
        <a href={`/rights?lang=${language}`}>{texts.back}</a>
      </p>
    </ProfilePage>
  );
}
