import { expect } from 'vitest';
import * as z from 'zod';

import type { ApiDeps } from '../../web/api/deps.ts';
import type { Endpoint } from '../../web/api/endpoint.ts';
import { problemDocument } from '../../web/api/problem-document.ts';

type Answered = { method: string; path: string; status: number; headers: Headers; body: unknown };

/** Fails where an answer is not one that its endpoint describes, or no problem document (W6, W10). */
export function expectDocumented(endpoints: readonly Endpoint<ApiDeps>[], answered: Answered): void {
  const { method, path, status, headers, body } = answered;
  const where = `${method} ${path} → ${status}`;
  const type = headers.get('content-type')?.split(';')[0];
  const expectAlike = (found: unknown, wanted: unknown) => expect([where, found]).toEqual([where, wanted]);
  expectAlike(headers.get('cache-control'), 'no-store');
  if (method === 'HEAD' || method === 'OPTIONS') return expectAlike(body, undefined);
  if (status >= 400) {
    expectAlike(type, 'application/problem+json');
    const problem = z.strictObject(problemDocument.shape).parse(body);
    return expectAlike([problem.status, problem.requestId], [status, status >= 500 ? 'req-1' : undefined]);
  }
  const endpoint = endpoints.find((one) => one.method === method && pattern(one.path).test(path));
  const shape = endpoint?.answers[status];
  if (!shape) throw new Error(`${where} is not described`);
  if (!shape.schema && !shape.contentType) return expectAlike(body, undefined);
  expectAlike(type, shape.contentType ?? 'application/json');
  if (!shape.schema) return;
  // By what stands in the OpenAPI document, where an object has the members described and no others.
  const described = z.fromJSONSchema(z.toJSONSchema(shape.schema, { io: 'output' }));
  expectAlike(described.safeParse(body).error?.issues, undefined);
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
