import { recordPromotion } from '../../shared/decision/store.ts';
import { decide } from '../../shared/decision/decide.ts';
import { now } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { newId } from '../../shared/platform/ids.ts';
import { transact } from '../../shared/platform/table.ts';
import type { Database } from '../../shared/platform/table.ts';
import type { SesEvent } from '../../shared/outbox/ses-event.ts';
import { facts } from '../decision/snapshots.ts';
import { BRAND, CONTROLLER } from '../support/system.ts';

/** A mail as its decision left it: what SES says of it later is found by its send id. */
export async function sentMail(
  db: Database,
  { use = 'newsletter', at = now(), brand = BRAND }: { use?: string; at?: Instant; brand?: string } = {},
): Promise<string> {
  const sendId = newId('p');
  const snapshot = facts();
  const decision = decide(snapshot);
  const made = {
    sendId,
    contactId: 'con_1',
    at,
    channel: 'email',
    brand,
    use,
    topics: [],
    mailing: 'spring',
  } as const;
  await transact(db, recordPromotion({ ...made, topics: [], decision, snapshot }, 24));
  return sendId;
}

let told = 0;
const about = (sendId: string | undefined, at: Instant) => ({
  at,
  sentAt: at,
  messageId: `ses-${(told += 1)}`,
  tenant: CONTROLLER,
  sendId,
  recipients: ['anna@example.com'],
});

export function delivery(sendId: string | undefined, at = now()): SesEvent {
  return { kind: 'delivery', smtpResponse: '250 OK', ...about(sendId, at) };
}

export function complaint(
  sendId: string | undefined,
  {
    at = now(),
    feedbackType = 'abuse',
    subType,
  }: { at?: Instant; feedbackType?: string; subType?: string } = {},
): SesEvent {
  return { kind: 'complaint', ...about(sendId, at), feedbackId: `feedback-${told}`, feedbackType, subType };
}

export function bounce(
  sendId: string | undefined,
  {
    at = now(),
    kind = 'Permanent/NoEmail',
    diagnosticCode,
  }: { at?: Instant; kind?: string; diagnosticCode?: string } = {},
): SesEvent {
  const [bounceType = '', bounceSubType = ''] = kind.split('/');
  const bounced = [{ recipient: 'anna@example.com', status: undefined, diagnosticCode }];
  return {
    kind: 'bounce',
    bounceType,
    bounceSubType,
    ...about(sendId, at),
    feedbackId: `feedback-${told}`,
    bounced,
  };
}
