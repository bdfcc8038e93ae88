import { readAddress } from '../contacts/store.ts';
import { isSuppressed } from '../contacts/suppression.ts';
import { now, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { log, metric } from '../platform/log.ts';
import type { MailState } from '../permission/mail-state.ts';
import type { Brand } from '../settings/brand.ts';
import { MAX_UNSURE, UNSURE_WAIT } from '../signup/next-step.ts';
import { dispatch, mailEvidenceOf } from './dispatch.ts';
import type { DispatchDeps, Letter } from './dispatch.ts';
import { writeEntryMail } from './entry-mail.ts';
import { writeAnsweredMail, writeLoginMail, writeNewAddressMail } from './link-mail.ts';
import type { MailItem } from './mail-item.ts';
import { nextTry } from './next-try.ts';
import { toSendId } from './send-id.ts';
import { moveMail, readMail } from './store.ts';
import type { NotYet, WriteDeps, Written } from './written.ts';

export type SendMailDeps = DispatchDeps & WriteDeps;

/** Sends one mail of the outbox if it is due and still wanted; safe to call at any time, any number of times. */
export async function sendOutboxMail(deps: SendMailDeps, mailId: string): Promise<void> {
  const mail = await readMail(deps.db, mailId);
  if (!mail) return;
  switch (nextMailStep(mail.progress, now())) {
    case 'none':
      return;
    case 'give-up':
      return giveUp(deps, mail);
    case 'send':
      return send(deps, mail);
  }
}

/** What is to be done with a mail, from its state alone. */
export function nextMailStep(state: MailState, at: string): 'none' | 'send' | 'give-up' {
  if (state.state === 'waiting')
    return at >= state.until ? (state.attempt >= 20 ? 'give-up' : 'send') : 'none';
  if (state.state !== 'sending' || at < plus(state.mail.startedAt, UNSURE_WAIT)) return 'none';
  return state.unsure >= MAX_UNSURE ? 'give-up' : 'send';
}

async function send(deps: SendMailDeps, mail: MailItem): Promise<void> {
  const brand = await deps.settings.brand(mail.brand);
  const written = brand && (await compose(deps, mail, brand));
  if (!written) return drop(deps, mail, 'withdrawn');
  if ('notBefore' in written) return holdBack(deps, mail, written.notBefore);
  const pointer = await readAddress(deps.db, mail.controller, written.addressKey);
  if (isSuppressed(pointer?.suppression, now()).suppressed) return drop(deps, mail, 'suppressed');
  const sendId = toSendId({ kind: 'mail', mailId: mail.id });
  const letter: Letter = { brand, sendId, purpose: mail.kind, ...written };

  const { attempt, unsure } = nextTry(mail.progress);
  const sending = { state: 'sending', mail: mailEvidenceOf(letter.rendered), attempt, unsure } as const;
  const dueAt = plus(sending.mail.startedAt, UNSURE_WAIT);
  if (!(await moveMail(deps.db, mail, sending, dueAt))) return;

  const outcome = await dispatch(deps, letter, attempt);
  const claimed: MailItem = { ...mail, progress: sending };
  switch (outcome.kind) {
    case 'accepted': {
      const sent = { ...sending.mail, messageId: outcome.messageId, sentAt: outcome.at };
      await moveMail(deps.db, claimed, { state: 'sent', mail: sent }, null);
      return;
    }
    case 'retry':
      await moveMail(
        deps.db,
        claimed,
        { state: 'waiting', until: outcome.until, attempt, unsure },
        outcome.until,
      );
      return;
    case 'failed':
      return giveUp(deps, claimed);
    case 'unsure':
      return;
  }
}

/** What is written and to whom, or undefined where it is no longer true: the last check before sending (U11). */
function compose(deps: SendMailDeps, mail: MailItem, brand: Brand): Promise<Written | NotYet | undefined> {
  switch (mail.kind) {
    case 'new-address':
      return writeNewAddressMail(deps, mail, brand);
    case 'request-answered':
      return writeAnsweredMail(deps, mail, brand);
    case 'log-in':
      return writeLoginMail(deps, mail, brand);
    case 'welcome':
    case 'unsubscribe-receipt':
    case 'choices-receipt':
    case 'address-notice':
      return writeEntryMail(deps, mail, brand);
  }
}

/** Before its first attempt: what waits for its turn has not failed. */
async function holdBack(deps: SendMailDeps, mail: MailItem, until: Instant): Promise<void> {
  await moveMail(deps.db, mail, { state: 'waiting', until, attempt: 0, unsure: 0 }, until);
}

async function drop(
  deps: SendMailDeps,
  mail: MailItem,
  why: 'withdrawn' | 'suppressed' | 'failed',
): Promise<void> {
  await moveMail(deps.db, mail, { state: 'dropped', why, at: now() }, null);
}

async function giveUp(deps: SendMailDeps, mail: MailItem): Promise<void> {
  log('error', 'mail-given-up', { purpose: mail.kind });
  metric('mail-given-up', 1, { purpose: mail.kind });
  await drop(deps, mail, 'failed');
}
