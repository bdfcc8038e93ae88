import type { Choices } from '../../shared/permission/evidence.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { formatDate, formatDateTime } from '../texts/format.ts';
import { serviceMailTextsFor } from '../texts/service-mail-texts.ts';
import { composeMail } from './compose-mail.tsx';
import type { MailContent, MailContext } from './mail-content.ts';

export const TEMPLATE = 'choices-receipt@1';

type Props = MailContext & {
  at: Instant;
  noAdvertising: boolean;
  joined: readonly string[];
  left: readonly string[];
  choices: Choices;
  undoUrl: string;
};

/** What somebody changed with the link of a mail, told to the owner of the mailbox; free of advertising. */
export function choicesReceiptMail(props: Props): MailContent {
  const { brand, language, at, undoUrl } = props;
  const texts = serviceMailTextsFor(language).choicesReceipt;
  return composeMail({
    brand,
    language,
    subject: texts.subject,
    preheader: texts.preheader,
    title: texts.title,
    blocks: [
      { kind: 'text', text: texts.what(formatDateTime(at, language)) },
      {
        kind: 'items',
        items: changedIn(props).map((name) => ({ name, wording: '', topics: [] })),
        wordings: false,
      },
      { kind: 'text', text: texts.nothing },
      { kind: 'text', text: texts.mistake },
      { kind: 'link', label: texts.undo, url: undoUrl },
    ],
  });
}

/** Each change in a line of its own. */
function changedIn({ language, noAdvertising, joined, left, choices }: Props): string[] {
  const texts = serviceMailTextsFor(language).choicesReceipt;
  const { wish, pausedUntil, language: spoken } = choices;
  return [
    ...(noAdvertising ? [texts.none] : []),
    ...(joined.length > 0 ? [texts.joined(joined.join(', '))] : []),
    ...(left.length > 0 ? [texts.left(left.join(', '))] : []),
    ...(wish ? [texts.wish[wish.to ?? 'none']] : []),
    ...(pausedUntil
      ? [pausedUntil.to === undefined ? texts.pauseEnded : texts.paused(formatDate(pausedUntil.to, language))]
      : []),
    ...(spoken?.to ? [texts.language[spoken.to]] : []),
  ];
}
