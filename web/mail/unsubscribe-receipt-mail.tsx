import type { Instant } from '../../shared/platform/clock.ts';
import type { ConfirmItem } from '../components/confirm-items.tsx';
import { mailTextsFor } from '../texts/mail-texts.ts';
import { formatDateTime } from '../texts/format.ts';
import { composeMail } from './compose-mail.tsx';
import type { MailContent, MailContext } from './mail-content.ts';

export const TEMPLATE = 'unsubscribe-receipt@1';

export type UnsubscribeReceiptMailProps = MailContext & {
  at: Instant;
  gone: readonly ConfirmItem[];
  undoUrl: string;
};

/** Free of advertising; somebody who got a forwarded mail must not silence its owner unnoticed. */
export function unsubscribeReceiptMail({
  brand,
  language,
  at,
  gone,
  undoUrl,
}: UnsubscribeReceiptMailProps): MailContent {
  const texts = mailTextsFor(language).receipt;
  return composeMail({
    brand,
    language,
    subject: texts.subject,
    preheader: texts.preheader,
    title: texts.title,
    blocks: [
      { kind: 'text', text: texts.what(formatDateTime(at, language)) },
      { kind: 'items', items: gone, wordings: false },
      { kind: 'text', text: texts.nothing },
      { kind: 'text', text: texts.mistake },
      { kind: 'link', label: texts.undo, url: undoUrl },
    ],
  });
}
