import * as z from 'zod';

import { toInstant, toMs } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { sha256 } from '../platform/ids.ts';

/** UTC with milliseconds as a rule; what other mail systems reported has offsets and whole seconds. */
const instant = z.iso.datetime({ offset: true }).transform((time) => toInstant(toMs(time)));
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);
const addresses = z.array(
  z.object({ emailAddress: z.string(), status: optionalText, diagnosticCode: optionalText }),
);

// Only what rules need is read: unknown keys pass, and names that SES may add to stay plain text (V1).
const mail = z.object({
  timestamp: instant,
  messageId: z.string().min(1),
  destination: z.array(z.string()).default([]),
  /** Feedback notifications carry none. */
  tags: z.record(z.string(), z.array(z.string())).default({}),
});
type Mail = z.infer<typeof mail>;
const timed = z.object({ timestamp: instant });
/** Who opened or clicked, as far as it can be told; what is missing or strange is not known, and no fault (V1). */
const visit = timed.extend({
  ipAddress: optionalText.catch(undefined),
  userAgent: optionalText.catch(undefined),
  isBotEvent: z.enum(['Likely', 'Unlikely']).optional().catch(undefined),
});
type Visit = z.infer<typeof visit>;
const linkTags = z
  .record(z.string(), z.array(z.string()))
  .nullish()
  .transform((tags) => tags ?? {})
  .catch({});

/** What SES publishes (V2–V5) in our words, by SES's name of the event. */
const EVENTS = {
  Send: z.object({ mail }).transform((event) => ({ kind: 'send' as const, ...about(event.mail) })),
  Delivery: z
    .object({ mail, delivery: timed.extend({ recipients: z.array(z.string()), smtpResponse: optionalText }) })
    .transform(({ mail, delivery }) => ({
      kind: 'delivery' as const,
      ...about(mail, delivery.timestamp, delivery.recipients),
      smtpResponse: delivery.smtpResponse,
    })),
  Bounce: z
    .object({
      mail,
      bounce: timed.extend({
        bounceType: z.string(),
        bounceSubType: z.string(),
        bouncedRecipients: addresses,
        feedbackId: z.string().min(1),
      }),
    })
    .transform(
      ({ mail, bounce: { timestamp, bounceType, bounceSubType, bouncedRecipients, feedbackId } }) => ({
        kind: 'bounce' as const,
        ...about(mail, timestamp, bouncedRecipients.map(addressOf)),
        bounceType,
        bounceSubType,
        feedbackId,
        bounced: bouncedRecipients.map(({ emailAddress, ...why }) => ({ recipient: emailAddress, ...why })),
      }),
    ),
  Complaint: z
    .object({
      mail,
      complaint: timed.extend({
        complainedRecipients: addresses,
        feedbackId: z.string().min(1),
        complaintFeedbackType: optionalText,
        complaintSubType: optionalText,
      }),
    })
    .transform(({ mail, complaint }) => ({
      kind: 'complaint' as const,
      ...about(mail, complaint.timestamp, complaint.complainedRecipients.map(addressOf)),
      feedbackId: complaint.feedbackId,
      feedbackType: complaint.complaintFeedbackType,
      subType: complaint.complaintSubType,
    })),
  Reject: z
    .object({ mail, reject: z.object({ reason: optionalText }) })
    .transform(({ mail, reject }) => ({ kind: 'reject' as const, ...about(mail), reason: reject.reason })),
  DeliveryDelay: z
    .object({ mail, deliveryDelay: timed.extend({ delayType: optionalText, delayedRecipients: addresses }) })
    .transform(({ mail, deliveryDelay }) => ({
      kind: 'delay' as const,
      ...about(mail, deliveryDelay.timestamp, deliveryDelay.delayedRecipients.map(addressOf)),
      delayType: deliveryDelay.delayType,
    })),
  Open: z.object({ mail, open: visit }).transform(({ mail, open }) => ({
    kind: 'open' as const,
    ...about(mail, open.timestamp),
    ...visitor(open),
  })),
  Click: z
    .object({ mail, click: visit.extend({ link: z.string(), linkTags }) })
    .transform(({ mail, click }) => ({
      kind: 'click' as const,
      ...about(mail, click.timestamp),
      ...visitor(click),
      link: click.link,
      ...hiddenBy(click.linkTags),
    })),
  'Rendering Failure': z
    .object({ mail, failure: z.object({ templateName: optionalText }) })
    .transform(({ mail, failure }) => ({
      kind: 'failure' as const,
      ...about(mail),
      templateName: failure.templateName,
    })),
  Subscription: z.object({ mail, subscription: timed }).transform(({ mail, subscription }) => ({
    kind: 'subscription' as const,
    ...about(mail, subscription.timestamp),
  })),
} as const;
const events = new Map<string, (typeof EVENTS)[keyof typeof EVENTS]>(Object.entries(EVENTS));

