import type { ConfirmItem } from '../components/confirm-items.tsx';
import { mailTextsFor } from '../texts/mail-texts.ts';
import { composeMail } from './compose-mail.tsx';
import type { MailContent, MailContext } from './mail-content.ts';

export const TEMPLATE = 'welcome@1';

export type WelcomeMailProps = MailContext & {
  items: readonly ConfirmItem[];
  choicesUrl: string;
  unsubscribeUrl: string;
};

/** After a confirmation: what was agreed, to keep, with the way out in sight (U10). */
export function welcomeMail({
  brand,
  language,
  items,
  choicesUrl,
  unsubscribeUrl,
}: WelcomeMailProps): MailContent {
  const texts = mailTextsFor(language).welcome;
  return composeMail({
    brand,
    language,
    subject: texts.subject,
    preheader: texts.preheader,
    title: texts.title,
    blocks: [
      { kind: 'text', text: texts.what },
      { kind: 'items', items, wordings: true },
      { kind: 'text', text: texts.keep },
      { kind: 'link', label: texts.choices, url: choicesUrl },
      { kind: 'link', label: texts.unsubscribe, url: unsubscribeUrl },
    ],
  });
}
