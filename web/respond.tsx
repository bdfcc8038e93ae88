import { Hono } from 'hono';
import type { Context, Handler } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

import { SECOND, nowMs, toMs } from '../shared/platform/clock.ts';
import type { Instant } from '../shared/platform/clock.ts';
import { AppError } from '../shared/platform/errors.ts';
import { errorFields, log } from '../shared/platform/log.ts';
import type { Language } from '../shared/settings/language.ts';
import { neutralContext } from './assets.ts';
import type { NeutralContext, PageContext } from './components/layout.tsx';
import { ERROR_STATUS, problem } from './problem.ts';
import type { ProblemStatus } from './problem.ts';
import { MessagePage } from './public/pages/message-page.tsx';
import type { MessageKind } from './public/pages/message-page.tsx';
import { readerLanguage, requestId } from './request.ts';
import type { WebEnv } from './request.ts';
import { securityHeaders } from './security-headers.ts';

/** An app with what all of ours share: headers, calm errors, 404. */
export function createApp(): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.use(securityHeaders);
  app.onError((error, c) => {
    if (error instanceof AppError) return explain(c, ERROR_STATUS[error.code], error.message);
    log('error', 'request-failed', { requestId: requestId(c), ...errorFields(error) });
    return explain(c, 500);
  });
  app.notFound((c) => explain(c, 404));
  return app;
}

/** A page with its language and status. */
export function page(
  c: Context<WebEnv>,
  language: Language,
  element: JSX.Element,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  c.header('Content-Language', language);
  return c.html(element, status);
}

const MESSAGES = {
  400: 'unsupported',
  401: 'error',
  403: 'error',
  404: 'not-found',
  405: 'error',
  409: 'error',
  412: 'error',
  413: 'too-large',
  415: 'unsupported',
  422: 'error',
  428: 'error',
  429: 'too-many',
  500: 'error',
  503: 'error',
} as const satisfies Record<ProblemStatus, MessageKind>;

/** Says that something cannot be done, as the caller reads it: a page or a problem document. */
export function explain(
  c: Context<WebEnv>,
  status: ProblemStatus,
  detail?: string,
  context: PageContext | NeutralContext = neutralContext(readerLanguage(c)),
): Response | Promise<Response> {
  const id = status >= 500 ? requestId(c) : undefined;
  if (wantsJson(c))
    return problem(c, status, { ...(detail ? { detail } : {}), ...(id ? { requestId: id } : {}) });
  return page(
    c,
    context.language,
    <MessagePage context={context} kind={MESSAGES[status]} requestId={id} />,
    status,
  );
}

/** For a link that is none of ours, or of another kind: the same calm page, whatever is wrong with it (T2). */
export function unknownLink(c: Context<WebEnv>): Response | Promise<Response> {
  log('warn', 'link-unknown', { page: c.req.path.split('/')[1] });
  if (wantsJson(c)) return problem(c, 404);
  const context = neutralContext(readerLanguage(c));
  return page(c, context.language, <MessagePage context={context} kind="unknown-link" />, 404);
}

/** For what no other route answered: OPTIONS learns the methods, a wrong method is told. */
export function only(...methods: readonly string[]): Handler<WebEnv> {
  return (c) => {
    if (c.req.method !== 'OPTIONS' && methods.includes(c.req.method)) return explain(c, 404);
    c.header('Allow', methods.join(', '));
    return c.req.method === 'OPTIONS' ? c.body(null, 204) : problem(c, 405);
  };
}

/** A program posts JSON or asks for it; a browser asks for HTML first. */
export function wantsJson(c: Context<WebEnv>): boolean {
  const sent = c.req.header('content-type')?.startsWith('application/json') ?? false;
  const accepts = c.req.header('accept') ?? '';
  return sent || (accepts.includes('json') && !accepts.includes('text/html')) || c.req.path.endsWith('.json');
}

/** Whole seconds until `at`, for the Retry-After header. */
export function retryAfter(at: Instant): string {
  return String(Math.max(1, Math.ceil((toMs(at) - nowMs()) / SECOND)));
}
