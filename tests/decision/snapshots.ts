import type { GrantedPermission, Permission } from '../../shared/contacts/contact.ts';
import type { Floor } from '../../shared/decision/legal-floor.ts';
import type { Snapshot } from '../../shared/decision/snapshot.ts';
import { demoUses } from '../../shared/settings/demo.ts';
import type { Use } from '../../shared/settings/uses.ts';
import { grant } from '../permission/person.ts';

export const AT = '2026-11-25T08:00:00.000Z';

export const OPEN_FLOOR: Floor = { country: 'US', rule: 'OPT_OUT', duties: [], reviewDue: false };
export const CLOSED_FLOOR: Floor = { country: 'PL', rule: 'OPT_IN', duties: [], reviewDue: false };

export function useOf(id: string, more: Partial<Use> = {}): Snapshot['use'] {
  const found = demoUses.uses.find((use) => use.id === id);
  if (!found) throw new Error(`no use ${id}`);
  const { channel, bulk, classes } = { ...found, ...more };
  return { id, channel, bulk, classes };
}

/** A sound grant for the use, proven as its channel demands. */
export function sound(use: Pick<Use, 'channel'>, more: Partial<GrantedPermission> = {}): GrantedPermission {
  return { ...grant(3), proof: use.channel === 'phone' ? 'oral' : 'double', ...more };
}

export const WITHDRAWN = { status: 'withdrawn', since: '2026-11-20T08:00:00.000Z', seq: 4 } as const;
export function blocked(underneath?: GrantedPermission | typeof WITHDRAWN): Permission {
  return {
    status: 'blocked',
    since: '2026-11-21T08:00:00.000Z',
    seq: 5,
    ...(underneath ? { underneath } : {}),
  };
}

/** A newsletter to a prospect who agreed to it by double opt-in: allowed. */
export function facts(more: Partial<Snapshot> = {}): Snapshot {
  const use = more.use ?? useOf('newsletter');
  return {
    schema: 1,
    at: AT,
    contactId: 'con_1',
    brand: 'nordlicht',
    use,
    model: 'double-opt-in',
    floor: CLOSED_FLOOR,
    erased: false,
    reachable: true,
    accountClass: 'prospect',
    permission: sound(use),
    sameAddress: true,
    lapse: { months: 24, warnMonths: 18 },
    limits: [],
    slots: [],
    ...more,
  };
}
