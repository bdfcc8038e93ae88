import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

import type { ErrorCode } from '../shared/platform/errors.ts';

/** HTTP status of what we raise on purpose. */
export const ERROR_STATUS = {
  invalid: 422,
  'not-found': 404,
  conflict: 409,
  unavailable: 503,
  unauthorized: 401,
  forbidden: 403,
  stale: 412,
  'version-needed': 428,
  'too-many': 429,
} as const satisfies Record<ErrorCode, ContentfulStatusCode>;

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const satisfies Partial<Record<ContentfulStatusCode, string>>;
export type ProblemStatus = keyof typeof TITLES;

/** One thing to put right: where (RFC 6901), what to do, and a code for programs. */
export type ProblemError = {
  /** Of a URL's part where not of the posted document. */
  in?: 'path' | 'query';
  pointer: string;
  detail: string;
  code: string;
  suggestion?: string;
};
export type ProblemExtras = {
  type?: string;
  detail?: string;
  /** For programs: why, where the status alone does not say. */
  code?: string;
  requestId?: string;
  errors?: readonly ProblemError[];
};

/** Answers with a problem document (RFC 9457, W6). */
export function problem(c: Context, status: ProblemStatus, extras: ProblemExtras = {}): Response {
  const document = { type: 'about:blank', title: TITLES[status], status, instance: c.req.path, ...extras };
  return c.body(JSON.stringify(document), status, { 'Content-Type': 'application/problem+json' });
}
