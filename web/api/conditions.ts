import type { Context } from 'hono';

import { problem } from '../problem.ts';

const STRONG = /^"([\x21\x23-\x7e]*)"$/;

/**
 * The one version that If-Match names; undefined where there is none. Lists, `*` and weak versions name no version
 * that a change could safely be made on, so they are refused.
 */
export function readIfMatch(c: Context, needed: boolean): { version: string | undefined } | Response {
  const header = c.req.header('if-match');
  if (header === undefined) {
    if (!needed) return { version: undefined };
    return problem(c, 428, { detail: 'Send If-Match with the ETag of the version you changed.' });
  }
  const version = STRONG.exec(header.trim())?.[1];
  if (version !== undefined) return { version };
  return problem(c, 400, { detail: 'If-Match takes one strong ETag, in quotes.', code: 'invalid-if-match' });
}
