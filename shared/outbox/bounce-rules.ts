import type { SuppressionNews } from '../contacts/suppression.ts';
import { assertNever } from '../platform/assert-never.ts';
import { eventKey } from './ses-event.ts';
import type { SesEvent } from './ses-event.ts';

/** What a bounce means: `revoke` ends the use that was mailed, faults are ours and leave the address alone. */
export type BounceEffect = 'suppress' | 'soft' | 'content-fault' | 'auth-fault' | 'revoke';
/** `review`: somebody should look at it some time; `alarm`: now. */
export type BounceVerdict = { effect: BounceEffect; attention: 'none' | 'review' | 'alarm' };
export type ComplaintEffect = 'objection' | 'ignore';

const BOUNCES = new Map<string, BounceVerdict>([
  ['Permanent/General', { effect: 'suppress', attention: 'none' }],
  ['Permanent/NoEmail', { effect: 'suppress', attention: 'none' }],
  ['Permanent/Suppressed', { effect: 'suppress', attention: 'none' }],
  ['Permanent/OnAccountSuppressionList', { effect: 'suppress', attention: 'none' }],
  ['Permanent/UnsubscribedRecipient', { effect: 'revoke', attention: 'none' }],
  ['Transient/General', { effect: 'soft', attention: 'none' }],
  ['Transient/MailboxFull', { effect: 'soft', attention: 'none' }],
  ['Transient/CustomTimeoutExceeded', { effect: 'soft', attention: 'none' }],
  ['Transient/MessageTooLarge', { effect: 'content-fault', attention: 'alarm' }],
  ['Transient/ContentRejected', { effect: 'content-fault', attention: 'alarm' }],
  ['Transient/AttachmentRejected', { effect: 'content-fault', attention: 'alarm' }],
  ['Undetermined/Undetermined', { effect: 'soft', attention: 'review' }],
]);
/** Sub-types that SES adds one day: the address is spared mail, and somebody is told (V1). */
const OTHER_BOUNCES = new Map<string, BounceVerdict>([
  ['Permanent', { effect: 'suppress', attention: 'alarm' }],
  ['Transient', { effect: 'soft', attention: 'review' }],
  ['Undetermined', { effect: 'soft', attention: 'review' }],
]);

type Bounce = Extract<SesEvent, { kind: 'bounce' }>;

/** The receiver refuses our authentication: Microsoft 5.7.515, Gmail 5.7.26 (B2), the others of RFC 7372. */
const SENDER_AUTHENTICATION = /(?<![\d.])[45]\.7\.(?:515|2[0-6])(?!\.?\d)/;

/** What the bounce of one recipient leads to (V3). */
export function classifyBounce(bounce: {
  bounceType: string;
  bounceSubType: string;
  diagnosticCode?: string | undefined;
  status?: string | undefined;
}): BounceVerdict {
  const { bounceType, bounceSubType, diagnosticCode = '', status = '' } = bounce;
  if (SENDER_AUTHENTICATION.test(`${status} ${diagnosticCode}`))
    return { effect: 'auth-fault', attention: 'alarm' };
  const known = BOUNCES.get(`${bounceType}/${bounceSubType}`) ?? OTHER_BOUNCES.get(bounceType);
  return known ?? { effect: 'soft', attention: 'alarm' };
}

/** A complaint objects to all e-mail; `not-spam` takes one back at the provider and is none (V4). */
export function classifyComplaint(complaint: { feedbackType?: string | undefined }): ComplaintEffect {
  return complaint.feedbackType === 'not-spam' ? 'ignore' : 'objection';
}

/** What an event says about mail to each of its recipients; nothing where it says nothing. */
export function suppressionNews(event: SesEvent): { recipient: string; news: SuppressionNews }[] {
  const { at } = event;
  switch (event.kind) {
    case 'delivery':
      return event.recipients.map((recipient) => ({ recipient, news: { kind: 'delivery', at } }));
    case 'complaint':
      if (classifyComplaint(event) === 'ignore') return [];
      return event.recipients.map((recipient) => ({ recipient, news: { kind: 'complaint', at } }));
    case 'bounce':
      return event.bounced.flatMap((bounced) => {
        const news = bounceNews(event, bounced);
        return news ? [{ recipient: bounced.recipient, news }] : [];
      });
    case 'send':
    case 'reject':
    case 'delay':
    case 'open':
    case 'click':
    case 'failure':
    case 'subscription':
      return [];
    default:
      return assertNever(event);
  }
}

function bounceNews(event: Bounce, bounced: Bounce['bounced'][number]): SuppressionNews | undefined {
  const { at, bounceType, bounceSubType } = event;
  const { effect } = classifyBounce({ bounceType, bounceSubType, ...bounced });
  if (effect === 'suppress') return { kind: 'hard-bounce', at, reason: `${bounceType}/${bounceSubType}` };
  return effect === 'soft' ? { kind: 'soft-bounce', at, id: eventKey(event) } : undefined;
}