export type SesEvent = z.infer<(typeof EVENTS)[keyof typeof EVENTS]>;
/** An event that SES has added since, or the word that a topic was connected. */
export type UnknownSesEvent = { kind: 'unknown'; type: string };

const named = z.union([
  z.object({ eventType: z.string() }).transform(({ eventType }) => eventType),
  z.object({ notificationType: z.string() }).transform(({ notificationType }) => notificationType),
  // SES greets a newly connected topic with a line that is no JSON.
  z
    .string()
    .startsWith('Successfully validated SNS topic')
    .transform(() => 'topic-validated'),
]);

/**
 * One event of SES event publishing or of its feedback notifications (V2).
 * @throws ZodError where it is neither, or one that we know in a shape that we do not
 */
export function parseSesEvent(json: unknown): SesEvent | UnknownSesEvent {
  const type = named.parse(json);
  return events.get(type)?.parse(json) ?? { kind: 'unknown', type };
}

const snsEnvelope = z.object({ Type: z.literal('Notification'), Message: z.string() });

/**
 * What was published, out of the body of an SQS message: in SNS's envelope or, with raw delivery, without.
 * @throws SyntaxError where the body is not JSON
 */
export function parseSqsRecord(body: string): unknown {
  const json: unknown = JSON.parse(body);
  const envelope = snsEnvelope.safeParse(json);
  if (!envelope.success) return json;
  const message = envelope.data.Message;
  return message.startsWith('{') ? JSON.parse(message) : message;
}

/** Names what happened, so that an event told twice counts once; per recipient (V7). */
export function eventKey(event: SesEvent): string {
  if ('feedbackId' in event) return event.feedbackId;
  const key = `${event.messageId}#${event.kind}#${event.at}`;
  return event.kind === 'click' ? `${key}#${sha256(event.link).slice(0, 16)}` : key;
}

/**
 * `tenant` is the controller, `sendId` names the mail, `links` says how many links it has: tags of ours, absent on mail
 * of others.
 */
function about(mail: Mail, at: Instant = mail.timestamp, recipients = mail.destination) {
  const { tags, messageId, timestamp: sentAt } = mail;
  const [tenant, sendId, links] = ['tenant', 'sendId', 'links'].map((name) => tags[name]?.[0]);
  return { at, messageId, sentAt, tenant, sendId, recipients, ...linkCount(links) };
}

function linkCount(tag: string | undefined): { links?: number } {
  return tag !== undefined && /^[1-9]\d{0,3}$/.test(tag) ? { links: Number(tag) } : {};
}

function visitor({ ipAddress, userAgent, isBotEvent }: Visit): {
  ip?: string;
  userAgent?: string;
  bot?: 'Likely' | 'Unlikely';
} {
  return {
    ...(ipAddress === undefined ? {} : { ip: ipAddress }),
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(isBotEvent === undefined ? {} : { bot: isBotEvent }),
  };
}

/** The sender hides a link from people and tags it `trap`. */
function hiddenBy(tags: Record<string, string[]>): { hidden?: true } {
  return tags['trap'] === undefined ? {} : { hidden: true };
}

function addressOf({ emailAddress }: { emailAddress: string }): string {
  return emailAddress;
}
