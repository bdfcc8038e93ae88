import { HOUR, now, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { sha256 } from '../platform/ids.ts';
import { errorFields, log, metric } from '../platform/log.ts';
import type { OutgoingMail, SendMail } from '../platform/ses.ts';
import { classifySendError } from '../platform/ses-errors.ts';
import { canonical } from '../permission/evidence.ts';
import type { MailEvidence } from '../permission/evidence.ts';
import type { Brand } from '../settings/brand.ts';
import { backOff } from './back-off.ts';
import type { RenderedMail } from './templates.ts';

export type DispatchDeps = { send: SendMail; configurationSet: string };
export type Letter = {
  brand: Brand;
  to: string;
  rendered: RenderedMail;
  headers?: Record<string, string>;
  purpose: string;
  /** Finds the way back from SES events to our item. */
  sendId: string;
};
export type Attempted =
  | { kind: 'accepted'; messageId: string; at: Instant }
  | { kind: 'retry'; until: Instant }
  | { kind: 'failed' }
  /** SES may have it: wait for its Send event (S7). */
  | { kind: 'unsure' };

/** What evidence says of a mail before it is handed over. */
export function mailEvidenceOf({ template, subject, html, text }: RenderedMail): MailEvidence {
  return { template, sha256: sha256(canonical({ subject, html, text })), startedAt: now() };
}

/** One attempt to hand a service mail to SES. Never throws: what an error means is in the answer (S6). */
export async function dispatch(deps: DispatchDeps, letter: Letter, attempt: number): Promise<Attempted> {
  const { brand, rendered, purpose, sendId } = letter;
  const mail: OutgoingMail = {
    from: { name: brand.sender.name, address: brand.sender.address },
    replyTo: brand.sender.replyTo,
    to: letter.to,
    subject: rendered.subject,
    html: rendered.html,
    text: rendered.text,
    headers: { 'Auto-Submitted': 'auto-generated', ...letter.headers },
    tags: { tenant: brand.controller.id, purpose, mailing: rendered.template.replace('@', '-'), sendId },
    configurationSet: deps.configurationSet,
  };
  try {
    const { messageId } = await deps.send(mail);
    log('info', 'mail-sent', { purpose, messageId });
    return { kind: 'accepted', messageId, at: now() };
  } catch (error) {
    return explain(error, purpose, attempt);
  }
}

function explain(error: unknown, purpose: string, attempt: number): Attempted {
  const failure = classifySendError(error);
  log('warn', 'mail-not-sent', { purpose, attempt, failure, error: errorFields(error).error });
  metric('mail-not-sent', 1, { failure });
  switch (failure) {
    case 'later':
      return { kind: 'retry', until: plus(now(), backOff(attempt)) };
    case 'stop':
      return { kind: 'retry', until: plus(now(), HOUR) };
    case 'never':
      return { kind: 'failed' };
    case 'unsure':
      return { kind: 'unsure' };
  }
}
