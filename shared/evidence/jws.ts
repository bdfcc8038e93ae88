import { createPublicKey, verify } from 'node:crypto';

import * as z from 'zod';

import { thumbprint } from '../platform/jwk.ts';
import type { PublicJwk } from '../platform/jwk.ts';
import type { Signer } from '../platform/signer.ts';

const header = z.object({ alg: z.string(), kid: z.string(), typ: z.string() });

export type JwsVerdict<T> =
  | { ok: true; kid: string; payload: T }
  | { ok: false; problem: 'malformed' | 'wrong-kind' | 'unknown-key' | 'wrong-key-name' | 'bad-signature' };
/** What was signed, before it is known by whom. */
export type Unverified = { typ: string; alg: string; kid: string; text: string; payload: unknown };

/** Signs a document as compact JWS with ES256 (RFC 7515, H4). */
export async function signJws(signer: Signer, typ: string, payload: object): Promise<string> {
  const { kid } = await signer.publicKey();
  const signed = [{ alg: 'ES256', kid, typ }, payload].map(encode).join('.');
  return `${signed}.${(await signer.sign(signed)).toString('base64url')}`;
}

/** Takes a JWS apart without believing it; undefined where it is none. */
export function readJws(jws: string): Unverified | undefined {
  const [head = '', body = '', ...rest] = jws.split('.');
  if (rest.length !== 1) return undefined;
  const text = Buffer.from(body, 'base64url').toString('utf8');
  const parsed = header.safeParse(parse(Buffer.from(head, 'base64url').toString('utf8')));
  const payload = parse(text);
  return parsed.success && payload !== undefined ? { ...parsed.data, text, payload } : undefined;
}

/** Whether one of `keys` signed this as a document of kind `typ`; any other algorithm is refused, `none` as well. */
export function verifyJws<S extends z.ZodType>(
  jws: string,
  { typ, schema, keys }: { typ: string; schema: S; keys: readonly PublicJwk[] },
): JwsVerdict<z.infer<S>> {
  const read = readJws(jws);
  if (!read) return { ok: false, problem: 'malformed' };
  if (read.typ !== typ || read.alg !== 'ES256') return { ok: false, problem: 'wrong-kind' };
  const key = keys.find(({ kid }) => kid === read.kid);
  if (!key) return { ok: false, problem: 'unknown-key' };
  if (thumbprint(key) !== key.kid) return { ok: false, problem: 'wrong-key-name' };
  const cut = jws.lastIndexOf('.');
  const signature = Buffer.from(jws.slice(cut + 1), 'base64url');
  const publicKey = createPublicKey({ key, format: 'jwk' });
  const holds = verify(
    'sha256',
    Buffer.from(jws.slice(0, cut)),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    signature,
  );
  if (!holds) return { ok: false, problem: 'bad-signature' };
  const payload = schema.safeParse(read.payload);
  return payload.success
    ? { ok: true, kid: read.kid, payload: payload.data }
    : { ok: false, problem: 'malformed' };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
