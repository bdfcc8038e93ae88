import type { GrantedPermission } from '../contacts/contact.ts';
import { plusMonths } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Policy } from '../settings/policy.ts';

/** When a grant that is not used any more lapses (G8): calendar months after its start or its last lawful use. */
export function lapsesAt(
  granted: Pick<GrantedPermission, 'since'>,
  lastUse: Instant | undefined,
  { lapse }: Pick<Policy, 'lapse'>,
): Instant {
  return plusMonths(usedAt(granted, lastUse), lapse.months);
}

/** When its lapse is warned of. */
export function warnsAt(
  granted: Pick<GrantedPermission, 'since'>,
  lastUse: Instant | undefined,
  { lapse }: Pick<Policy, 'lapse'>,
): Instant {
  return plusMonths(usedAt(granted, lastUse), lapse.warnMonths);
}

function usedAt({ since }: Pick<GrantedPermission, 'since'>, lastUse: Instant | undefined): Instant {
  return lastUse !== undefined && lastUse > since ? lastUse : since;
}
