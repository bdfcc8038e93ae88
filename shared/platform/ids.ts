import { createHash, randomBytes, randomInt } from 'node:crypto';

/** A new opaque id, 128 random bits: `con_3f…` (RFC 4086; no meaning, no order). */
export function newId(prefix: string): string {
  return `${prefix}_${randomHex(16)}`;
}

/** `bytes` random bytes as lower-case hex. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** `bytes` random bytes as base64url; 32 (256 bit) for salts and nonces unless told. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/** Random bytes for an initialisation vector. */
export function randomIv(): Buffer {
  return randomBytes(12);
}

/** A random share of `ms`, for back-off with full jitter. */
export function jitter(ms: number): number {
  return ms <= 1 ? 0 : randomInt(Math.ceil(ms));
}

/** SHA-256 as lower-case hex. */
export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}
