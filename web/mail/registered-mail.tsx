import type { ConfirmItem } from '../components/confirm-items.tsx';
import { mailTextsFor } from '../texts/mail-texts.ts';
import { formatDateTime } from '../texts/format.ts';
import { composeMail } from './compose-mail.tsx';
import type { ConfirmationMailProps } from './confirmation-mail.tsx';
import type { MailBlock, MailContent } from './mail-content.ts';

/** Part of the evidence; goes up with every change of structure or words. */
export const TEMPLATE = 'registered@1';

export type RegisteredMailProps = Omit<ConfirmationMailProps, 'alreadyGranted'> & {
  alreadyGranted?: readonly ConfirmItem[];
  /** What takes effect only with a click, such as tracking (DOMAIN 3). */
  pending: readonly ConfirmItem[];
  /** Absent for a new address: the contact begins only once this very mail was accepted for delivery. */
  choicesUrl?: string;
};

/** Confirmed opt-in: what was agreed in full, since no page shows it again, and two ways out. */
export function registeredMail(props: RegisteredMailProps): MailContent {
  const { brand, language, items, alreadyGranted = [], pending } = props;
  const texts = mailTextsFor(language).registered;
  const already: MailBlock[] = [
    { kind: 'text', text: texts.already },
    { kind: 'items', items: alreadyGranted, wordings: false },
  ];
  const toConfirm: MailBlock[] = [
    { kind: 'text', text: texts.pending },
    { kind: 'items', items: pending, wordings: true },
    { kind: 'button', label: texts.button, url: props.confirmUrl },
    { kind: 'text', text: texts.valid },
  ];
  return composeMail({
    brand,
    language,
    subject: texts.subject,
    preheader: texts.preheader,
    title: texts.title,
    blocks: [
      { kind: 'text', text: texts.what(formatDateTime(props.signedUpAt, language), props.formTitle) },
      { kind: 'items', items, wordings: true },
      ...(alreadyGranted.length > 0 ? already : []),
      ...(pending.length > 0 ? toConfirm : []),
      { kind: 'text', text: texts.notYou },
      { kind: 'button', label: texts.notMe, url: props.notMeUrl, secondary: true },
      ...wayOut(props),
    ],
  });
}

function wayOut({ brand, language, choicesUrl }: RegisteredMailProps): MailBlock[] {
  const texts = mailTextsFor(language).registered;
  if (choicesUrl === undefined) return [{ kind: 'text', text: texts.leaveByMail(brand.sender.replyTo) }];
  return [
    { kind: 'text', text: texts.leave },
    { kind: 'link', label: texts.choices, url: choicesUrl },
  ];
}
