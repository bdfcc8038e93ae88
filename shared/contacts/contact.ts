import * as z from 'zod';

import { countryCode } from '../settings/brand.ts';
import { FIELD_NAMES } from '../settings/form.ts';
import { language } from '../settings/language.ts';
import { AUTHORITIES, BUYING_ROLES, POSITIONS } from '../settings/scoring.ts';
import { legalBasis } from './legal-basis.ts';

const instant = z.iso.datetime({ precision: 3 });

/**
 * How a grant is proven: by the owner's click in a mail, by a confirmation mail accepted for delivery, by a documented
 * conversation on the phone (G7), by a signed paper. An e-mail proof says nothing about the phone (G3).
 */
export const PROOFS = ['double', 'confirmed', 'oral', 'written'] as const;
export const proof = z.enum(PROOFS);

/** Everything known of a person beyond the address. */
export const PROFILE_FIELDS = [
  ...FIELD_NAMES,
  'jobTitle',
  'department',
  'phone',
  'street',
  'postcode',
  'city',
] as const;
export type ProfileField = (typeof PROFILE_FIELDS)[number];
/** Who said so; what the person said outranks everybody, an earlier source in this list outranks a later one. */
export const FIELD_SOURCES = ['person', 'form', 'staff', 'crm', 'import', 'enrichment'] as const;
export type FieldSource = (typeof FIELD_SOURCES)[number];

/**
 * What a double opt-in lacks of a complete proof (G5): where `awaits` names its sign-up, nothing but the news that the
 * mail arrived.
 */
const incomplete = z.object({ awaits: z.string().optional() });
export type Incomplete = z.infer<typeof incomplete>;

/** A consent that holds: what was declared, how it was proven, and the ledger entry that proves it. */
export const grantedPermission = z.object({
  status: z.literal('granted'),
  since: instant,
  seq: z.int(),
  /** The address it was given for: a grant stays behind when the address changes (DOMAIN 1). */
  addressKey: z.string().optional(),
  topics: z.array(z.string()),
  /** SHA-256 of the wording agreed to. */
  wording: z.string(),
  form: z.object({ id: z.string(), version: z.int() }).optional(),
  proof,
  /** SHA-256 of the recording or the signed paper that it rests on. */
  document: z.string().optional(),
  /** A named person of ours said yes: without it a competitor gets no advertising (DOMAIN 4). */
  approved: z.boolean().optional(),
  incomplete: incomplete.optional(),
});
const withdrawnPermission = z.object({
  status: z.literal('withdrawn'),
  since: instant,
  seq: z.int(),
  /** Of the grant that was taken: undone, it is no better proven than before. */
  incomplete: incomplete.optional(),
});
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

const origin = { source: z.enum(FIELD_SOURCES), at: instant };
export const profileValue = z.object({ value: z.string(), ...origin });

/** How we see somebody's part in a purchase: our opinion, and personal data like every other (D1). */
export const assessed = z.object({
  position: z.object({ value: z.enum(POSITIONS), ...origin }).optional(),
  decisionAuthority: z.object({ value: z.enum(AUTHORITIES), ...origin }).optional(),
  buyingRole: z.object({ value: z.enum(BUYING_ROLES), ...origin }).optional(),
});
export type Assessed = z.infer<typeof assessed>;
export type Assessment = keyof Assessed;

/** Where we got a contact (G10): a form, one of us, a system, a list, a partner, a business card. */
export const contactSource = z.object({
  kind: z.enum(['form', 'staff', 'crm', 'import', 'partner', 'business-card', 'api']),
  id: z.string().min(1).max(100),
});
export type ContactSource = z.infer<typeof contactSource>;

/** One place in the contact frequency: a message sent, or one that somebody may send until `until`. */
export const frequencySlot = z.object({
  at: instant,
  channel: z.enum(['email', 'phone', 'post']),
  brand: z.string(),
  use: z.string(),
  /** Absent once used. */
  reservation: z.object({ id: z.string(), until: instant }).optional(),
});
export type FrequencySlot = z.infer<typeof frequencySlot>;

/** What we have sent and what came back, as far as a decision needs it. Bounded: slots older than a year go. */
export const contactFrequency = z.object({
  rev: z.int(),
  slots: z.array(frequencySlot),
  /** Messages since the last reaction, and when the first of them went. */
  unanswered: z.object({ count: z.int(), since: instant }).optional(),
});
export type ContactFrequency = z.infer<typeof contactFrequency>;

