import type { Child } from 'hono/jsx';

import { demoBrand } from '../../shared/settings/demo.ts';
import type { NeutralContext, PageContext } from '../../web/components/layout.tsx';
import { logInMail } from '../../web/mail/log-in-mail.tsx';
import type { MailContent } from '../../web/mail/mail-content.ts';
import { requestAnsweredMail } from '../../web/mail/request-answered-mail.tsx';
import { AskAddressPage, ChooseBrandPage } from '../../web/public/pages/ask-address-page.tsx';
import {
  CodePage,
  LoginClosedPage,
  LoginPage,
  OneOfSeveralPage,
  OtherDevicePage,
} from '../../web/public/pages/log-in-pages.tsx';
import { LoggedOutPage, SessionsPage } from '../../web/public/pages/sessions-page.tsx';
import { SessionEndedPage } from '../../web/public/session-ended.tsx';

const AT = '2026-11-22T07:25:00.000Z';
const session = {
  contactId: 'con_1',
  controller: demoBrand.controller.id,
  brand: demoBrand.id,
  addressKey: 'a',
  since: AT,
  seenAt: '2026-11-22T07:31:00.000Z',
  loginId: 'l',
};

/** The log-in and its sessions in every state. */
export function loginPages(context: PageContext, neutral: NeutralContext): Record<string, Child> {
  const frame = { context, current: 'sessions', nonce: 'k1.n', choicesUrl: '/preferences/k1.a.b' } as const;
  const sessions = [
    { ...session, hash: 'this', device: 'Firefox, Windows' },
    { ...session, hash: 'other', device: '?' },
  ];
  return {
    'log-in-ask': <AskAddressPage context={context} typed="" />,
    'log-in-ask-invalid': <AskAddressPage context={context} typed="anna@" fault="email-invalid" />,
    'log-in-brands-neutral': <ChooseBrandPage context={neutral} brands={[demoBrand]} />,
    'log-in-no-brand-neutral': <ChooseBrandPage context={neutral} brands={[]} />,
    'log-in-code': <CodePage context={context} left={undefined} />,
    'log-in-code-wrong': <CodePage context={context} left={1} />,
    'log-in': <LoginPage context={context} action="/log-in/k1.a" pageNonce="k1.n" />,
    'log-in-other-device': <OtherDevicePage context={context} />,
    'log-in-one-of-several': <OneOfSeveralPage context={context} />,
    'log-in-closed-neutral': <LoginClosedPage context={neutral} />,
    sessions: <SessionsPage frame={frame} sessions={sessions} current="this" />,
    'logged-out': <LoggedOutPage context={context} everywhere={false} />,
    'logged-out-everywhere': <LoggedOutPage context={context} everywhere />,
    'session-ended-neutral': <SessionEndedPage context={neutral} />,
  };
}

export function loginMail({ brand, language }: PageContext, loginUrl: string): MailContent {
  return logInMail({ brand, language, at: AT, device: 'Firefox, Windows', loginUrl, code: '01234567' });
}

export function answeredMail({ brand, language }: PageContext, loginUrl: string): MailContent {
  return requestAnsweredMail({ brand, language, askedAt: AT, loginUrl, number: '2' });
}
