import * as z from 'zod';

import { AppError } from '../../../shared/platform/errors.ts';
import type { ApiDeps } from '../../../web/api/deps.ts';
import { NONE, NOTHING, endpoint } from '../../../web/api/endpoint.ts';
import type { Endpoint } from '../../../web/api/endpoint.ts';

const id = z.strictObject({ id: z.string().regex(/^th_\w+$/) });
const thing = z.strictObject({ name: z.string().max(20), tags: z.record(z.string(), z.int()).optional() });
const made = z.object({ name: z.string(), count: z.int() });

/** What a handler of these tests does once it is reached. */
export type Acts = { count: number; fail?: Error | undefined; wait?: Promise<void> | undefined };

/** Small endpoints of every kind, so that the shell is tested without the domain. */
export function thingEndpoints(acts: Acts): Endpoint<ApiDeps>[] {
  const act = async (name: string) => {
    acts.count += 1;
    const { count } = acts;
    await acts.wait;
    if (acts.fail) throw acts.fail;
    return { status: 201, body: { name, count }, headers: { ETag: `"${count}"` } } as const;
  };
  const around = {
    params: NONE,
    query: NONE,
    body: NOTHING,
    answers: { 201: { description: 'Made', schema: made } },
  };
  return [
    endpoint({
      ...around,
      method: 'GET',
      path: '/v1/things/{id}',
      scope: 'contacts:read',
      summary: 'One thing',
      params: id,
      query: z.strictObject({ limit: z.coerce.number().int().max(10).optional() }),
      answers: {
        200: { description: 'The thing', schema: z.object({ id: z.string(), limit: z.int().optional() }) },
      },
      handle: (_, { params, query }) => Promise.resolve({ status: 200, body: { ...params, ...query } }),
    }),
    endpoint({
      ...around,
      method: 'POST',
      path: '/v1/things',
      scope: 'contacts:write',
      summary: 'Make a thing',
      body: thing,
      idempotent: true,
      handle: (_, { body }) => act(body.name),
    }),
    endpoint({
      ...around,
      method: 'POST',
      path: '/v1/things/lookup',
      scope: 'contacts:read',
      summary: 'Find things',
      body: z.union([thing, z.strictObject({ number: z.int() })]),
      large: true,
      handle: () => act('found'),
    }),
    endpoint({
      ...around,
      method: 'PUT',
      path: '/v1/things/{id}',
      scope: 'contacts:write',
      summary: 'Change a thing',
      params: id,
      body: thing,
      ifMatch: true,
      handle: async (_, { body, ifMatch }) => {
        if (ifMatch !== '1-1') throw new AppError('stale', 'It has changed.', { reason: 'changed' });
        return act(body.name);
      },
    }),
    endpoint({
      ...around,
      method: 'DELETE',
      path: '/v1/things/{id}',
      scope: 'contacts:write',
      summary: 'Remove a thing',
      params: id,
      answers: { 204: { description: 'Gone' } },
      handle: () => Promise.resolve({ status: 204 }),
    }),
  ];
}