/** A use that the person asked for and somebody of ours must allow, with what they declared. */
export const review = z.object({
  since: instant,
  seq: z.int(),
  why: z.enum(['blocked', 'competitor']).default('blocked'),
  topics: z.array(z.string()).optional(),
  wording: z.string().optional(),
  form: z.object({ id: z.string(), version: z.int() }).optional(),
  proof: proof.optional(),
  incomplete: incomplete.optional(),
});
export type Review = z.infer<typeof review>;

/** A person at a company, one per controller and address (DOMAIN 1). */
export const contact = z.object({
  schema: z.literal(1),
  id: z.string(),
  controller: z.string(),
  /** Address as typed; mail goes here. A contact known by phone alone has neither. */
  address: z.string().optional(),
  addressKey: z.string().optional(),
  /** Keys of the addresses that were the person's before (D3). */
  formerKeys: z.array(z.string()).optional(),
  /** The ids that other systems know the person by, by system. */
  externalIds: z.record(z.string(), z.string()).optional(),
  accountId: z.string().optional(),
  /** Corporate subscriber or not, where a country asks (L3); unknown counts as individual. */
  subscriber: z.enum(['corporate', 'individual']).optional(),
  language,
  /** Who chose the language; absent: the person, on a form. */
  languageFrom: z.enum(FIELD_SOURCES).optional(),
  country: countryCode.optional(),
  fields: z.partialRecord(z.enum(PROFILE_FIELDS), profileValue),
  assessed: assessed.optional(),
  /** Where we got the contact (G10). */
  source: contactSource,
  /** When the person was told that we hold their data, where they did not give it to us themselves (G10). */
  informedAt: instant.optional(),
  createdAt: instant,
  updatedAt: instant,
  /** Version of everything that is no permission; absent before the first change. */
  rev: z.int().optional(),
  /** `brand#use`. */
  permissions: z.record(z.string(), permission),
  /** Grants that lapsed, by `brand#use` (G8); what is left is the resting status. */
  lapses: z.record(z.string(), z.object({ since: instant, seq: z.int() })).optional(),
  /** By `brand#use`. */
  bases: z.record(z.string(), legalBasis).optional(),
  /** No bulk use before this: sales may want to block first (DOMAIN 2). */
  holdUntil: instant.optional(),
  frequency: contactFrequency.optional(),
  /** Interest band 1, while there is a score: more mail is welcome (DOMAIN 5). */
  highAffinity: z.literal(true).optional(),
  /** The last lawful use of each `brand#use`: keeps a consent from lapsing (G8) and extends its proof (G7). */
  lastUses: z.record(z.string(), instant).optional(),
  /** The person's own wish for all e-mail together, and a pause of it (DOMAIN 5). */
  wish: z.enum(['weekly', 'monthly']).optional(),
  pausedUntil: instant.optional(),
  /** Questions about the profile that the person does not want to be asked again. */
  skipped: z.array(z.enum(PROFILE_FIELDS)).optional(),
  /** "No advertising at all": over all brands of the controller and uses created later. */
  noAdvertising: z
    .object({
      since: instant,
      /** Its place in the chain: what was granted after it counts. */
      seq: z.int(),
      /** The entry that tells it, where it reached us before something that the chain holds already. */
      toldIn: z.int().optional(),
    })
    .optional(),
  /** The person restricted the use of their data, over all brands and uses created later (art. 18 GDPR). */
  restricted: z
    .object({
      since: instant,
      seq: z.int(),
      /** What the person agreed to anew since, as `brand#use`. */
      except: z.array(z.string()).optional(),
    })
    .optional(),
  /** Uses that a person asked for and somebody of ours must allow: `brand#use`. */
  reviews: z.record(z.string(), review).optional(),
  /** When something next follows from time alone; the clock finds the contact by it. */
  dueAt: instant.optional(),
  /** When the clock last did what was due. */
  lookedAt: instant.optional(),
  /** Derives the key of the contact's sealed evidence; erasure takes it away. */
  salt: z.string(),
  /** Last entry of the contact's evidence chain, and the version condition of every permission write. */
  head: z.object({ seq: z.int(), hash: z.string() }),
});
export type Contact = z.infer<typeof contact>;
