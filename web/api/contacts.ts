import * as z from 'zod';

import { changeContact, versionOf } from '../../shared/contacts/change-contact.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { findContact, identify } from '../../shared/contacts/find-contact.ts';
import { listChanged } from '../../shared/contacts/list-changed.ts';
import { makeKnown } from '../../shared/permission/make-known.ts';
import {
  SAYS,
  brandQuery,
  contactAnswer,
  contactBody,
  contactPatch,
  listAnswer,
  listQuery,
  lookupBody,
  savedAnswer,
} from './contact-shapes.ts';
import { viewContacts } from './contact-view.ts';
import type { ContactView } from './contact-view.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';

const byId = z.strictObject({ id: z.string().max(100) });
const START = '1970-01-01T00:00:00.000Z';

/** People: made known, looked up, read, changed, followed. */
export const contactEndpoints = [
  endpoint({
    method: 'POST',
    path: '/v1/contacts',
    scope: 'contacts:write',
    summary: 'Make a contact known, or tell more about one',
    description:
      'Found by external id or address. Never a consent. What the person said stays, and so does what a better source said: `kept` names it.',
    params: NONE,
    query: NONE,
    body: contactBody,
    idempotent: true,
    answers: {
      200: { description: 'Known before, and updated', schema: savedAnswer },
      201: { description: 'New', schema: savedAnswer },
    },
    handle: async (deps: ApiDeps, { body, caller, at }) => {
      const { externalId, email, source, fieldSource = SAYS[source.kind], block, actor, ...told } = body;
      const { kind, contact, kept } = await makeKnown(deps, {
        controller: caller.controller,
        identity: { email, externalId },
        source,
        told,
        toldBy: fieldSource,
        block,
        actor: actor === undefined ? caller.actor : { kind: 'staff', id: actor },
        at,
      });
      const view = await viewOne(deps, contact, block?.brand);
      const location = { Location: `/v1/contacts/${contact.id}` };
      return {
        status: kind === 'created' ? 201 : 200,
        headers: { ...etag(contact), ...(kind === 'created' ? location : {}) },
        body: { contact: view, kept } satisfies z.infer<typeof savedAnswer>,
      };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/contacts',
    scope: 'contacts:read',
    summary: 'Contacts in the order in which they changed',
    description:
      'Each as it is now. One that changes meanwhile comes again; none is left out. Changes of the last ten seconds come with the next page.',
    params: NONE,
    query: listQuery,
    body: NOTHING,
    answers: { 200: { description: 'A page, and where to go on', schema: listAnswer } },
    handle: async (deps: ApiDeps, { query, caller, at }) => {
      const from = query.cursor ?? { since: query.updatedSince ?? START };
      const page = await listChanged(deps.db, caller.controller, from, { limit: query.limit, at });
      const contacts = await viewContacts(deps, caller.controller, page.contacts);
      return { status: 200, body: { ...page, contacts } satisfies z.infer<typeof listAnswer> };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/contacts/lookup',
    scope: 'contacts:read',
    summary: 'Find a contact by address or external id',
    params: NONE,
    query: brandQuery,
    body: lookupBody,
    answers: { 200: { description: 'The contact', schema: contactAnswer } },
    handle: async (deps: ApiDeps, { body, query, caller }) => {
      const { contactId = '' } = await identify(deps, caller.controller, body);
      const contact = await findContact(deps.db, caller.controller, contactId);
      return {
        status: 200,
        headers: etag(contact),
        body: { contact: await viewOne(deps, contact, query.brand) },
      };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/contacts/{id}',
    scope: 'contacts:read',
    summary: 'A contact with its permissions',
    params: byId,
    query: brandQuery,
    body: NOTHING,
    answers: { 200: { description: 'The contact', schema: contactAnswer } },
    handle: async (deps: ApiDeps, { params, query, caller }) => {
      const contact = await findContact(deps.db, caller.controller, params.id);
      return {
        status: 200,
        headers: etag(contact),
        body: { contact: await viewOne(deps, contact, query.brand) },
      };
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/contacts/{id}',
    scope: 'contacts:write',
    summary: 'Change what is known of a contact',
    description:
      'Permissions stay as they are. A wish or a pause can only become stricter here: the person alone loosens it.',
    params: byId,
    query: NONE,
    body: contactPatch,
    ifMatch: true,
    answers: { 200: { description: 'The contact after it', schema: savedAnswer } },
    handle: async (deps: ApiDeps, { params, body, caller, ifMatch = '', at }) => {
      const { fieldSource: source, email: _, ...change } = body;
      const { contact, kept } = await changeContact(deps, {
        controller: caller.controller,
        id: params.id,
        version: ifMatch,
        change,
        source,
        at,
      });
      const view = await viewOne(deps, contact);
      return {
        status: 200,
        headers: etag(contact),
        body: { contact: view, kept } satisfies z.infer<typeof savedAnswer>,
      };
    },
  }),
];

function etag(contact: Contact): Record<string, string> {
  return { ETag: `"${versionOf(contact)}"` };
}

async function viewOne(deps: ApiDeps, contact: Contact, brand?: string): Promise<ContactView> {
  const [view] = await viewContacts(deps, contact.controller, [contact], brand);
  if (!view) throw new Error('one contact has one view');
  return view;
}
