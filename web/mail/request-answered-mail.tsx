import type { Instant } from '../../shared/platform/clock.ts';
import { formatDate } from '../texts/format.ts';
import { serviceMailTextsFor } from '../texts/service-mail-texts.ts';
import { composeMail } from './compose-mail.tsx';
import type { MailContent, MailContext } from './mail-content.ts';

export const TEMPLATE = 'request-answered@1';

type Props = MailContext & { number: string; askedAt: Instant; loginUrl: string };

/** Says that there is an answer, never what it is: that is read after a log-in (D7). */
export function requestAnsweredMail({ brand, language, number, askedAt, loginUrl }: Props): MailContent {
  const texts = serviceMailTextsFor(language).requestAnswered;
  return composeMail({
    brand,
    language,
    subject: texts.subject(number),
    preheader: texts.preheader,
    title: texts.title,
    blocks: [
      { kind: 'text', text: texts.what(number, formatDate(askedAt, language)) },
      { kind: 'button', label: texts.button, url: loginUrl },
      { kind: 'text', text: texts.how },
    ],
  });
}
