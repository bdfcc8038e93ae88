import { domainToASCII } from 'node:url';

import {
  InvalidNextTokenException,
  ListSuppressedDestinationsCommand,
  SESv2Client,
  SendEmailCommand,
} from '@aws-sdk/client-sesv2';
import type { SuppressedDestinationSummary } from '@aws-sdk/client-sesv2';

import { toDate, toInstant } from './clock.ts';
import type { Instant } from './clock.ts';

/** One mail to one recipient (S3). Header and tag values must obey S1 and S4. */
export type OutgoingMail = {
  from: { name: string; address: string };
  to: string;
  replyTo: string;
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
  tags: Record<string, string>;
  configurationSet: string;
};
/** Hands a mail to SES; answers its message id or throws what the SDK threw. */
export type SendMail = (mail: OutgoingMail) => Promise<{ messageId: string }>;

/**
 * As many as ten stream batches can ask for: waiting for a connection would look like a slow SES. What idles for a second
 * we close: a mail that is written just when SES closes the connection has an unknown fate and waits for minutes (S7).
 */
const CONNECTIONS = { maxSockets: 250, timeout: 1_000 };

/**
 * The one door to SES. The SDK must not retry: SES has no idempotency token, so a repeated call can send twice (S7).
 * Tracking is off for every mail that goes through here (S5).
 */
export function openSes(): SendMail {
  const client = new SESv2Client({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
      throwOnRequestTimeout: true,
      httpAgent: CONNECTIONS,
      httpsAgent: CONNECTIONS,
    },
  });
  return async (mail) => {
    const output = await client.send(
      new SendEmailCommand({
        FromEmailAddress: `${encodeName(mail.from.name)} <${mail.from.address}>`,
        Destination: { ToAddresses: [wireAddress(mail.to)] },
        ReplyToAddresses: [mail.replyTo],
        Content: {
          Simple: {
            Subject: { Data: mail.subject, Charset: 'UTF-8' },
            Body: {
              Html: { Data: mail.html, Charset: 'UTF-8' },
              Text: { Data: mail.text, Charset: 'UTF-8' },
            },
            Headers: Object.entries(mail.headers).map(([Name, Value]) => ({ Name, Value })),
          },
        },
        ConfigurationSetName: mail.configurationSet,
        ConfigurationOverrides: {
          Tracking: { OpenTrackingEnabled: 'DISABLED', ClickTrackingEnabled: 'DISABLED' },
        },
        EmailTags: Object.entries(mail.tags).map(([Name, Value]) => ({ Name, Value })),
      }),
    );
    return { messageId: output.MessageId ?? '' };
  };
}

/** An address that SES holds mail back from, and the instant since which it does. */
export type SuppressedAddress = { address: string; reason: 'bounce' | 'complaint'; at: Instant };
/** A page of the account's list; `stale-token`: SES no longer knows where the page before ended. */
export type SuppressedPage = { entries: SuppressedAddress[]; next: string | undefined } | 'stale-token';
/** What came onto the list after `since`, in no order; from the beginning where there is none. */
export type ListSuppressed = (from: {
  since?: Instant | undefined;
  token?: string | undefined;
}) => Promise<SuppressedPage>;

/** Reads the suppression list that SES keeps for the account in this region. The SDK may retry: nothing is changed. */
export function openSuppressionList(): ListSuppressed {
  const client = new SESv2Client({ requestHandler: { connectionTimeout: 3_000, requestTimeout: 15_000 } });
  return async ({ since, token }) => {
    try {
      const output = await client.send(
        new ListSuppressedDestinationsCommand({
          Reasons: ['BOUNCE', 'COMPLAINT'],
          PageSize: 1_000,
          ...(since === undefined ? {} : { StartDate: toDate(since) }),
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      const entries = (output.SuppressedDestinationSummaries ?? []).flatMap(toSuppressed);
      return { entries, next: output.NextToken };
    } catch (error) {
      if (error instanceof InvalidNextTokenException) return 'stale-token';
      throw error;
    }
  };
}

function toSuppressed({
  EmailAddress,
  Reason,
  LastUpdateTime,
}: SuppressedDestinationSummary): SuppressedAddress[] {
  if (EmailAddress === undefined || LastUpdateTime === undefined) return [];
  const at = toInstant(LastUpdateTime.getTime());
  return [{ address: EmailAddress, reason: Reason === 'COMPLAINT' ? 'complaint' : 'bounce', at }];
}

/** SES takes domains in ASCII only; the address as typed may hold others. */
function wireAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
}

/** A display name as RFC 2047 encoded word where it is not plain ASCII, else as a quoted string. */
function encodeName(name: string): string {
  return /^[\x20-\x7e]*$/.test(name)
    ? `"${name.replaceAll(/["\\]/g, '\\$&')}"`
    : `=?UTF-8?B?${Buffer.from(name).toString('base64')}?=`;
}
