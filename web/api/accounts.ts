import * as z from 'zod';

import { account, companyDomain } from '../../shared/contacts/account.ts';
import type { Account } from '../../shared/contacts/account.ts';
import {
  changeAccount,
  findAccount,
  lookUpAccount,
  saveAccount,
  toldAccount,
} from '../../shared/contacts/save-account.ts';
import { externalId, line } from '../../shared/contacts/told.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';
import type { Answer } from './endpoint.ts';

const byId = z.strictObject({ id: z.string().max(100) });
const accountBody = toldAccount.extend({
  id: byId.shape.id.optional(),
  externalId: externalId.optional(),
  name: line,
});
const lookupBody = z.union([z.strictObject({ domain: companyDomain }), z.strictObject({ externalId })]);
const accountView = account.omit({ schema: true, controller: true, rev: true });
const accountAnswer = z.object({ account: accountView });

/** Companies: their class, the domains by which their people are known, and what makes them worth having. */
export const accountEndpoints = [
  endpoint({
    method: 'POST',
    path: '/v1/accounts',
    scope: 'contacts:write',
    summary: 'Create or update an account',
    description:
      'Found by id or external id; a new one where neither is given. A domain belongs to one account.',
    params: NONE,
    query: NONE,
    body: accountBody,
    idempotent: true,
    answers: {
      200: { description: 'Known before, and updated', schema: accountAnswer },
      201: { description: 'New', schema: accountAnswer },
    },
    handle: async (deps: ApiDeps, { body, caller: { controller }, at }) => {
      const { id, externalId, ...told } = body;
      const saved = await saveAccount(deps, { controller, id, externalId, told, at });
      if (saved.kind === 'updated') return show(200, saved.account);
      return show(201, saved.account, { Location: `/v1/accounts/${saved.account.id}` });
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/accounts/lookup',
    scope: 'contacts:read',
    summary: 'Find an account by domain or external id',
    params: NONE,
    query: NONE,
    body: lookupBody,
    answers: { 200: { description: 'The account', schema: accountAnswer } },
    handle: async (deps: ApiDeps, { body, caller }) =>
      show(200, await lookUpAccount(deps, caller.controller, body)),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/accounts/{id}',
    scope: 'contacts:read',
    summary: 'An account',
    params: byId,
    query: NONE,
    body: NOTHING,
    answers: { 200: { description: 'The account', schema: accountAnswer } },
    handle: async (deps: ApiDeps, { params, caller }) =>
      show(200, await findAccount(deps.db, caller.controller, params.id)),
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/accounts/{id}',
    scope: 'contacts:write',
    summary: 'Change an account',
    description: 'Null takes a fact away, what is left out stays.',
    params: byId,
    query: NONE,
    body: toldAccount,
    ifMatch: true,
    answers: { 200: { description: 'The account after it', schema: accountAnswer } },
    handle: async (deps: ApiDeps, { params, body, caller: { controller }, ifMatch = '', at }) =>
      show(200, await changeAccount(deps.db, { controller, id: params.id, rev: ifMatch, told: body, at })),
  }),
];

function show(status: 200 | 201, found: Account, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { ETag: `"${found.rev}"`, ...headers },
    body: { account: accountView.parse(found) } satisfies z.infer<typeof accountAnswer>,
  };
}
