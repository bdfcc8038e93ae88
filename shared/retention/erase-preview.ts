import type { Contact } from '../contacts/contact.ts';
import type { Instant } from '../platform/clock.ts';
import { keptProof } from './erase.ts';
import type { EraseDeps } from './erase.ts';
import type { KeptProof } from './proof-to-keep.ts';
import { RETENTION } from './schedule.ts';

/** What an erasure takes away; each is the key of its text. */
export const GOES = [
  'profile',
  'permissions',
  'account-link',
  'external-ids',
  'frequency',
  'engagement',
  'score',
  'open-sign-ups',
  'waiting-mails',
  'requests',
  'log-ins',
] as const;
/** What it leaves: sealed evidence while claims may be defended, and pseudonyms that keep mail away for ever (D5). */
export const STAYS = ['evidence', 'address-pseudonym'] as const;

export type Stays = {
  what: (typeof STAYS)[number];
  /** The row of the retention schedule that says so. */
  reason: KeptProof['reason'] | 'suppression';
  basis: string;
  /** Absent where it stays for ever. */
  until?: Instant;
};

/** What would go and what would stay, until when and why, if a contact were erased at `at` (D4). */
export async function previewErasure(
  deps: Pick<EraseDeps, 'db' | 'settings'>,
  contact: Contact,
  at: Instant,
): Promise<{ goes: readonly (typeof GOES)[number][]; stays: Stays[] }> {
  const kept = await keptProof(deps, contact, at);
  return { goes: GOES, stays: whatStays(kept, contact.addressKey !== undefined) };
}

/** What an erasure left, or would leave. */
export function whatStays(kept: KeptProof | undefined, hadAddress: boolean): Stays[] {
  return [
    ...(kept ? [{ what: 'evidence', basis: RETENTION[kept.reason].basis, ...kept } as const] : []),
    ...(hadAddress
      ? [{ what: 'address-pseudonym', reason: 'suppression', basis: RETENTION.suppression.basis } as const]
      : []),
  ];
}
