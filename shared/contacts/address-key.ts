import { createHmac } from 'node:crypto';

/** A stable pseudonym of an address: 128 bits of HMAC-SHA-256 as hex (D5; never a plain hash). */
export type AddressKey = string;

/**
 * @param pepper 32 bytes, base64url; never rotates
 * @param text the match key of an address (who is this?) or its limit key (whose mailbox is this?)
 */
export function addressKey(pepper: string, text: string): AddressKey {
  return createHmac('sha256', Buffer.from(pepper, 'base64url')).update(text).digest('hex').slice(0, 32);
}
