import type { Context } from 'hono';
import type * as z from 'zod';

import { AppError } from '../../shared/platform/errors.ts';
import { pointerTo } from '../../shared/platform/json-pointer.ts';
import { errorFields, log } from '../../shared/platform/log.ts';
import { ERROR_STATUS, problem } from '../problem.ts';
import type { ProblemError } from '../problem.ts';
import { requestId } from '../request.ts';
import type { WebEnv } from '../request.ts';
import type { Invalid } from './endpoint.ts';

/** More would help nobody to put one request right. */
const MAX_ERRORS = 50;

/** What is wrong with a request: 400 where its address is, 422 where its document is. */
export function explainInvalid(c: Context<WebEnv>, invalid: readonly Invalid[]): Response {
  const inAddress = invalid.filter((part) => part.in !== 'body');
  const told = inAddress.length > 0 ? inAddress : invalid;
  const errors = told.flatMap(({ in: part, issues }) =>
    toErrors(issues).map((error) => (part === 'body' ? error : { in: IN[part], ...error })),
  );
  const detail =
    inAddress.length > 0 ? 'The address of the request is not valid.' : 'The document is not valid.';
  return problem(c, inAddress.length > 0 ? 400 : 422, { detail, errors: errors.slice(0, MAX_ERRORS) });
}

const IN = { params: 'path', query: 'query' } as const;

/** Zod's issues as errors: where, why, and never what was sent. */
export function toErrors(
  issues: readonly z.core.$ZodIssue[],
  base: readonly PropertyKey[] = [],
): ProblemError[] {
  return issues.flatMap((issue): ProblemError[] => {
    const path = [...base, ...issue.path];
    const at = (...more: PropertyKey[]) => pointerTo(...[...path, ...more].map(String));
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => ({
          pointer: at(key),
          detail: 'There is no such field.',
          code: 'unknown',
        }));
      case 'invalid_union': {
        const nearest = issue.errors.toSorted(
          (a, b) => strangers(a) - strangers(b) || a.length - b.length,
        )[0];
        if (nearest && nearest.length > 0) return toErrors(nearest, path);
        return [{ pointer: at(), detail: issue.message, code: 'invalid' }];
      }
      case 'invalid_key':
      case 'invalid_element':
        return toErrors(issue.issues, path);
      case 'invalid_type':
      case 'invalid_value':
      case 'invalid_format':
      case 'too_big':
      case 'too_small':
      case 'not_multiple_of':
      case 'custom':
        return [{ pointer: at(), detail: issue.message, code: issue.code.replaceAll('_', '-') }];
    }
  });
}

/** How many fields a shape does not know: the shape that was meant knows most of them. */
function strangers(issues: readonly z.core.$ZodIssue[]): number {
  return issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : [])).length;
}

/** What was raised on purpose says so itself; all else is a fixed text and a reference to the log. */
export function explainError(error: unknown, c: Context<WebEnv>): Response {
  if (error instanceof AppError) {
    const { code, message: detail, reason, errors, retryAfter } = error;
    const status = ERROR_STATUS[code];
    if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter));
    return problem(c, status, {
      detail,
      ...(reason ? { code: reason } : {}),
      ...(errors ? { errors } : {}),
      ...(status >= 500 ? reference(c) : {}),
    });
  }
  log('error', 'request-failed', { requestId: requestId(c), ...errorFields(error) });
  return problem(c, 500, reference(c));
}

function reference(c: Context<WebEnv>): { requestId?: string } {
  const id = requestId(c);
  return id ? { requestId: id } : {};
}
