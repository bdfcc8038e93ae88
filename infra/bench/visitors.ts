import type { Mail } from '../local/mailbox.ts';

let visitors = 0;

/** Addresses that nobody used before. */
export function newAddresses(count: number): string[] {
  return Array.from({ length: count }, () => `visitor-${(visitors += 1)}@visitors.example`);
}

/** The token behind the confirmation link of a mail. */
export function confirmTokenOf({ text }: Pick<Mail, 'text'>): string | undefined {
  return /\/confirm\/([\w.-]+)/.exec(text)?.[1];
}
