import { renderToString } from 'hono/jsx/dom/server';

import { MailDocument } from './layout.tsx';
import type { Mail, MailContent } from './mail-content.ts';
import { plainText } from './plain-text.ts';

/** Renders one message as HTML and as text. */
export function composeMail(mail: Mail): MailContent {
  return { subject: mail.subject, html: renderToString(<MailDocument {...mail} />), text: plainText(mail) };
}
