import type { Context } from 'hono';

/** Lets scripts of exactly these sites read the answer (T10); never with credentials, we have none. */
export function allowOrigins(c: Context, origins: readonly string[]): void {
  c.header('Vary', 'Origin', { append: true });
  const origin = c.req.header('origin');
  if (origin === undefined || !origins.includes(origin)) return;
  c.header('Access-Control-Allow-Origin', origin);
  c.header('Access-Control-Expose-Headers', 'Content-Language, Retry-After');
}

/** Answers OPTIONS: what a resource takes, and to registered sites that scripts may post JSON to it. */
export function preflight(c: Context, origins: readonly string[], methods: readonly string[]): Response {
  allowOrigins(c, origins);
  c.header('Allow', methods.join(', '));
  if (c.res.headers.has('Access-Control-Allow-Origin')) {
    c.header('Access-Control-Allow-Methods', 'GET, POST');
    c.header('Access-Control-Allow-Headers', 'Content-Type');
    c.header('Access-Control-Max-Age', '7200');
  }
  return c.body(null, 204);
}
