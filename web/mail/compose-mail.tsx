import { MailDocument } from './layout.tsx';
import type { Mail, MailContent } from './mail-content.ts';
import { plainText } from './plain-text.ts';

/** Renders one message as HTML and as text. */
export function composeMail(mail: Mail): MailContent {
  // No part of a mail waits for anything, so the element is a text at once.
  const element: { toString(): string } = <MailDocument {...mail} />;
  return { subject: mail.subject, html: element.toString(), text: plainText(mail) };
}
