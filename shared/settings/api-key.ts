import * as z from 'zod';

import { randomHex, sha256 } from '../platform/ids.ts';

/** What an API key may be allowed (W9). */
export const SCOPES = [
  'contacts:read',
  'contacts:write',
  'decisions:read',
  'decisions:write',
  'evidence:read',
  'evidence:legal',
  'settings:read',
  'settings:write',
  'engagement:write',
  'leads:read',
  'leads:write',
] as const;
export const scope = z.enum(SCOPES);
export type Scope = z.infer<typeof scope>;

const instant = z.iso.datetime({ precision: 3 });

/** What we keep of an API key of one controller: never the key itself, only its SHA-256. */
export const apiKey = z.object({
  id: z.string(),
  controller: z.string(),
  name: z.string(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(scope),
  createdAt: instant,
  expiresAt: instant.optional(),
  revokedAt: instant.optional(),
});
export type ApiKey = z.infer<typeof apiKey>;

/** `ak_<id>_<192 random bits>_<checksum>`, all in hex so that a double click selects the whole. */
const SHAPE = /^(ak_[0-9a-f]{12})_[0-9a-f]{48}_([0-9a-f]{8})$/;

/** A new key: shown once, and stored as its hash. */
export function newApiKeyText(): { id: string; text: string; hash: string } {
  const id = `ak_${randomHex(6)}`;
  const body = `${id}_${randomHex(24)}`;
  const text = `${body}_${checksum(body)}`;
  return { id, text, hash: sha256(text) };
}

/**
 * The id and hash of a key as it was sent; undefined where it cannot be one of ours. The checksum is no secret: it
 * spares a read for what was cut off or mistyped, and lets scanners of repositories tell a key from noise.
 */
export function readApiKeyText(text: string): { id: string; hash: string } | undefined {
  const [, id, sum] = SHAPE.exec(text) ?? [];
  if (id === undefined || sum !== checksum(text.slice(0, -9))) return undefined;
  return { id, hash: sha256(text) };
}

function checksum(body: string): string {
  return sha256(body).slice(0, 8);
}
