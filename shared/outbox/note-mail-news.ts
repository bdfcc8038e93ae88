import { readContact } from '../contacts/store.ts';
import type { Database } from '../platform/table.ts';
import { now } from '../platform/clock.ts';
import type { Secrets } from '../platform/secrets.ts';
import { write } from '../platform/table.ts';
import type { MailEvidence } from '../permission/evidence.ts';
import { record, untilRecorded } from '../permission/record.ts';
import type { PendingSignup, Progress } from '../signup/pending.ts';
import { advance, readPending } from '../signup/store.ts';
import { readSendId } from './send-id.ts';
import type { SendRef } from './send-id.ts';
import type { SesEvent } from './ses-event.ts';
import { moveMail, readMail } from './store.ts';

export type NoteDeps = { db: Database; secrets: Pick<Secrets, 'evidenceMaster'> };
type News = Extract<SesEvent, { kind: 'send' | 'delivery' }>;

/** Tells a mail of ours that SES took it or that it arrived; resolves attempts whose answer was lost (S7). */
export async function noteMailNews(deps: NoteDeps, event: SesEvent): Promise<void> {
  const ref = event.sendId ? readSendId(event.sendId) : undefined;
  if (!ref || (event.kind !== 'send' && event.kind !== 'delivery')) return;
  await (ref.kind === 'signup' ? noteSignup(deps, ref, event) : noteMail(deps, ref, event));
}

async function noteMail(
  { db }: NoteDeps,
  { mailId }: Extract<SendRef, { kind: 'mail' }>,
  event: News,
): Promise<void> {
  await untilRecorded(async () => {
    const mail = await readMail(db, mailId);
    const known = mail && 'mail' in mail.progress ? withNews(mail.progress.mail, event) : undefined;
    if (!mail || !known) return true;
    return (await moveMail(db, mail, { state: 'sent', mail: known }, null)) || undefined;
  });
}

async function noteSignup(
  deps: NoteDeps,
  ref: Extract<SendRef, { kind: 'signup' }>,
  event: News,
): Promise<void> {
  await untilRecorded(async () => {
    const pending = await readPending(deps.db, ref.brand, ref.addressKey);
    const progress = pending?.progress.get(ref.requestId);
    if (!pending || !progress) return true;
    if (progress.state === 'closed') return noteLate(deps, pending, ref.requestId, progress, event);
    if (progress.state !== 'sending' && progress.state !== 'sent') return true;
    const mail = withNews(progress.mail, event);
    if (!mail) return true;
    const to: Progress =
      progress.state === 'sent' ? { ...progress, mail } : { state: 'sent', plan: progress.plan, mail };
    // A resolved attempt may owe a confirmed opt-in: the item stays due and `mail` looks at it again.
    return (await write(deps.db, advance(pending, ref.requestId, progress, to))) || undefined;
  });
}

/** Delivered after the owner had confirmed: later news is a later entry (E1). */
async function noteLate(
  deps: NoteDeps,
  pending: PendingSignup,
  requestId: string,
  progress: Extract<Progress, { state: 'closed' }>,
  event: News,
): Promise<true | undefined> {
  const { contactId, messageId } = progress;
  if (
    event.kind !== 'delivery' ||
    !contactId ||
    progress.deliveredAt ||
    (messageId && messageId !== event.messageId)
  ) {
    return true;
  }
  const contact = await readContact(deps.db, contactId);
  if (!contact) return true;
  const recorded = await record(deps, {
    contact,
    draft: {
      type: 'delivery',
      at: now(),
      actor: { kind: 'system', name: 'ses-events' },
      route: 'delivery-report',
      changes: [],
      delivery: { requestId, messageId: event.messageId, deliveredAt: event.at },
    },
    payload: { address: contact.address, smtpResponse: event.smtpResponse },
    also: [advance(pending, requestId, progress, { ...progress, deliveredAt: event.at })],
  });
  return recorded && true;
}

/** The evidence with what the event adds; undefined where it says nothing new. */
function withNews(mail: MailEvidence, event: News): MailEvidence | undefined {
  const sentAt = mail.sentAt ?? event.sentAt;
  const deliveredAt = event.kind === 'delivery' ? (mail.deliveredAt ?? event.at) : mail.deliveredAt;
  if (mail.messageId && sentAt === mail.sentAt && deliveredAt === mail.deliveredAt) return undefined;
  return {
    ...mail,
    messageId: mail.messageId ?? event.messageId,
    sentAt,
    ...(deliveredAt ? { deliveredAt } : {}),
  };
}
