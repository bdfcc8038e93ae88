import type { Context } from 'hono';

import { problem } from '../problem.ts';

/** For what no route of a path answered: OPTIONS learns the methods, a wrong one is told. */
export function tellMethods(c: Context, methods: readonly string[]): Response {
  c.header('Allow', [...methods, 'OPTIONS'].join(', '));
  return c.req.method === 'OPTIONS' ? c.body(null, 204) : problem(c, 405);
}
