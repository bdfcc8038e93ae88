import * as z from 'zod';

import { answerPerson } from '../../shared/outbox/answer-person.ts';
import { dueOrder, openRequests, personRequest } from '../../shared/preferences/person-request.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';

/** What the person wrote, and when the answer is due. */
export const requestView = personRequest.omit({ controller: true });
export const requestsAnswer = z.object({
  requests: z.array(requestView),
  /** Absent on the last page. */
  cursor: z.string().optional(),
});
export const answerBody = z.strictObject({
  actor: z.string().trim().min(1).max(100).describe('The id by which you know who of you answers.'),
  answer: z.string().trim().min(1).max(5_000).describe('The person reads it on their page.'),
});
const requestsQuery = z.strictObject({
  cursor: z.string().max(200).optional().describe('Where the last page ended.'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** What people asked that one of us must answer (D1). */
export const requestEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/requests',
    scope: 'contacts:read',
    summary: 'What people asked of you and nobody has answered yet',
    params: NONE,
    query: requestsQuery,
    body: NOTHING,
    answers: { 200: { description: 'A page; what is due first stands on top', schema: requestsAnswer } },
    handle: async (deps: ApiDeps, { query: { cursor = '', limit }, caller }) => {
      const open = await openRequests(deps.db, caller.controller);
      const rest = open.filter((each) => dueOrder(each) > cursor);
      const requests = rest.slice(0, limit);
      const last = rest.length > limit ? requests.at(-1) : undefined;
      const body = { requests, ...(last ? { cursor: dueOrder(last) } : {}) };
      return { status: 200, body: requestsAnswer.parse(body) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/requests/{id}/answer',
    scope: 'contacts:write',
    summary: 'Answer a person',
    description:
      'They get a mail that there is an answer and read it on their page; nothing reminds of the request any more. A restriction goes on until `POST /v1/contacts/{id}/unrestrict`.',
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    query: NONE,
    body: answerBody,
    idempotent: true,
    answers: { 200: { description: 'The request with its answer', schema: requestView } },
    handle: async (deps: ApiDeps, { params: { id }, body: { actor, answer }, caller, at }) => {
      const answered = { at, by: actor, text: answer };
      const request = await answerPerson(deps.db, caller.controller, id, answered);
      return { status: 200, body: requestView.parse(request) };
    },
  }),
];
