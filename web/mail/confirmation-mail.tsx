import type { Instant } from '../../shared/platform/clock.ts';
import type { ConfirmItem } from '../components/confirm-items.tsx';
import { mailTextsFor } from '../texts/mail-texts.ts';
import { formatDateTime, listText } from '../texts/format.ts';
import { composeMail } from './compose-mail.tsx';
import type { MailBlock, MailContent, MailContext } from './mail-content.ts';

/** Part of the evidence; goes up with every change of structure or words. */
export const TEMPLATE = 'confirmation@1';

export type ConfirmationMailProps = MailContext & {
  signedUpAt: Instant;
  formTitle: string;
  items: readonly ConfirmItem[];
  confirmUrl: string;
  notMeUrl: string;
  /** What this address has confirmed before and asked for again. */
  alreadyGranted: readonly ConfirmItem[];
};

/** Double opt-in: free of advertising and of anything the visitor typed (G6, T14). */
export function confirmationMail(props: ConfirmationMailProps): MailContent {
  const { brand, language, items, alreadyGranted } = props;
  const texts = mailTextsFor(language).confirm;
  const already: MailBlock[] = [
    { kind: 'text', text: texts.already },
    { kind: 'items', items: alreadyGranted, wordings: false },
  ];
  return composeMail({
    brand,
    language,
    subject: texts.subject,
    preheader: texts.preheader(
      listText(
        items.map(({ name }) => name),
        language,
      ),
    ),
    title: texts.title,
    blocks: [
      { kind: 'text', text: texts.what(formatDateTime(props.signedUpAt, language), props.formTitle) },
      { kind: 'items', items, wordings: false },
      { kind: 'text', text: texts.how },
      { kind: 'button', label: texts.button, url: props.confirmUrl },
      { kind: 'text', text: texts.valid },
      ...(alreadyGranted.length > 0 ? already : []),
      { kind: 'text', text: texts.notYou },
      { kind: 'link', label: texts.notMe, url: props.notMeUrl },
    ],
  });
}
