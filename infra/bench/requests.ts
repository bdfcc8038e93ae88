import * as z from 'zod';

import { SECOND, setClockOffset } from '../../shared/platform/clock.ts';
import type { LinkKeys } from '../../shared/platform/token.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { demoNewsletterForm } from '../../shared/settings/demo-forms.ts';
import { formToken } from '../../shared/signup/guard.ts';
import { choicesToken, pageNonce, unsubscribeToken } from '../../shared/signup/links.ts';
import type { LoadRequest } from './load.ts';

/** The secrets of a local system, as the bench needs them to sign what pages and mails would carry. */
export const localSecrets = z.object({
  pepper: z.string(),
  'link-keys': z.object({ current: z.string(), keys: z.record(z.string(), z.string()) }),
  'evidence-master': z.string(),
});
export type LocalSecrets = z.infer<typeof localSecrets>;

const FORM = demoNewsletterForm.id;
const BROWSER = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'de,en-US;q=0.7,en;q=0.3',
};
const POSTED = {
  ...BROWSER,
  'content-type': 'application/x-www-form-urlencoded',
  'sec-fetch-site': 'same-origin',
};
const MAIL_PROGRAM = {
  'user-agent': 'Go-http-client/2.0',
  'content-type': 'application/x-www-form-urlencoded',
};

export function formPage(): LoadRequest {
  return { method: 'GET', path: `/forms/${FORM}`, headers: BROWSER, body: '' };
}

/** The choices page behind the link of any mail. */
export function choicesPage(links: LinkKeys, contactId: string): LoadRequest {
  const token = choicesToken(links, { contactId, brand: demoBrand.id });
  return { method: 'GET', path: `/preferences/${token}`, headers: BROWSER, body: '' };
}

/** A sign-up by `address` on a form that was shown five seconds ago. */
export function signUp(links: LinkKeys, address: string, uses = ['newsletter']): LoadRequest {
  setClockOffset(-5 * SECOND);
  const ts = formToken(links, { id: FORM, version: 1 });
  setClockOffset(0);
  const fields = new URLSearchParams({
    email: address,
    firstName: 'Kim',
    lastName: 'Probe',
    topics: 'drives',
    website: '',
    lang: 'de',
    ts,
  });
  for (const use of uses) fields.append('uses', use);
  return { method: 'POST', path: `/forms/${FORM}`, headers: POSTED, body: fields.toString() };
}

/** The button on the page behind a confirmation link. */
export function confirm(links: LinkKeys, token: string): LoadRequest {
  const body = new URLSearchParams({ page: pageNonce(links, token) }).toString();
  return { method: 'POST', path: `/confirm/${token}`, headers: POSTED, body };
}

/** What a mail program posts to the address in `List-Unsubscribe` (RFC 8058). */
export function oneClick(links: LinkKeys, contactId: string): LoadRequest {
  const token = unsubscribeToken(links, { contactId, brand: demoBrand.id, use: 'newsletter' });
  return {
    method: 'POST',
    path: `/unsubscribe/${token}`,
    headers: MAIL_PROGRAM,
    body: 'List-Unsubscribe=One-Click',
  };
}
