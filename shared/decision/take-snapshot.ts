import { permissionKey } from '../contacts/contact.ts';
import type { Contact } from '../contacts/contact.ts';
import type { LegalBasis } from '../contacts/legal-basis.ts';
import type { AddressItem } from '../contacts/store.ts';
import { isSuppressed } from '../contacts/suppression.ts';
import { capsFor } from '../frequency/caps.ts';
import { countedSlots } from '../frequency/slots.ts';
import { assertNever } from '../platform/assert-never.ts';
import { plusMonths } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { modelFor } from '../permission/models.ts';
import { permissionOf, restrictionOf } from '../permission/status.ts';
import type { AccountClass } from '../settings/account-class.ts';
import type { Brand } from '../settings/brand.ts';
import type { Cap, Policy } from '../settings/policy.ts';
import type { Use, Uses } from '../settings/uses.ts';
import type { SendingStop } from './guard.ts';
import { floorFor } from './legal-floor.ts';
import type { FloorBasis, Snapshot } from './snapshot.ts';

/** A question about one use, the same for any number of contacts. */
export type Question = { brand: Brand; use: Use; topic?: string | undefined; at: Instant };
/** The settings that answer it; `stopped`: all mail of this use, until somebody releases it (B3). */
export type Settled = { uses: Uses; policy: Policy; stopped?: SendingStop | undefined };
/** What is known of one contact besides its own item. */
export type Known = {
  contact: Contact;
  /** What we know of its address; only e-mail asks for it. */
  address?: AddressItem | undefined;
  accountClass: AccountClass;
  /** The frequency promised in the wording of its grant (G18). */
  promised?: Cap | undefined;
  /** A reservation that this attempt would use up. */
  reservationId?: string | undefined;
};

/** Half a year from an inquiry, two years from a purchase or contract; what somebody published has no end (L2). */
const IMPLIED_MONTHS = { purchase: 24, contract: 24, inquiry: 6, publication: undefined } as const;

/** Gathers the facts that one decision rests on. Pure; what is not needed is left behind. */
export function takeSnapshot(
  { brand, use, topic, at }: Question,
  { uses, policy, stopped }: Settled,
  known: Known,
): Snapshot {
  const { contact, address, accountClass, promised } = known;
  const place = permissionKey(brand.id, use.id);
  const permission = permissionOf(contact, brand.id, use.id);
  const slots = countedSlots(contact, uses, { brand: brand.id, use, at, own: known.reservationId });
  const verdict = use.channel === 'email' ? isSuppressed(address?.suppression, at) : undefined;
  const basis = contact.bases?.[place];
  const found = uses.topics.find(({ id }) => id === topic);
  const { id, channel, bulk, classes } = use;
  return {
    schema: 1,
    at,
    contactId: contact.id,
    brand: brand.id,
    use: { id, channel, bulk, classes },
    topic: found && { id: found.id, productGroup: found.productGroup },
    model: modelFor(brand, contact.country),
    floor: floorFor(contact, channel, at, brand.floorOverrides),
    erased: address?.erasedAt !== undefined,
    reachable: isReachable(contact, channel),
    suppressed: verdict?.suppressed ? verdict.reason : undefined,
    accountClass,
    permission,
    noAdvertising: contact.noAdvertising,
    restricted: restrictionOf(contact, brand.id, use.id),
    sameAddress: isSameAddress(contact, permission),
    lapsed: contact.lapses?.[place],
    lastUse: contact.lastUses?.[place],
    lapse: policy.lapse,
    basis: basis && toFloorBasis(basis),
    holdUntil: contact.holdUntil,
    pausedUntil: contact.pausedUntil,
    stopped: stopped && { since: stopped.since, why: stopped.why },
    limits: capsFor({
      frequency: policy.frequency,
      use,
      highAffinity: contact.highAffinity ?? false,
      promised,
      wish: contact.wish,
      unanswered:
        permissionOf(contact, brand.id, 'tracking')?.status === 'granted'
          ? contact.frequency?.unanswered
          : undefined,
      slots,
      at,
    }),
    slots,
  };
}

function isReachable({ address, fields }: Contact, channel: Use['channel']): boolean {
  switch (channel) {
    case 'email':
      return address !== undefined;
    case 'phone':
      return fields.phone !== undefined;
    case 'post':
      return fields.street !== undefined && fields.city !== undefined;
    case 'data':
      return true;
    default:
      return assertNever(channel);
  }
}

/** A grant stays behind when the address changes (DOMAIN 1). */
function isSameAddress({ addressKey }: Contact, permission: Snapshot['permission']): boolean {
  if (permission?.status !== 'granted' || permission.addressKey === undefined) return true;
  return permission.addressKey === addressKey;
}

/** Claims and business cards serve no floor: they only say why somebody is known. */
function toFloorBasis(basis: LegalBasis): FloorBasis | undefined {
  const { seq } = basis;
  switch (basis.kind) {
    case 'presumed-interest':
      return { kind: 'presumed-interest', seq };
    case 'existing-customer':
      return { kind: 'existing-customer', seq, productGroup: basis.productGroup };
    case 'implied': {
      const months = IMPLIED_MONTHS[basis.impliedKind];
      return { kind: 'implied', seq, ...(months ? { until: plusMonths(basis.anchorAt, months) } : {}) };
    }
    case 'claimed':
    case 'business-card':
      return undefined;
    default:
      return assertNever(basis);
  }
}
