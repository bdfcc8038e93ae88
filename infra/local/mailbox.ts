import * as z from 'zod';

import { openJournal } from './journal.ts';
import type { Position } from './journal.ts';

const texts = z.record(z.string(), z.string());
export const mail = z.object({
  messageId: z.string(),
  at: z.string(),
  from: z.string(),
  to: z.string(),
  replyTo: z.string().optional(),
  subject: z.string(),
  html: z.string(),
  text: z.string(),
  /** Custom headers as the sender gave them. */
  headers: texts,
  tags: texts,
  configurationSet: z.string(),
});
/** A mail that the SES stand-in accepted. */
export type Mail = z.infer<typeof mail>;
export type MailSummary = Pick<Mail, 'messageId' | 'at' | 'to' | 'subject'> & {
  /** Its number in the mailbox, from 1. */
  number: number;
};

/** Accepted mails, on disk; only their summaries are in memory. */
export type Mailbox = {
  add(mail: Mail): void;
  /** Oldest first. */
  list(): readonly MailSummary[];
  read(number: number): Mail | undefined;
  byMessageId(messageId: string): Mail | undefined;
  clear(): void;
  close(): void;
};

export function openMailbox(path: string): Mailbox {
  let kept: { summary: MailSummary; position: Position }[] = [];
  let numbers = new Map<string, number>();
  const remember = ({ messageId, at, to, subject }: Mail, position: Position) => {
    const number = kept.length + 1;
    kept.push({ summary: { messageId, at, to, subject, number }, position });
    numbers.set(messageId, number);
  };
  const journal = openJournal(path, (line, position) => remember(mail.parse(line), position));
  const read = (number: number) => {
    const found = kept[number - 1];
    return found && mail.parse(journal.read(found.position));
  };
  return {
    add: (accepted) => remember(accepted, journal.append(accepted)),
    list: () => kept.map(({ summary }) => summary),
    read,
    byMessageId: (messageId) => {
      const number = numbers.get(messageId);
      return number === undefined ? undefined : read(number);
    },
    clear: () => {
      journal.clear();
      kept = [];
      numbers = new Map();
    },
    close: () => journal.close(),
  };
}
