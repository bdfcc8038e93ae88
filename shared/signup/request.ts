import { createHmac } from 'node:crypto';

import { addressKey } from '../contacts/address-key.ts';
import type { EmailAddress } from '../contacts/email-address.ts';
import { MINUTE, now, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { log } from '../platform/log.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import { canonical } from '../permission/evidence.ts';
import type { Brand } from '../settings/brand.ts';
import type { FieldName, VersionedForm } from '../settings/form.ts';
import type { Language } from '../settings/language.ts';
import type { Limits } from '../settings/limits.ts';
import { declaredOn } from './declared.ts';
import type { SignupRequest } from './pending.ts';
import { addRequest, countSignup } from './store.ts';

export type RequestDeps = { db: Database; secrets: Pick<Secrets, 'pepper'> };
export type SignupRequestInput = {
  form: VersionedForm;
  brand: Brand;
  limits: Limits;
  address: EmailAddress;
  values: { fields: Partial<Record<FieldName, string>>; uses: string[]; topics: string[] };
  language: Language;
  /** URL of the page the form stood on, without query string. */
  page: string | undefined;
  /** Full client address, for the evidence. */
  ip: string;
  /** What the limit counts: IPv4 address or IPv6 /64. */
  ipKey: string;
  userAgent: string;
  /** The form's signed timestamp: one filled-in form is one request, however often it is posted. */
  formToken: string;
  shownAt: Instant;
};
export type SignupAnswer = { kind: 'accepted' } | { kind: 'too-many'; retryAt: Instant };

/**
 * Takes a sign-up: two writes, no reads, the same for every address (T6). What follows – limits of the mailbox,
 * suppression, the mail – hangs on the stream, so that no answer tells what we know.
 */
export async function requestSignup(deps: RequestDeps, input: SignupRequestInput): Promise<SignupAnswer> {
  const at = now();
  const pepper = await deps.secrets.pepper();
  // A pseudonym as well: whose address was counted must not stay readable until DynamoDB expires the item (G13).
  const visitor = addressKey(pepper, `ip\n${input.ipKey}`);
  const counted = await countSignup(deps.db, visitor, at, input.limits.signupsPerIpPerHour);
  if (!counted.within) {
    log('warn', 'signup-ip-limit', { form: input.form.id });
    return { kind: 'too-many', retryAt: counted.until };
  }
  const controller = input.brand.controller.id;
  const place = {
    brand: input.brand.id,
    controller,
    addressKey: addressKey(pepper, `${controller}\n${input.address.match}`),
    limitKey: addressKey(pepper, `limit\n${controller}\n${input.address.limit}`),
  };
  const request = toRequest(input, at);
  const stored = await addRequest(deps.db, {
    ...place,
    request,
    requestId: requestIdOf(pepper, input, place.addressKey),
    maxOpen: input.limits.openRequests,
    dueAt: plus(at, 5 * MINUTE),
  });
  log('info', stored ? 'signup-accepted' : 'signup-not-stored', {
    form: input.form.id,
    brand: input.brand.id,
  });
  return { kind: 'accepted' };
}

function toRequest(input: SignupRequestInput, at: Instant): SignupRequest {
  const { form, brand, language, values } = input;
  return {
    at,
    shownAt: input.shownAt,
    ...declaredOn(form, brand, values.uses, language),
    address: input.address.delivery,
    fields: values.fields,
    topics: values.topics,
    ...(input.page ? { page: input.page } : {}),
    ip: input.ip,
    userAgent: input.userAgent.slice(0, 300),
  };
}

/** The same form filled in the same way is the same request: a double click or a reload adds nothing. */
function requestIdOf(pepper: string, { formToken, values }: SignupRequestInput, key: string): string {
  const text = canonical({ formToken, key, ...values });
  return createHmac('sha256', Buffer.from(pepper, 'base64url')).update(text).digest('hex').slice(0, 32);
}
