import * as z from 'zod';

import { line } from '../../shared/contacts/told.ts';
import { sourceId } from '../../shared/engagement/event.ts';
import { newestSecret, source } from '../../shared/engagement/source.ts';
import {
  createSource,
  listSources,
  revokeSource,
  rotateSource,
} from '../../shared/engagement/source-store.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';

const byId = z.strictObject({ id: sourceId });
const view = source.pick({ id: true, name: true, createdAt: true, revokedAt: true });
const secretAnswer = z.object({
  source: view,
  secret: z.string().describe('`whsec_…`: shown here and nowhere again.'),
});
const sourcesAnswer = z.object({ sources: z.array(view) });

/** Systems that post signed webhooks (W1). */
export const sourceEndpoints = [
  endpoint({
    method: 'POST',
    path: '/v1/engagement-sources',
    scope: 'settings:write',
    summary: 'Register a system that signs its webhooks',
    description: 'Its id is used once in the whole installation and stays what its events are told apart by.',
    params: NONE,
    query: NONE,
    body: z.strictObject({ id: sourceId, name: line.max(100) }),
    idempotent: true,
    answers: { 201: { description: 'The source, and the secret that it signs with', schema: secretAnswer } },
    handle: async ({ db, secrets }: ApiDeps, { body, caller: { controller }, at }) => {
      const made = await createSource(db, { ...body, controller, at });
      const secret = await newestSecret(secrets, made);
      return { status: 201, body: secretAnswer.parse({ source: made, secret }) };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/engagement-sources',
    scope: 'settings:read',
    summary: 'Which systems post signed webhooks, or did',
    params: NONE,
    query: NONE,
    body: NOTHING,
    answers: { 200: { description: 'All of them, by their ids', schema: sourcesAnswer } },
    handle: async ({ db }: ApiDeps, { caller }) => {
      const sources = await listSources(db, caller.controller);
      return { status: 200, body: sourcesAnswer.parse({ sources }) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/engagement-sources/{id}/rotate',
    scope: 'settings:write',
    summary: 'Give a source a new secret',
    description: 'The former one is taken for 24 hours more.',
    params: byId,
    query: NONE,
    body: z.strictObject({}).optional(),
    idempotent: true,
    answers: { 200: { description: 'The new secret', schema: secretAnswer } },
    handle: async ({ db, secrets }: ApiDeps, { params: { id }, caller: { controller }, at }) => {
      const rotated = await rotateSource(db, { id, controller, at });
      const secret = await newestSecret(secrets, rotated);
      return { status: 200, body: secretAnswer.parse({ source: rotated, secret }) };
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/v1/engagement-sources/{id}',
    scope: 'settings:write',
    summary: 'End a source for good',
    params: byId,
    query: NONE,
    body: NOTHING,
    answers: { 204: { description: 'Nothing signed by it is taken any more' } },
    handle: async ({ db }: ApiDeps, { params: { id }, caller: { controller }, at }) => {
      await revokeSource(db, { id, controller, at });
      return { status: 204 };
    },
  }),
];
