import * as z from 'zod';

import type { Mail } from './mailbox.ts';

const content = z.object({ Data: z.string(), Charset: z.string().optional() });
const addresses = z.array(z.string()).default([]);

/** `POST /v2/email/outbound-emails` with simple content, as the SDK sends it. */
const sendEmail = z.object({
  FromEmailAddress: z.string().optional(),
  Destination: z
    .object({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses })
    .prefault({}),
  ReplyToAddresses: addresses,
  Content: z.object({
    Simple: z
      .object({
        Subject: content,
        Body: z.object({ Text: content.optional(), Html: content.optional() }),
        Headers: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
      })
      .optional(),
  }),
  EmailTags: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  ConfigurationSetName: z.string().optional(),
});

export type SesError = { status: number; type: string; message: string };
export type Accepted = Omit<Mail, 'messageId' | 'at'>;

/** Headers that SES writes itself. */
const RESERVED = new Set(
  [
    'From',
    'To',
    'Cc',
    'Bcc',
    'Subject',
    'Date',
    'Message-ID',
    'MIME-Version',
    'Content-Type',
    'Return-Path',
    'Reply-To',
  ].map((name) => name.toLowerCase()),
);
const HEADER_NAME = /^[\x21-\x39\x3b-\x7e]{1,126}$/;
const TAG = /^[A-Za-z0-9_-]{1,256}$/;
const MAILBOX = /^(?:.*<)?[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>?$/;

/** Checks a request as SES does (S1, S4) and answers the mail it asks for, or what SES would complain about. */
export function readSendEmail(body: unknown, configurationSets: readonly string[]): Accepted | SesError {
  const parsed = sendEmail.safeParse(body);
  if (!parsed.success)
    return bad(`1 validation error detected: ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
  const { FromEmailAddress, Destination, Content, ConfigurationSetName, ...request } = parsed.data;
  const simple = Content.Simple;
  const recipients = [Destination.ToAddresses, Destination.CcAddresses, Destination.BccAddresses].flat();
  if (!FromEmailAddress || !MAILBOX.test(FromEmailAddress))
    return bad('Missing or invalid FromEmailAddress.');
  if (recipients.length === 0 || recipients.length > 50)
    return bad('Recipient count is not between 1 and 50.');
  if (!recipients.every((address) => MAILBOX.test(address))) return bad("Missing final '@domain'");
  if (!simple) return bad('Only simple content is supported here.');
  if (!simple.Body.Html && !simple.Body.Text) return bad('Body: a text or an HTML part is required.');
  const header = simple.Headers.find(({ Name, Value }) => !isHeader(Name, Value));
  if (header) return bad(`Invalid header: ${header.Name}`);
  if (simple.Headers.length > 15) return bad('Too many headers.');
  const tag = request.EmailTags.find(({ Name, Value }) => !TAG.test(Name) || !TAG.test(Value));
  if (tag) return bad(`Invalid tag: ${tag.Name}`);
  if (ConfigurationSetName !== undefined && !configurationSets.includes(ConfigurationSetName)) {
    return {
      status: 404,
      type: 'NotFoundException',
      message: `Configuration set <${ConfigurationSetName}> does not exist.`,
    };
  }
  const [replyTo] = request.ReplyToAddresses;
  return {
    from: FromEmailAddress,
    to: recipients.join(', '),
    ...(replyTo === undefined ? {} : { replyTo }),
    subject: simple.Subject.Data,
    html: simple.Body.Html?.Data ?? '',
    text: simple.Body.Text?.Data ?? '',
    headers: Object.fromEntries(simple.Headers.map(({ Name, Value }) => [Name, Value])),
    tags: Object.fromEntries(request.EmailTags.map(({ Name, Value }) => [Name, Value])),
    configurationSet: ConfigurationSetName ?? '',
  };
}

function isHeader(name: string, value: string): boolean {
  const sized = value.length <= 995 && name.length + value.length <= 996;
  return HEADER_NAME.test(name) && sized && /^[\x20-\x7e]*$/.test(value) && !RESERVED.has(name.toLowerCase());
}

function bad(message: string): SesError {
  return { status: 400, type: 'BadRequestException', message };
}
