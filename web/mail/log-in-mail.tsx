import type { Instant } from '../../shared/platform/clock.ts';
import { formatDateTime } from '../texts/format.ts';
import { serviceMailTextsFor } from '../texts/service-mail-texts.ts';
import { composeMail } from './compose-mail.tsx';
import type { MailContent, MailContext } from './mail-content.ts';

export const TEMPLATE = 'log-in@1';

type Props = MailContext & { at: Instant; device: string; loginUrl: string; code: string };

/** The key to the person's data for ten minutes (T4); says who asked, so that a stranger's asking is noticed. */
export function logInMail({ brand, language, at, device, loginUrl, code }: Props): MailContent {
  const texts = serviceMailTextsFor(language).logIn;
  const from = device === '?' ? texts.unknownDevice : device;
  const grouped = code.replace(/(\d{4})(?=\d)/g, '$1 ');
  return composeMail({
    brand,
    language,
    subject: texts.subject,
    preheader: texts.preheader,
    title: texts.title,
    blocks: [
      { kind: 'text', text: texts.what(formatDateTime(at, language), from) },
      { kind: 'button', label: texts.button, url: loginUrl },
      { kind: 'text', text: texts.code(grouped) },
      { kind: 'text', text: texts.valid },
      { kind: 'text', text: texts.notYou },
    ],
  });
}
