import { expect } from 'vitest';

import type { Contact } from '../../../shared/contacts/contact.ts';
import { readContact } from '../../../shared/contacts/store.ts';
import { accountEndpoints } from '../../../web/api/accounts.ts';
import { contactAnswer, savedAnswer } from '../../../web/api/contact-shapes.ts';
import { contactEndpoints } from '../../../web/api/contacts.ts';
import { openTestApi } from '../../support/api.ts';
import type { ApiAnswer, ApiCall } from '../../support/api.ts';
import { linkIn } from '../../support/system.ts';

/** Where the contacts of these tests come from unless told. */
export const source = { kind: 'crm', id: 'salesdesk' };

/** The version that an answer's ETag names. */
export function versionIn({ headers }: ApiAnswer): string {
  return (headers.get('etag') ?? '').replaceAll('"', '');
}

/** The API of contacts and accounts, and what its tests do with it again and again. */
export async function openContactApi() {
  const api = await openTestApi([...contactEndpoints, ...accountEndpoints]);
  let people = 0;
  const post = (body: object, more: ApiCall = {}) => api.call('POST', '/v1/contacts', { ...more, body });
  return {
    ...api,
    /** An address that nobody has yet. */
    someone: () => `person-${(people += 1)}@maschinenbau.example`,
    post,
    /** Somebody made known or told more about. */
    made: async (body: object) => {
      const answer = await post({ source, ...body });
      expect([200, 201]).toContain(answer.status);
      return { ...answer.as(savedAnswer), version: versionIn(answer) };
    },
    patch: (id: string, ifMatch: string, body: object) =>
      api.call('PATCH', `/v1/contacts/${id}`, { ifMatch, body: { fieldSource: 'crm', ...body } }),
    show: async (id: string) => (await api.call('GET', `/v1/contacts/${id}`)).as(contactAnswer).contact,
    stored: async (id: string): Promise<Contact> => {
      const contact = await readContact(api.deps.db, id);
      if (!contact) throw new Error('no such contact');
      return contact;
    },
    /** Somebody who confirmed the newsletter. */
    signedUp: async (email: string, fields = {}): Promise<Contact> => {
      await api.signUp(email, { fields });
      await api.work();
      await api.confirm(linkIn(api.mailsTo(email)[0], 'confirm'));
      const contact = await api.contactOf(email);
      if (!contact) throw new Error('nobody signed up');
      return contact;
    },
  };
}
