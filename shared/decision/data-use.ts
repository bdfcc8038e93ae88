import { splitPermissionKey } from '../contacts/contact.ts';
import type { Contact } from '../contacts/contact.ts';
import { permissionOf } from '../permission/status.ts';
import type { Instant } from '../platform/clock.ts';
import type { Brand } from '../settings/brand.ts';
import type { Policy } from '../settings/policy.ts';
import type { Settings } from '../settings/store.ts';
import type { Uses } from '../settings/uses.ts';
import { decide } from './decide.ts';
import type { Decision, Reason } from './decision.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** What is done with somebody's data and sends nothing: recording opens and clicks, scoring (DOMAIN 1). */
export type DataUse = 'tracking' | 'profiling';
/** What answers it: every brand of the controller that the contact has permissions with, its uses and its policy. */
export type DataUseSettings = { brands: readonly Brand[]; uses: Uses; policy: Policy };

/**
 * Whether somebody's data may be used this way: the decision for one brand. What belongs to no brand is everybody's:
 * it needs the grant to one of them, and no brand that was told no or says no itself (G12, G15).
 */
export function mayUse(
  use: DataUse,
  contact: Contact,
  settled: DataUseSettings,
  at: Instant,
  brandId?: string,
): boolean {
  const found = settled.uses.uses.find(({ id }) => id === use);
  if (!found) return false;
  const asked = settled.brands.filter(({ id }) => brandId === undefined || id === brandId);
  const decisions = asked.map((brand) =>
    decide(takeSnapshot({ brand, use: found, at }, settled, { contact, accountClass: 'unknown' })),
  );
  return decisions.some(({ allowed }) => allowed) && !decisions.some(isRefused);
}

/** Since when it may be used so, where it may: what was before the grant was not allowed and stays so (G12). */
export function grantedSince(use: DataUse, contact: Contact, brandId?: string): Instant | undefined {
  return Object.keys(contact.permissions)
    .map(splitPermissionKey)
    .filter(({ brand, use: of }) => of === use && (brandId === undefined || brand === brandId))
    .flatMap(({ brand }) => permissionOf(contact, brand, use) ?? [])
    .filter(({ status }) => status === 'granted')
    .map(({ since }) => since)
    .toSorted()[0];
}

const REFUSALS: readonly Reason[] = ['withdrawn', 'blocked', 'restricted'];

function isRefused({ reasons }: Decision): boolean {
  return reasons.some((reason) => REFUSALS.includes(reason));
}

/** What `mayUse` asks for. */
export async function dataUseSettings(
  settings: Pick<Settings, 'brand' | 'uses' | 'policy'>,
  { controller, permissions }: Pick<Contact, 'controller' | 'permissions'>,
): Promise<DataUseSettings> {
  const ids = new Set(Object.keys(permissions).map((place) => splitPermissionKey(place).brand));
  const [brands, uses, policy] = await Promise.all([
    Promise.all([...ids].map((id) => settings.brand(id))),
    settings.uses(controller),
    settings.policy(controller),
  ]);
  const own = brands.flatMap((brand) => (brand?.controller.id === controller ? brand : []));
  return { brands: own, uses, policy };
}
