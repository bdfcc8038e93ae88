import { assertNever } from '../platform/assert-never.ts';
import type { FloorBasis, Snapshot } from './snapshot.ts';

/** The basis that serves the legal floor in place of consent, where there is one and it does. */
export function floorBasisOf(snapshot: Snapshot): FloorBasis | undefined {
  const { basis } = snapshot;
  return basis && snapshot.floor.rule !== 'OPT_OUT' && serves(snapshot, basis) ? basis : undefined;
}

/** Whether the law refuses a contact who has not consented. */
export function floorRefuses(snapshot: Snapshot): boolean {
  return snapshot.floor.rule !== 'OPT_OUT' && floorBasisOf(snapshot) === undefined;
}

function serves({ floor, use, topic, at }: Snapshot, basis: FloorBasis): boolean {
  switch (basis.kind) {
    case 'presumed-interest':
      return floor.rule === 'PRESUMED' && use.channel === 'phone';
    case 'existing-customer':
      // Own similar goods: without a topic nobody knows what the message is about (G2).
      return floor.customer === true && use.channel === 'email' && topic?.productGroup === basis.productGroup;
    case 'implied':
      return floor.implied === true && (basis.until === undefined || at < basis.until);
    default:
      return assertNever(basis);
  }
}
