import * as z from 'zod';

import { DAY, HOUR, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { mailEvidence } from '../permission/evidence.ts';
import { FIELD_NAMES } from '../settings/form.ts';
import { language } from '../settings/language.ts';

const instant = z.iso.datetime({ precision: 3 });

/** A confirmation link works this long after its mail was sent (G13). */
export const LINK_LIFETIME = 72 * HOUR;
/** After this nothing personal is left of a request (G13). */
export const PURGE_AFTER = 14 * DAY;

/** What a visitor asked for, as posted; immutable, personal. */
export const signupRequest = z.object({
  at: instant,
  shownAt: instant,
  form: z.object({ id: z.string(), version: z.int(), sha256: z.string() }),
  language,
  /** Address as typed. */
  address: z.string(),
  fields: z.partialRecord(z.enum(FIELD_NAMES), z.string()),
  /** Ticked uses with the SHA-256 of the wording beside each box. */
  uses: z.record(z.string(), z.string()),
  topics: z.array(z.string()),
  privacyNotice: z.object({ version: z.string(), url: z.string() }),
  page: z.string().optional(),
  ip: z.string(),
  userAgent: z.string(),
});
export type SignupRequest = z.infer<typeof signupRequest>;

/** The mail that a request leads to, decided when it is claimed. */
const plan = z.object({
  kind: z.enum(['confirm', 'already-registered']),
  /** Uses that the owner must click for. */
  click: z.array(z.string()),
  /** Uses granted as soon as the mail is accepted for delivery (confirmed opt-in). */
  accept: z.array(z.string()),
});
export type Plan = z.infer<typeof plan>;

/** How a request ended. Only `confirmed` and `expired` are told apart on pages; the rest explains figures. */
export const endings = z.enum([
  'confirmed',
  'expired',
  'rejected',
  'superseded',
  'answered',
  'suppressed',
  'failed',
]);

/** Tries so far, and how many of them SES may have taken without our seeing its answer. */
const tries = { attempt: z.int().nonnegative(), unsure: z.int().nonnegative() };

/** How far we got with a request; absent while it waits for its first look. Free of personal data. */
export const progress = z.discriminatedUnion('state', [
  /** A limit moved the mail to `until`; `askedAt` where it is one that the person asked for anew. */
  z.object({ state: z.literal('deferred'), until: instant, askedAt: instant.optional() }),
  /** Again at `until`: SES said no for now, or the person asked for a new mail at `askedAt`. */
  z.object({ state: z.literal('retry'), until: instant, askedAt: instant.optional(), ...tries }),
  /** Handed to SES, answer not seen yet: never blindly repeated (S7). */
  z.object({ state: z.literal('sending'), plan, mail: mailEvidence, askedAt: instant.optional(), ...tries }),
  z.object({
    state: z.literal('sent'),
    plan,
    mail: mailEvidence,
    /** The confirmed opt-in that followed, and whose it is. */
    granted: z.object({ contactId: z.string(), seq: z.int() }).optional(),
  }),
  z.object({
    state: z.literal('closed'),
    as: endings,
    at: instant,
    contactId: z.string().optional(),
    messageId: z.string().optional(),
    deliveredAt: instant.optional(),
  }),
]);
export type Progress = z.infer<typeof progress>;
export type Ending = z.infer<typeof endings>;

const REQUEST = 'r#';
const PROGRESS = 's#';
/** Attribute names of a request in the pending item. */
export const requestAttribute = (requestId: string) => `${REQUEST}${requestId}`;
export const progressAttribute = (requestId: string) => `${PROGRESS}${requestId}`;

/** All sign-ups of one address for one brand that are not done yet, and stubs of those that lately were. */
export const pendingSignup = z
  .looseObject({
    brand: z.string(),
    controller: z.string(),
    addressKey: z.string(),
    limitKey: z.string(),
    open: z.int(),
    dueAt: instant.optional(),
  })
  .transform(({ brand, controller, addressKey, limitKey, open, dueAt, ...item }) => ({
    brand,
    controller,
    addressKey,
    limitKey,
    open,
    dueAt,
    requests: collect(item, REQUEST, signupRequest),
    progress: collect(item, PROGRESS, progress),
  }));
export type PendingSignup = z.infer<typeof pendingSignup>;

/** When the confirmation link of a request stops working: 72 h after its mail, and never after the purge. */
export function linkExpiry(request: SignupRequest, done: Progress | undefined): Instant {
  const mailedAt = done && 'mail' in done ? (done.mail.sentAt ?? done.mail.startedAt) : undefined;
  const expiry = plus(mailedAt ?? askedAt(request, done), LINK_LIFETIME);
  const purge = purgeAt(request);
  return expiry < purge ? expiry : purge;
}

/** When the mail was asked for: at sign-up, or later by "send a new mail". */
export function askedAt(request: SignupRequest, done: Progress | undefined): Instant {
  return (done && 'askedAt' in done ? done.askedAt : undefined) ?? request.at;
}

/** When everything personal of a request must be gone. */
export function purgeAt(request: SignupRequest): Instant {
  return plus(request.at, PURGE_AFTER);
}

function collect<S extends z.ZodType>(item: Record<string, unknown>, prefix: string, schema: S) {
  const found = Object.entries(item).filter(([name]) => name.startsWith(prefix));
  return new Map<string, z.infer<S>>(
    found.map(([name, value]) => [name.slice(prefix.length), schema.parse(value)]),
  );
}
