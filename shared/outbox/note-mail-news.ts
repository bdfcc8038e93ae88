import type { Contact } from '../contacts/contact.ts';
import { readContact } from '../contacts/store.ts';
import type { Database, Update } from '../platform/table.ts';
import { now } from '../platform/clock.ts';
import type { Secrets } from '../platform/secrets.ts';
import { write } from '../platform/table.ts';
import type { MailEvidence } from '../permission/evidence.ts';
import { record, untilRecorded } from '../permission/record.ts';
import type { Progress } from '../signup/pending.ts';
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
    const to = progress && progressWithNews(progress, event);
    if (!pending || !to) return true;
    const step = advance(pending, ref.requestId, progress, to);
    const ownerId = event.kind === 'delivery' ? ownerOf(progress) : undefined;
    const owner = ownerId ? await readContact(deps.db, ownerId) : undefined;
    // A resolved attempt may owe a confirmed opt-in: the item stays due and `mail` looks at it again.
    if (!owner) return (await write(deps.db, step)) || undefined;
    return (await recordDelivery(deps, owner, ref.requestId, event, step)) && true;
  });
}

/** Delivered after its permission was recorded: later news is a later entry (E1). */
function recordDelivery(deps: NoteDeps, contact: Contact, requestId: string, event: News, step: Update) {
  const { messageId, at: deliveredAt } = event;
  return record(deps, {
    contact,
    draft: {
      type: 'delivery',
      at: now(),
      actor: { kind: 'system', name: 'ses-events' },
      route: 'delivery-report',
      changes: [],
      delivery: { requestId, messageId, deliveredAt },
    },
    payload: {
      address: contact.address,
      ...(event.kind === 'delivery' ? { smtpResponse: event.smtpResponse } : {}),
    },
    also: [step],
  });
}

/** Whose permission already rests on this mail. */
function ownerOf(progress: Progress): string | undefined {
  if (progress.state === 'closed') return progress.contactId;
  return progress.state === 'sent' ? progress.granted?.contactId : undefined;
}

/** Where the news takes a request; undefined where it says nothing new. */
function progressWithNews(progress: Progress, event: News): Progress | undefined {
  switch (progress.state) {
    case 'closed': {
      const ours = progress.contactId && [undefined, event.messageId].includes(progress.messageId);
      const isNew = event.kind === 'delivery' && progress.deliveredAt === undefined;
      return ours && isNew ? { ...progress, deliveredAt: event.at } : undefined;
    }
    case 'sending':
    case 'sent': {
      const mail = withNews(progress.mail, event);
      if (!mail) return undefined;
      return progress.state === 'sent' ? { ...progress, mail } : { state: 'sent', plan: progress.plan, mail };
    }
    case 'deferred':
    case 'retry':
      return undefined;
  }
}

/** The evidence with what the event adds; undefined where it says nothing new, or is of the same mail sent twice (S7). */
function withNews(mail: MailEvidence, event: News): MailEvidence | undefined {
  if (mail.messageId && mail.messageId !== event.messageId) return undefined;
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
