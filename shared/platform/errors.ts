/** What can go wrong so that a request or record cannot go on. HTTP status per code: `web/problem.ts`. */
export type ErrorCode =
  | 'invalid'
  | 'not-found'
  | 'conflict'
  | 'unavailable'
  | 'unauthorized'
  | 'forbidden'
  /** If-Match names a version that is no longer current, or is missing where it is needed. */
  | 'stale'
  | 'version-needed'
  | 'too-many';

/** One thing to put right in what was posted: where (RFC 6901), what to do, and a code for programs. */
export type InputError = { pointer: string; detail: string; code: string };

/** An error we raised on purpose. Its message may be shown to the caller; it holds no personal data. */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** For programs: `erased`, `exists`. */
  readonly reason: string | undefined;
  readonly errors: readonly InputError[] | undefined;
  /** Seconds after which the same has a chance again. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; reason?: string; errors?: readonly InputError[]; retryAfter?: number } = {},
  ) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.reason = options.reason;
    this.errors = options.errors;
    this.retryAfter = options.retryAfter;
  }
}
