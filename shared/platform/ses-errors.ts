/**
 * What an error of SendEmail means (S6, S7). `later`: not accepted, try again. `never`: this mail will not be
 * accepted. `stop`: nothing will be, until somebody acts. `unsure`: it may have been accepted.
 */
export type SendFailure = 'later' | 'never' | 'stop' | 'unsure';

const BY_NAME: Record<string, SendFailure> = {
  TooManyRequestsException: 'later',
  LimitExceededException: 'later',
  ThrottlingException: 'later',
  SendingPausedException: 'stop',
  AccountSuspendedException: 'stop',
  MailFromDomainNotVerifiedException: 'stop',
  MessageRejected: 'never',
  BadRequestException: 'never',
  NotFoundException: 'never',
};
/** The connection was never made, so SES cannot have the mail. */
const NOT_REACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The SDK tells a connection that never was from an answer that never came in its message alone. */
const NOT_CONNECTED = /did not establish a connection/;

export function classifySendError(error: unknown): SendFailure {
  if (!(error instanceof Error)) return 'unsure';
  const known = BY_NAME[error.name];
  if (known) return known;
  // The SDK's errors carry these beside name and message; each is checked before use.
  const { code } = error as { code?: string };
  if ((code !== undefined && NOT_REACHED.has(code)) || NOT_CONNECTED.test(error.message)) return 'later';
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === 429) return 'later';
  return status !== undefined && status >= 400 && status < 500 ? 'never' : 'unsure';
}
