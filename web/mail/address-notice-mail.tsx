import type { Instant } from '../../shared/platform/clock.ts';
import { formatDateTime } from '../texts/format.ts';
import { serviceMailTextsFor } from '../texts/service-mail-texts.ts';
import { composeMail } from './compose-mail.tsx';
import type { MailContent, MailContext } from './mail-content.ts';

export const TEMPLATE = 'address-notice@1';

/** Tells the old mailbox that it was replaced; the new address stands there masked, for the mailbox may have a new owner. */
export function addressNoticeMail({
  brand,
  language,
  at,
  newAddress,
}: MailContext & { at: Instant; newAddress: string }): MailContent {
  const texts = serviceMailTextsFor(language).addressNotice;
  return composeMail({
    brand,
    language,
    subject: texts.subject,
    preheader: texts.preheader,
    title: texts.title,
    blocks: [
      { kind: 'text', text: texts.what(formatDateTime(at, language), newAddress) },
      { kind: 'text', text: texts.nothing },
      { kind: 'text', text: texts.notYou(brand.sender.replyTo) },
    ],
  });
}
