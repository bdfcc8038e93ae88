import type { Brand } from '../../shared/settings/brand.ts';
import type { Language } from '../../shared/settings/language.ts';
import type { ConfirmItem } from '../components/confirm-items.tsx';

/** What goes to SES: the same message twice, each part complete by itself. */
export type MailContent = { subject: string; html: string; text: string };

/** Whose mail it is and how it is read. */
export type MailContext = { brand: Brand; language: Language };

/** What a mail is made of; HTML and plain text are two renderings of one list. */
export type MailBlock =
  | { kind: 'text'; text: string }
  | { kind: 'items'; items: readonly ConfirmItem[]; wordings: boolean }
  | { kind: 'button'; label: string; url: string; secondary?: true }
  | { kind: 'link'; label: string; url: string };

export type Mail = MailContext & {
  subject: string;
  preheader: string;
  title: string;
  blocks: readonly MailBlock[];
};
