/** What can go wrong so that a request or record cannot go on. HTTP status per code: `web/problem.ts`. */
export type ErrorCode = 'invalid' | 'not-found' | 'conflict' | 'unavailable';

/** An error we raised on purpose. Its message may be shown to the caller; it holds no personal data. */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}
