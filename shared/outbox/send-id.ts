/** What the SES tag `sendId` refers to: one request of a pending sign-up, or a mail of the outbox (S4, S7). */
export type SendRef =
  { kind: 'signup'; brand: string; addressKey: string; requestId: string } | { kind: 'mail'; mailId: string };

/** Letters, digits, `-` and `_` only, at most 256; the address key is a keyed pseudonym. */
export function toSendId(ref: SendRef): string {
  return ref.kind === 'signup' ? `s_${ref.brand}_${ref.addressKey}_${ref.requestId}` : `m_${ref.mailId}`;
}

export function readSendId(sendId: string): SendRef | undefined {
  const signup = /^s_([a-z0-9-]+)_([0-9a-f]{32})_([0-9a-f]{32})$/.exec(sendId);
  const [, brand, addressKey, requestId] = signup ?? [];
  if (brand && addressKey && requestId) return { kind: 'signup', brand, addressKey, requestId };
  const mailId = /^m_([A-Za-z0-9_-]{1,200})$/.exec(sendId)?.[1];
  return mailId ? { kind: 'mail', mailId } : undefined;
}
