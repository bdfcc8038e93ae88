import { randomBytes, randomUUID } from 'node:crypto';

import { now, plus } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { assertNever } from '../../shared/platform/assert-never.ts';
import { ACCOUNT, REGION } from './environment.ts';
import type { Mail } from './mailbox.ts';

export type SesEventType = 'Send' | 'Delivery' | 'Bounce' | 'Complaint';
/** Somebody, or something, loads the picture of a mail or follows one of its links. */
export type Visit = {
  at: Instant;
  ipAddress: string;
  userAgent: string;
  /** Without one it is an open. */
  link?: string;
  /** What the sender tagged the link with. */
  linkTags?: Record<string, string[]> | null;
};

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:assent-ses-events`;

/** A message id in the form that SES gives. */
export function newMessageId(): string {
  return `0107${randomBytes(6).toString('hex')}-${randomUUID()}-000000`;
}

/** What becomes of a mail by itself: delivered, but for the mailbox simulator's addresses. */
export function fateOf(to: string): SesEventType[] {
  const simulated = /^(bounce|complaint)(?:\+[^@]*)?@simulator\.amazonses\.com$/i
    .exec(to)?.[1]
    ?.toLowerCase();
  if (simulated === 'bounce') return ['Bounce'];
  return simulated === 'complaint' ? ['Delivery', 'Complaint'] : ['Delivery'];
}

/** The notification by which SNS brings an SES event into the queue (V2–V5). */
export function toNotification(type: SesEventType, mail: Mail): string {
  return publish({ eventType: type, mail: describe(mail), ...detail(type, mail, now()) });
}

/** The same of an open or a click. */
export function toVisitNotification(mail: Mail, { at, link, linkTags = null, ...visitor }: Visit): string {
  const seen = { timestamp: at, ...visitor };
  return publish(
    link === undefined
      ? { eventType: 'Open', mail: describe(mail), open: seen }
      : { eventType: 'Click', mail: describe(mail), click: { ...seen, link, linkTags } },
  );
}

function publish(message: object): string {
  return JSON.stringify({
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: TOPIC,
    Subject: 'Amazon SES Email Event Notification',
    Message: JSON.stringify(message),
    Timestamp: now(),
    SignatureVersion: '1',
    Signature: 'local',
    SigningCertURL: `https://sns.${REGION}.amazonaws.com/local.pem`,
    UnsubscribeURL: `https://sns.${REGION}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${TOPIC}:local`,
  });
}

function describe(mail: Mail) {
  const common = {
    From: mail.from,
    ...(mail.replyTo ? { 'Reply-To': mail.replyTo } : {}),
    To: mail.to,
    Subject: mail.subject,
    'MIME-Version': '1.0',
    'Content-Type': 'multipart/alternative',
  };
  return {
    timestamp: mail.at,
    source: mail.from,
    sourceArn: `arn:aws:ses:${REGION}:${ACCOUNT}:identity/${domainOf(mail.from)}`,
    sendingAccountId: ACCOUNT,
    messageId: mail.messageId,
    destination: recipients(mail),
    headersTruncated: false,
    headers: Object.entries({ ...common, ...mail.headers }).map(([name, value]) => ({ name, value })),
    commonHeaders: {
      from: [mail.from],
      ...(mail.replyTo ? { replyTo: [mail.replyTo] } : {}),
      to: recipients(mail),
      messageId: mail.messageId,
      subject: mail.subject,
    },
    tags: {
      'ses:operation': ['SendEmail'],
      'ses:configuration-set': [mail.configurationSet],
      'ses:source-ip': ['127.0.0.1'],
      'ses:from-domain': [domainOf(mail.from)],
      'ses:caller-identity': ['mail'],
      ...Object.fromEntries(Object.entries(mail.tags).map(([name, value]) => [name, [value]])),
    },
  };
}

function detail(type: SesEventType, mail: Mail, at: Instant) {
  const reportingMTA = `a7-21.smtp-out.${REGION}.amazonses.com`;
  switch (type) {
    case 'Send':
      return { send: {} };
    case 'Delivery':
      return {
        delivery: {
          timestamp: at,
          processingTimeMillis: Math.max(0, Date.parse(at) - Date.parse(mail.at)),
          recipients: recipients(mail),
          smtpResponse: '250 2.0.0 OK',
          reportingMTA,
        },
      };
    case 'Bounce':
      return {
        bounce: {
          feedbackId: newMessageId(),
          bounceType: 'Permanent',
          bounceSubType: 'General',
          bouncedRecipients: recipients(mail).map((emailAddress) => ({
            emailAddress,
            action: 'failed',
            status: '5.1.1',
            diagnosticCode: 'smtp; 550 5.1.1 user unknown',
          })),
          timestamp: at,
          reportingMTA: `dns; ${reportingMTA}`,
        },
      };
    case 'Complaint':
      return {
        complaint: {
          feedbackId: newMessageId(),
          complaintSubType: null,
          complainedRecipients: recipients(mail).map((emailAddress) => ({ emailAddress })),
          timestamp: at,
          userAgent: 'Amazon SES Mailbox Simulator',
          complaintFeedbackType: 'abuse',
          arrivalDate: plus(at, -1_000),
        },
      };
    default:
      return assertNever(type);
  }
}

function recipients({ to }: Mail): string[] {
  return to.split(', ');
}

function domainOf(address: string): string {
  return address.replace(/>?$/, '').split('@').at(-1) ?? '';
}
