import { createHmac, timingSafeEqual } from 'node:crypto';

/** Keys for links, by key id. All are accepted, `current` signs: old links outlive a rotation. */
export type LinkKeys = { current: string; keys: Record<string, string> };
/** A token of one kind is worth nothing as another (D7): the kind is part of what is signed. */
export type TokenKind =
  'confirm' | 'unsubscribe' | 'undo' | 'undo-mail' | 'page' | 'form' | 'choices' | 'log-in' | 'new-address';

const PART = /^[A-Za-z0-9_-]*$/;

/**
 * A stateless token `keyId.part.….mac`: HMAC-SHA-256 over kind and parts, so that nothing usable is at rest (T2).
 * @param parts opaque ids only, letters, digits, `-` and `_`; never an address (U2, T3).
 */
export function signToken(links: LinkKeys, kind: TokenKind, parts: readonly string[]): string {
  const bad = parts.find((part) => !PART.test(part));
  if (bad !== undefined) throw new Error(`a ${kind} token cannot hold the part given`);
  const body = [links.current, ...parts].join('.');
  return `${body}.${mac(links, links.current, kind, body)}`;
}

/** The parts of a token, or undefined where it is not one of ours, of this kind and of `count` parts. */
export function readToken(
  links: LinkKeys,
  kind: TokenKind,
  count: number,
  token: string,
): string[] | undefined {
  if (token.length > 600) return undefined;
  const cut = token.lastIndexOf('.');
  const body = token.slice(0, Math.max(cut, 0));
  const [keyId = '', ...parts] = body.split('.');
  if (parts.length !== count || !Object.hasOwn(links.keys, keyId)) return undefined;
  const given = Buffer.from(token.slice(cut + 1));
  const expected = Buffer.from(mac(links, keyId, kind, body));
  return given.length === expected.length && timingSafeEqual(given, expected) ? parts : undefined;
}

/**
 * A short code for `kind` and `text` by each key we hold: derived as tokens are, so that it is nowhere at rest. Its few
 * digits need a limit of guesses beside them.
 */
export function shortCodes(links: LinkKeys, kind: TokenKind, text: string, digits: number): string[] {
  const ids = [links.current, ...Object.keys(links.keys).filter((id) => id !== links.current)];
  return ids.map((id) => {
    const bytes = Buffer.from(mac(links, id, kind, `code\n${text}`), 'base64url');
    return String(bytes.readUIntBE(0, 6) % 10 ** digits).padStart(digits, '0');
  });
}

function mac(links: LinkKeys, keyId: string, kind: TokenKind, body: string): string {
  const key = links.keys[keyId];
  if (key === undefined) throw new Error(`no link key ${keyId}`);
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(`${kind}\n${body}`).digest('base64url');
}
