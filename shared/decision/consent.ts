import type { GrantedPermission } from '../contacts/contact.ts';
import { assertNever } from '../platform/assert-never.ts';
import { lapsesAt } from '../permission/lapse.ts';
import type { Snapshot } from './snapshot.ts';

/** What is wrong with a consent that was given. */
export type Flaw = 'lapsed' | 'unproven' | 'other-address';
/** `given`: there is a grant, or was until it lapsed. It carries a message only where it has no flaw. */
export type Consent = { given: false } | { given: true; flaws: Flaw[] };

/** The consent that a snapshot holds. A lapse is exact to the millisecond, whether the clock has written it or not (G8). */
export function consentOf(snapshot: Snapshot): Consent {
  const { permission, lapsed, sameAddress, use, at } = snapshot;
  if (permission === undefined) return lapsed ? { given: true, flaws: ['lapsed'] } : { given: false };
  if (permission.status !== 'granted') return { given: false };
  const flaws: Flaw[] = [];
  if (lapsesAt(permission, snapshot.lastUse, snapshot) <= at) flaws.push('lapsed');
  if (!isProven(snapshot, permission)) flaws.push('unproven');
  if (use.channel === 'email' && !sameAddress) flaws.push('other-address');
  return { given: true, flaws };
}

/**
 * Whether the proof is good enough for channel, model and floor. Under double opt-in one that lacks a piece is none (G5);
 * no e-mail proves consent to a call (G3).
 */
function isProven({ use, model, floor }: Snapshot, { proof, incomplete }: GrantedPermission): boolean {
  if (model === 'double-opt-in' && incomplete !== undefined) return false;
  switch (use.channel) {
    case 'email':
      return (
        proof === 'double' || (proof === 'confirmed' && model !== 'double-opt-in' && floor.double !== true)
      );
    case 'data':
      return proof === 'double';
    case 'phone':
      return proof === 'oral' || proof === 'written';
    case 'post':
      return true;
    default:
      return assertNever(use.channel);
  }
}
