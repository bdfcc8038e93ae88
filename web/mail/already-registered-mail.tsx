import type { ConfirmItem } from '../components/confirm-items.tsx';
import { mailTextsFor } from '../texts/mail-texts.ts';
import { composeMail } from './compose-mail.tsx';
import type { MailContent, MailContext } from './mail-content.ts';

export const TEMPLATE = 'already-registered@1';

export type AlreadyRegisteredMailProps = MailContext & {
  formTitle: string;
  items: readonly ConfirmItem[];
  choicesUrl: string;
};

/** The page says the same to everybody (T6); only the owner of the mailbox learns that nothing was missing. */
export function alreadyRegisteredMail({
  brand,
  language,
  ...props
}: AlreadyRegisteredMailProps): MailContent {
  const texts = mailTextsFor(language).already;
  return composeMail({
    brand,
    language,
    subject: texts.subject,
    preheader: texts.preheader,
    title: texts.title,
    blocks: [
      { kind: 'text', text: texts.what(props.formTitle) },
      { kind: 'items', items: props.items, wordings: false },
      { kind: 'text', text: texts.nothing },
      { kind: 'link', label: texts.choices, url: props.choicesUrl },
    ],
  });
}
