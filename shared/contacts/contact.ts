import * as z from 'zod';

import { countryCode } from '../settings/brand.ts';
import { FIELD_NAMES, optIn } from '../settings/form.ts';
import { language } from '../settings/language.ts';

const instant = z.iso.datetime({ precision: 3 });

/** A consent that holds: what was declared, how it was proven, and the ledger entry that proves it. */
export const grantedPermission = z.object({
  status: z.literal('granted'),
  since: instant,
  seq: z.int(),
  /** The address it was given for: a grant stays behind when the address changes (DOMAIN 1). */
  addressKey: z.string(),
  topics: z.array(z.string()),
  /** SHA-256 of the wording agreed to. */
  wording: z.string(),
  form: z.object({ id: z.string(), version: z.int() }),
  proof: optIn,
});
const withdrawnPermission = z.object({ status: z.literal('withdrawn'), since: instant, seq: z.int() });
const blockedPermission = z.object({
  status: z.literal('blocked'),
  since: instant,
  seq: z.int(),
  /** What it was before and becomes again when the block ends. */
  underneath: z.union([grantedPermission, withdrawnPermission]).optional(),
});

/** What is stored of a permission. Resting statuses are derived from the model, never stored (DOMAIN 3). */
export const permission = z.discriminatedUnion('status', [
  grantedPermission,
  withdrawnPermission,
  blockedPermission,
]);
export type GrantedPermission = z.infer<typeof grantedPermission>;
export type Permission = z.infer<typeof permission>;

/** `brand#use`. */
export function permissionKey(brandId: string, useId: string): string {
  return `${brandId}#${useId}`;
}

export function splitPermissionKey(key: string): { brand: string; use: string } {
  const [brand = '', use = ''] = key.split('#');
  return { brand, use };
}

const field = z.object({
  value: z.string(),
  source: z.enum(['person', 'form', 'staff', 'crm']),
  at: instant,
});

/** A person at a company, one per controller and address (DOMAIN 1). */
export const contact = z.object({
  schema: z.literal(1),
  id: z.string(),
  controller: z.string(),
  /** Address as typed; mail goes here. */
  address: z.string(),
  addressKey: z.string(),
  language,
  country: countryCode.optional(),
  fields: z.partialRecord(z.enum(FIELD_NAMES), field),
  /** Where we got the contact (G10). */
  source: z.object({ kind: z.literal('form'), id: z.string() }),
  createdAt: instant,
  updatedAt: instant,
  permissions: z.record(z.string(), permission),
  /** "No advertising at all": over all brands of the controller and uses created later. */
  noAdvertising: z.object({ since: instant, seq: z.int() }).optional(),
  /** Uses that a person asked for and somebody of ours must allow: `brand#use`. */
  reviews: z.record(z.string(), z.object({ since: instant, seq: z.int() })).optional(),
  /** Derives the key of the contact's sealed evidence; erasure takes it away. */
  salt: z.string(),
  /** Last entry of the contact's evidence chain, and the version condition of every permission write. */
  head: z.object({ seq: z.int(), hash: z.string() }),
});
export type Contact = z.infer<typeof contact>;
