import type { Child } from 'hono/jsx';

import { GOES } from '../../shared/retention/erase-preview.ts';
import type { Stays } from '../../shared/retention/erase-preview.ts';
import type { PersonRequest } from '../../shared/preferences/person-request.ts';
import type { PageContext } from '../../web/components/layout.tsx';
import type { ProfileFrame } from '../../web/components/profile-nav.tsx';
import { AskPage, RestrictPage } from '../../web/public/pages/ask-page.tsx';
import { ErasePage, ErasedPage } from '../../web/public/pages/erase-page.tsx';
import { ObjectedPage } from '../../web/public/pages/objected-page.tsx';
import { RightsDonePage, RightsPage } from '../../web/public/pages/rights-page.tsx';

const AT = '2026-11-22T07:25:00.000Z';
const ANSWER_BY = '2026-12-22T07:25:00.000Z';
const asked: PersonRequest = {
  id: 'req_0_2',
  contactId: 'con_0',
  controller: 'nordlicht-gmbh',
  brand: 'nordlicht',
  kind: 'question',
  text: 'Woher haben Sie meine Telefonnummer?\nIch habe sie Ihnen nicht gegeben.',
  askedAt: AT,
  answerBy: ANSWER_BY,
};
const answered = { at: AT, by: 'k.lund', text: 'Von Ihrer Karte auf der Messe. Wir haben sie gelöscht.' };
const UNDO = {
  action: '/preferences/k1.a/undo',
  tokens: ['k1.u'],
  wordings: ['Ja, ich möchte den Newsletter.'],
};
const STAYS: Stays[] = [
  { what: 'evidence', reason: 'claims', basis: 'art. 17(3)(e)', until: '2030-01-01T00:00:00.000Z' },
  { what: 'address-pseudonym', reason: 'suppression', basis: 'art. 21(3)' },
];

/** The pages of a person's rights in every state. */
export function rightsPages(context: PageContext): Record<string, Child> {
  const frame: ProfileFrame = { context, current: 'rights', nonce: 'k1.n', choicesUrl: '/preferences/k1.a' };
  const restriction: PersonRequest = { ...asked, id: 'req_0_3', kind: 'restriction', text: '' };
  const objected = { noAdvertising: { since: AT, seq: 2 } };
  const requests = [restriction, asked, { ...asked, id: 'req_0_1', answered }];
  return {
    rights: <RightsPage frame={frame} contact={{}} requests={[]} />,
    'rights-asked': <RightsPage frame={frame} contact={objected} requests={requests} />,
    'rights-done': <RightsDonePage frame={frame} title="Erledigt" text="a•••a@example.com" />,
    'rights-objected': <ObjectedPage frame={frame} maskedAddress="a•••a@example.com" undo={UNDO} />,
    'rights-objected-again': (
      <ObjectedPage frame={frame} maskedAddress="a•••a@example.com" undo={undefined} />
    ),
    'rights-ask': <AskPage frame={frame} asking={{ text: '' }} answerBy={ANSWER_BY} />,
    'rights-ask-fault': (
      <AskPage
        frame={frame}
        asking={{ kind: 'objection', text: '', fault: 'textMissing' }}
        answerBy={ANSWER_BY}
      />
    ),
    'rights-restrict': <RestrictPage frame={frame} asking={{ text: '' }} />,
    'rights-restrict-fault': <RestrictPage frame={frame} asking={{ text: 'Noch etwas', fault: 'tooMany' }} />,
    'rights-erase': <ErasePage frame={frame} goes={GOES} stays={STAYS} unsure={false} />,
    'rights-erase-unsure': <ErasePage frame={frame} goes={GOES} stays={STAYS} unsure />,
    'rights-erased': (
      <ErasedPage context={context} maskedAddress="a•••a@example.com" erasedAt={AT} stays={STAYS} />
    ),
  };
}
