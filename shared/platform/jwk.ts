import { createHash } from 'node:crypto';

import * as z from 'zod';

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/** A point on P-256. */
export const p256Point = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: coordinate,
  y: coordinate,
});

/** A public ES256 key as published (RFC 7517); `kid` is its thumbprint, so no other key can bear its name. */
export const publicJwk = p256Point.extend({
  alg: z.literal('ES256'),
  use: z.literal('sig'),
  kid: z.string(),
});
export type PublicJwk = z.infer<typeof publicJwk>;
/** With its secret, as a file on one machine holds it. */
export const privateJwk = p256Point.extend({ d: coordinate });

/** A set of keys as published (RFC 7517 5). */
export const jwkSet = z.object({ keys: z.array(publicJwk) });

/** The thumbprint of a key by RFC 7638. */
export function thumbprint({ crv, kty, x, y }: z.infer<typeof p256Point>): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
