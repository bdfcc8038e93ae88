import type { Instant } from '../../shared/platform/clock.ts';
import { formatDateTime } from '../texts/format.ts';
import { serviceMailTextsFor } from '../texts/service-mail-texts.ts';
import { composeMail } from './compose-mail.tsx';
import type { MailContent, MailContext } from './mail-content.ts';

export const TEMPLATE = 'new-address@1';

/** Asks the owner of a new address whether it is theirs (D3); free of advertising and of whose it is to be. */
export function newAddressMail({
  brand,
  language,
  at,
  confirmUrl,
}: MailContext & { at: Instant; confirmUrl: string }): MailContent {
  const texts = serviceMailTextsFor(language).newAddress;
  return composeMail({
    brand,
    language,
    subject: texts.subject,
    preheader: texts.preheader,
    title: texts.title,
    blocks: [
      { kind: 'text', text: texts.what(formatDateTime(at, language)) },
      { kind: 'button', label: texts.button, url: confirmUrl },
      { kind: 'text', text: texts.valid },
      { kind: 'text', text: texts.notYou },
    ],
  });
}
