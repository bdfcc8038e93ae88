import type { Context, Hono } from 'hono';

import { problem } from '../problem.ts';
import type { WebEnv } from '../request.ts';

/** What is public of the API, and the shipped file that holds it. */
const DOCUMENTS = {
  '/v1/openapi.json': { file: 'openapi.json', type: 'application/json' },
  '/v1/docs': { file: 'api-docs.html', type: 'text/html; charset=utf-8' },
  '/v1/docs.css': { file: 'api-docs.css', type: 'text/css; charset=utf-8' },
} as const;

/** Serves the description of the API, for which nobody needs a key. */
export function serveDocuments(app: Hono<WebEnv>, read: (file: string) => Buffer): void {
  for (const [path, { file, type }] of Object.entries(DOCUMENTS)) {
    app.get(path, (c) =>
      c.body(read(file).toString('utf8'), 200, {
        'Content-Type': type,
        'Cache-Control': 'public, max-age=300',
      }),
    );
    app.all(path, tellMethods);
  }
}

function tellMethods(c: Context<WebEnv>): Response {
  c.header('Allow', 'GET, HEAD, OPTIONS');
  return c.req.method === 'OPTIONS' ? c.body(null, 204) : problem(c, 405);
}
