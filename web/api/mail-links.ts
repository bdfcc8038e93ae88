import { findContacts } from '../../shared/decision/find-contacts.ts';
import type { ContactRef } from '../../shared/decision/find-contacts.ts';
import { choicesToken, unsubscribeToken } from '../../shared/signup/links.ts';
import type { LinksAnswer } from './decision-shapes.ts';
import type { ApiDeps } from './deps.ts';

export type LinksInput = {
  contacts: ContactRef[];
  brand: string;
  use: string;
  topic?: string | undefined;
};

/** Links and headers for one mail to each contact, derived and never stored (U1, U2). */
export async function mailLinks(
  deps: Pick<ApiDeps, 'db' | 'secrets' | 'baseUrl'>,
  controller: string,
  { contacts, brand, use, topic }: LinksInput,
): Promise<LinksAnswer> {
  const about = { brand, use, ...(topic === undefined ? {} : { topic }) };
  const links = await deps.secrets.linkKeys();
  const searches = await findContacts(deps, controller, contacts);
  const results = searches.map((search): LinksAnswer['results'][number] => {
    if (search.kind !== 'found') return { error: search.kind };
    const contactId = search.contact.id;
    const url = `${deps.baseUrl}/unsubscribe/${unsubscribeToken(links, { contactId, ...about })}`;
    return {
      contactId,
      unsubscribeUrl: url,
      preferencesUrl: `${deps.baseUrl}/preferences/${choicesToken(links, { contactId, brand })}`,
      headers: { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    };
  });
  return { results };
}
