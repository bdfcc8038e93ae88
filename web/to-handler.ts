import type { Env, Hono, Schema } from 'hono';
import { handle } from 'hono/aws-lambda';
import type { LambdaEvent } from 'hono/aws-lambda';

/**
 * An app as a Lambda function. A body that comes with GET or HEAD means nothing (RFC 9110) and is dropped: Hono's
 * adapter cannot make a request of it, and would answer in plain text before the app is asked.
 */
export function toHandler<E extends Env, S extends Schema, Path extends string>(
  app: Hono<E, S, Path>,
): ReturnType<typeof handle<E, S, Path>> {
  const answer = handle(app);
  return (event, context) => answer(isRead(event) ? { ...event, body: null } : event, context);
}

function isRead({ requestContext }: LambdaEvent): boolean {
  return 'http' in requestContext && ['GET', 'HEAD'].includes(requestContext.http.method);
}
