import type { GrantedPermission, Permission } from '../contacts/contact.ts';
import type { LegalBasis } from '../contacts/legal-basis.ts';
import { heldBy } from './status.ts';

/** How well a consent is known to be the person's, the best first (issue: never better than its evidence). */
export const PROVENANCES = ['proven', 'confirmed', 'claimed', 'unknown'] as const;
export type Provenance = (typeof PROVENANCES)[number];

/**
 * The grade of the consent to one use: of the grant that holds or lies under a block, else of what others claim. After
 * a no there is none.
 */
export function provenanceOf(permission: Permission | undefined, basis: LegalBasis | undefined): Provenance {
  const held = heldBy(permission);
  if (held?.status === 'granted') return gradeOf(held);
  // Every other basis serves a floor or says why somebody is known: none says that the person agreed.
  return held === undefined && basis?.kind === 'claimed' ? 'claimed' : 'unknown';
}

function gradeOf({ proof, document }: GrantedPermission): Provenance {
  switch (proof) {
    case 'double':
      return 'proven';
    case 'confirmed':
      return 'confirmed';
    case 'oral':
    case 'written':
      // Without recording or paper it is the word of whoever wrote it down.
      return document === undefined ? 'claimed' : 'proven';
  }
}
