import * as z from 'zod';

import { readContact } from '../../shared/contacts/store.ts';
import { ask } from '../../shared/decision/ask.ts';
import { decideContacts } from '../../shared/decision/decide-contacts.ts';
import type { Outcome } from '../../shared/decision/decide-contacts.ts';
import { readPromotions } from '../../shared/decision/store.ts';
import type { Intent } from '../../shared/decision/reserve.ts';
import { releaseReservation } from '../../shared/frequency/reservation.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Use } from '../../shared/settings/uses.ts';
import {
  decisionAnswer,
  decisionBody,
  linksAnswer,
  linksBody,
  promotionsAnswer,
  promotionsQuery,
  readCursor,
  toCursor,
} from './decision-shapes.ts';
import type { DecisionAnswer, DecisionBody } from './decision-shapes.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';
import type { Caller } from './endpoint.ts';
import { mailLinks } from './mail-links.ts';

/** Whether somebody may be contacted, the slots that this takes, what was sent, and the links that every mail needs. */
export const decisionEndpoints = [
  endpoint({
    method: 'POST',
    path: '/v1/decisions',
    scope: 'decisions:read',
    summary: 'May these contacts be contacted, this way, now?',
    description:
      'Up to 1,000 contacts and one use. Each is answered for itself. `reserve` and `record` also need the scope decisions:write.',
    params: NONE,
    query: NONE,
    body: decisionBody,
    large: true,
    idempotent: true,
    answers: { 200: { description: 'One result per contact, in the order asked', schema: decisionAnswer } },
    handle: async (deps: ApiDeps, { body, caller, at: present }) => {
      const at = body.at ?? present;
      const past = at < present;
      if (past && body.contacts.length > 1)
        throw refused('/contacts', 'a past instant takes one contact at a time');
      const { question, settled } = await ask(deps, caller.controller, body, at);
      const intent = toIntent(body, question.use, caller);
      const candidates = body.contacts.map(({ reservationId, ...ref }) => ({ ref, reservationId }));
      const { controller } = caller;
      const outcomes = await decideContacts(deps, {
        controller,
        candidates,
        question,
        settled,
        intent,
        past,
      });
      return { status: 200, body: { at, results: outcomes.map(toResult) } satisfies DecisionAnswer };
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/v1/reservations/{id}',
    scope: 'decisions:write',
    summary: 'Give a reserved slot back',
    params: z.strictObject({ id: z.string().max(200) }),
    query: NONE,
    body: NOTHING,
    answers: { 204: { description: 'It is free, now or already before' } },
    handle: async (deps: ApiDeps, { params, caller }) => {
      const outcome = await releaseReservation(deps.db, caller.controller, params.id);
      if (outcome === 'unknown') throw new AppError('not-found', 'there is no such reservation');
      return { status: 204 };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/links',
    scope: 'decisions:read',
    summary: 'Unsubscribe links and headers for mails sent by any system',
    params: NONE,
    query: NONE,
    body: linksBody,
    large: true,
    answers: { 200: { description: 'One result per contact, in the order asked', schema: linksAnswer } },
    handle: async (deps: ApiDeps, { body, caller, at }) => {
      await ask(deps, caller.controller, body, at);
      return { status: 200, body: await mailLinks(deps, caller.controller, body) };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/contacts/{id}/promotions',
    scope: 'contacts:read',
    summary: 'What was sent to a contact over all channels and brands, newest first',
    params: z.strictObject({ id: z.string().max(200) }),
    query: promotionsQuery,
    body: NOTHING,
    answers: { 200: { description: 'A page of the promotion history', schema: promotionsAnswer } },
    handle: async (deps: ApiDeps, { params, query, caller }) => {
      const contact = await readContact(deps.db, params.id);
      if (contact?.controller !== caller.controller)
        throw new AppError('not-found', 'there is no such contact');
      const before = readCursor(query.cursor);
      const page = await readPromotions(deps.db, contact.id, { limit: query.limit, before });
      const promotions = page.promotions.map(
        ({ snapshot: _snapshot, contactId: _contactId, ...shown }) => shown,
      );
      const last = promotions.at(-1);
      return { status: 200, body: { promotions, ...(page.more && last ? { cursor: toCursor(last) } : {}) } };
    },
  }),
];

/** @throws AppError where the key may not write, or the use sends nothing that could be counted */
function toIntent(
  { reserve, record, topic }: DecisionBody,
  { channel }: Use,
  { scopes }: Caller,
): Intent | undefined {
  if (!reserve && !record) return undefined;
  if (!scopes.includes('decisions:write')) {
    throw new AppError('forbidden', 'reserve and record need the scope decisions:write');
  }
  if (channel === 'data') throw refused('/use', 'this use sends nothing');
  if (!record) return { kind: 'reserve', channel };
  return {
    kind: 'record',
    channel,
    mailing: record.mailing,
    topics: record.topics ?? (topic === undefined ? [] : [topic]),
  };
}

function toResult(outcome: Outcome): DecisionAnswer['results'][number] {
  if (outcome.kind !== 'decided') return { error: outcome.kind };
  const { contactId, decision, reservation, sendId } = outcome;
  return {
    contactId,
    ...decision,
    reservationId: reservation?.id,
    reservedUntil: reservation?.until,
    sendId,
  };
}

function refused(pointer: string, detail: string): AppError {
  return new AppError('invalid', detail, { errors: [{ pointer, detail, code: 'invalid' }] });
}
