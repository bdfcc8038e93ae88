import { createHmac, timingSafeEqual } from 'node:crypto';

import { SECOND } from './clock.ts';

/** What names and seals one webhook (Standard Webhooks 1.0.0, W1). */
export type SignedHeaders = { id: string; timestamp: string; signature: string };
export type SignatureFault = 'malformed' | 'stale' | 'wrong-signature';

const TOLERANCE = 300 * SECOND;
const PREFIX = 'whsec_';

/**
 * The signature of a webhook: `v1,` and base64 of HMAC-SHA-256 over id, timestamp and body.
 * @param secret `whsec_` and base64
 * @param timestamp whole seconds since 1970
 * @param body as it goes out, byte by byte: a document that is written anew is another one (W2)
 */
export function signWebhook(
  secret: string,
  { id, timestamp }: Pick<SignedHeaders, 'id' | 'timestamp'>,
  body: string | Uint8Array,
): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

/**
 * What is wrong with a webhook; undefined where one of its signatures was made with one of the secrets, at most five
 * minutes ago or ahead.
 * @param atMs real time: the sender's clock knows no other
 */
export function faultOfWebhook(
  secrets: readonly string[],
  headers: SignedHeaders,
  body: Uint8Array,
  atMs: number,
): SignatureFault | undefined {
  const { id, timestamp, signature } = headers;
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return 'malformed';
  if (Math.abs(atMs - Number(timestamp) * SECOND) > TOLERANCE) return 'stale';
  const given = signature.split(' ');
  const fits = secrets.some((secret) => {
    const expected = signWebhook(secret, headers, body);
    return given.some((each) => isSame(each, expected));
  });
  return fits ? undefined : 'wrong-signature';
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
