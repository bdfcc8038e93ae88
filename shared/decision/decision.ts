import * as z from 'zod';

import { CAP_REASONS } from '../frequency/caps.ts';
import { duty } from './floor-row.ts';

/** Why a contact attempt is refused, in the order in which it is asked (DOMAIN 4). */
export const REASONS = [
  'erased',
  'no-contact-point',
  'suppressed',
  'withdrawn',
  'blocked',
  /** By the person, until their matter is settled (art. 18 GDPR). */
  'restricted',
  'competitor',
  'account-class',
  'hold',
  'not-granted',
  'topic-not-chosen',
  'legal-floor',
  'lapsed',
  'unproven',
  'other-address',
  'paused',
  /** By the bounces or complaints of all its mail: no fault of this contact (B3). */
  'sending-stopped',
  ...CAP_REASONS,
] as const;
export type Reason = (typeof REASONS)[number];

/** What would make it allowed. */
export const NEEDS = [
  /** The person's own new act with proof of the mailbox; nobody else can do anything. */
  'own-double-opt-in',
  'double-opt-in',
  'confirmed-opt-in',
  /** The person's own choice of the topic. */
  'topic-choice',
  /** A consent to calls, documented in writing or as spoken (G3, G7). */
  'phone-consent',
  'consent',
  'presumed-interest',
  /** An existing customer, told of products of the group that was bought (G2). */
  'existing-customer',
  'implied-consent',
  'contact-point',
  /** Of an address after a complaint, on the person's written wish. */
  'staff-release',
  'unblock',
  'end-of-restriction',
  /** One named person's yes (review list). */
  'approval',
  'other-class',
  'time',
  /** Of mail that was stopped, by a named person who looked at why. */
  'release',
  /** A sign of life from the person. */
  'reaction',
] as const;
export type Need = (typeof NEEDS)[number];

export const WARNINGS = ['lapses-soon', 'floor-review-due'] as const;

/** The answer to one question: may this person be contacted, this way, at this instant? */
export const decision = z.object({
  allowed: z.boolean(),
  /** The first refusal. */
  reason: z.enum(['allowed', ...REASONS]),
  reasons: z.array(z.enum(REASONS)),
  /** Entries of the person's evidence chain that speak for or against it. */
  evidence: z.array(z.int()),
  wouldNeed: z.array(z.enum(NEEDS)),
  /** When only time is missing: the first instant at which it is allowed if nothing happens before. */
  retryAt: z.iso.datetime({ precision: 3 }).optional(),
  /** What the sender must do besides. */
  duties: z.array(duty),
  warnings: z.array(z.enum(WARNINGS)),
  /** Allowed only because an operator went below the legal floor, by name and reason. */
  override: z.object({ name: z.string(), reason: z.string() }).optional(),
});
export type Decision = z.infer<typeof decision>;
