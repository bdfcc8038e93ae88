import { MINUTE, nowMs, toInstant } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { sha256 } from '../platform/ids.ts';
import { readToken, signToken } from '../platform/token.ts';
import type { LinkKeys } from '../platform/token.ts';

/** Which request a confirmation link confirms. Nothing in it is personal (T3). */
export type RequestRef = { brand: string; form: string; addressKey: string; requestId: string };

export function confirmToken(links: LinkKeys, ref: RequestRef): string {
  return signToken(links, 'confirm', [ref.brand, ref.form, ref.addressKey, ref.requestId]);
}

export function readConfirmToken(links: LinkKeys, token: string): RequestRef | undefined {
  const [brand, form, addressKey, requestId] = readToken(links, 'confirm', 4, token) ?? [];
  return brand && form && addressKey && requestId ? { brand, form, addressKey, requestId } : undefined;
}

/** What an unsubscribe link is about; without expiry, for mails of any age (U6). `topic` may be absent. */
export type UnsubscribeRef = { contactId: string; brand: string; use: string; topic?: string };

export function unsubscribeToken(
  links: LinkKeys,
  { contactId, brand, use, topic = '' }: UnsubscribeRef,
): string {
  return signToken(links, 'unsubscribe', [contactId, brand, use, topic]);
}

export function readUnsubscribeToken(links: LinkKeys, token: string): UnsubscribeRef | undefined {
  const [contactId, brand, use, topic] = readToken(links, 'unsubscribe', 4, token) ?? [];
  return contactId && brand && use ? { contactId, brand, use, ...(topic ? { topic } : {}) } : undefined;
}

/** Whose choices a link opens, and of which brand; without expiry, and never a way to data (D7). */
export type ChoicesRef = { contactId: string; brand: string };

export function choicesToken(links: LinkKeys, { contactId, brand }: ChoicesRef): string {
  return signToken(links, 'choices', [contactId, brand]);
}

export function readChoicesToken(links: LinkKeys, token: string): ChoicesRef | undefined {
  const [contactId, brand] = readToken(links, 'choices', 2, token) ?? [];
  return contactId && brand ? { contactId, brand } : undefined;
}

/** How long the very answer to an act takes it back (DOMAIN 2). */
export const UNDO_ON_PAGE = 10 * MINUTE;

/** Takes back the effect of ledger entry `seq`; `undo` on the very answer, `undo-mail` in the owner's mailbox. */
export type UndoRef = { contactId: string; brand: string; seq: number; until: Instant };

export function undoToken(links: LinkKeys, kind: 'undo' | 'undo-mail', ref: UndoRef): string {
  const until = Date.parse(ref.until).toString(36);
  return signToken(links, kind, [ref.contactId, ref.brand, String(ref.seq), until]);
}

export function readUndoToken(
  links: LinkKeys,
  kind: 'undo' | 'undo-mail',
  token: string,
): UndoRef | undefined {
  const [contactId, brand, seq, until] = readToken(links, kind, 4, token) ?? [];
  if (!contactId || !brand || !seq || !until) return undefined;
  return { contactId, brand, seq: Number(seq), until: toInstant(Number.parseInt(until, 36)) };
}

/** Proves that a page was shown for a link before its button was pressed, and when (T1, E1). */
export function pageNonce(links: LinkKeys, token: string): string {
  return signToken(links, 'page', [sha256(token).slice(0, 32), nowMs().toString(36)]);
}

/** When the page of this very link was shown, at most `maxAgeMs` ago; undefined for any other nonce. */
export function readPageNonce(
  links: LinkKeys,
  token: string,
  nonce: string,
  maxAgeMs: number,
): Instant | undefined {
  const [link, shown] = readToken(links, 'page', 2, nonce) ?? [];
  if (link !== sha256(token).slice(0, 32) || !shown) return undefined;
  const shownMs = Number.parseInt(shown, 36);
  return nowMs() - shownMs <= maxAgeMs ? toInstant(shownMs) : undefined;
}
