import type * as z from 'zod';

import { versionOf } from '../../shared/contacts/change-contact.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { blockContact, unblockContact } from '../../shared/permission/block.ts';
import { recordConsent } from '../../shared/permission/record-consent.ts';
import { recordWithdrawal } from '../../shared/permission/record-withdrawal.ts';
import { approveReview, denyReview } from '../../shared/permission/review.ts';
import { readWaiting } from '../../shared/permission/store.ts';
import { toldConsent } from '../../shared/permission/told-consent.ts';
import { liftRestriction } from '../../shared/preferences/restrict.ts';
import { viewContacts } from './contact-view.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';
import type { Answer } from './endpoint.ts';
import {
  actAnswer,
  approveBody,
  blockBody,
  byId,
  denyBody,
  reviewsAnswer,
  reviewsQuery,
  unblockBody,
  unrestrictBody,
  withdrawBody,
} from './permission-shapes.ts';

const act = {
  method: 'POST',
  scope: 'contacts:write',
  params: byId,
  query: NONE,
  idempotent: true,
  answers: { 200: { description: 'The contact after it', schema: actAnswer } },
} as const;

/** What one of us says, writes down and decides about permissions. No call of these is proof of a mailbox. */
export const permissionEndpoints = [
  endpoint({
    ...act,
    path: '/v1/contacts/{id}/block',
    summary: 'Say no for us',
    description: 'What the person said is kept beneath and comes back when the block ends.',
    body: blockBody,
    handle: async (deps: ApiDeps, { params, body, caller, at }) => {
      const about = { ...body, controller: caller.controller, contactId: params.id };
      const done = await blockContact(deps, { ...about, actor: staff(body.actor), at });
      return answer(deps, done.contact, done.kind === 'recorded', body.brand);
    },
  }),
  endpoint({
    ...act,
    path: '/v1/contacts/{id}/unblock',
    summary: 'Take a block back',
    body: unblockBody,
    handle: async (deps: ApiDeps, { params, body, caller, at }) => {
      const about = { ...body, controller: caller.controller, contactId: params.id };
      const done = await unblockContact(deps, { ...about, actor: staff(body.actor), at });
      return answer(deps, done.contact, done.kind === 'recorded', body.brand);
    },
  }),
  endpoint({
    ...act,
    path: '/v1/contacts/{id}/unrestrict',
    summary: 'End a restriction that the person asked for',
    description: 'Answer their request first: they are told before it ends (art. 18(3) GDPR).',
    body: unrestrictBody,
    handle: async (deps: ApiDeps, { params, body, caller, at }) => {
      const about = { ...body, controller: caller.controller, contactId: params.id };
      const done = await liftRestriction(deps, { ...about, at });
      return answer(deps, done.contact, done.kind === 'recorded', undefined);
    },
  }),
  endpoint({
    ...act,
    path: '/v1/contacts/{id}/withdraw',
    summary: 'Write down that the person said no',
    description: 'By phone, reply, letter or CRM, with the same force as their own click.',
    body: withdrawBody,
    handle: async (deps: ApiDeps, { params, body, caller, at }) => {
      const about = { ...body, controller: caller.controller, contactId: params.id };
      const done = await recordWithdrawal(deps, { ...about, actor: staff(body.actor), at });
      return answer(deps, done.contact, done.kind === 'recorded', body.brand);
    },
  }),
  endpoint({
    ...act,
    path: '/v1/contacts/{id}/consents',
    summary: 'Write down a consent that you were told of, or another basis',
    description:
      'A consent by phone or on paper grants uses of its own channel where nobody said otherwise; e-mail is granted by the person’s own confirmation alone (G3). All other kinds are never a grant.',
    body: toldConsent,
    handle: async (deps: ApiDeps, { params, body, caller, at }) => {
      const about = { told: body, controller: caller.controller, contactId: params.id };
      const done = await recordConsent(deps, { ...about, at });
      return answer(deps, done.contact, done.kind === 'recorded', body.brand);
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/reviews',
    scope: 'contacts:read',
    summary: 'Who waits for a named person’s yes',
    description: 'Competitors who signed up, and people who did so while they were blocked.',
    params: NONE,
    query: reviewsQuery,
    body: NOTHING,
    answers: { 200: { description: 'A page, in no order that means anything', schema: reviewsAnswer } },
    handle: async (deps: ApiDeps, { query, caller }) => {
      const { contacts, next } = await readWaiting(deps.db, caller.controller, {
        limit: query.limit,
        after: query.cursor,
      });
      const reviews = await viewContacts(deps, caller.controller, contacts);
      const body = { reviews, ...(next === undefined ? {} : { cursor: next }) };
      return { status: 200, body: body satisfies z.infer<typeof reviewsAnswer> };
    },
  }),
  endpoint({
    ...act,
    path: '/v1/reviews/{id}/approve',
    summary: 'Say yes to what a person asked for',
    description: 'Grants what the person declared; a block of the use ends with it.',
    body: approveBody,
    handle: async (deps: ApiDeps, { params, body, caller, at }) => {
      const about = { ...body, controller: caller.controller, contactId: params.id };
      const { contact } = await approveReview(deps, { ...about, actor: staff(body.actor), at });
      return answer(deps, contact, true, body.brand);
    },
  }),
  endpoint({
    ...act,
    path: '/v1/reviews/{id}/deny',
    summary: 'Say no to what a person asked for',
    body: denyBody,
    handle: async (deps: ApiDeps, { params, body, caller, at }) => {
      const about = { ...body, controller: caller.controller, contactId: params.id };
      const { contact } = await denyReview(deps, { ...about, actor: staff(body.actor), at });
      return answer(deps, contact, true, body.brand);
    },
  }),
];

function staff(id: string) {
  return { kind: 'staff', id } as const;
}

async function answer(
  deps: ApiDeps,
  contact: Contact,
  changed: boolean,
  brand: string | undefined,
): Promise<Answer> {
  const [view] = await viewContacts(deps, contact.controller, [contact], brand);
  if (!view) throw new Error('one contact has one view');
  return {
    status: 200,
    headers: { ETag: `"${versionOf(contact)}"` },
    body: { changed, contact: view } satisfies z.infer<typeof actAnswer>,
  };
}
