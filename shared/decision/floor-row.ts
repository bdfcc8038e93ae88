import * as z from 'zod';

import { countryCode, floorRule } from '../settings/brand.ts';

/** What must be done besides; the sender does it, the decision names it. */
export const DUTIES = [
  'screen-ecg-list',
  'check-directory-star',
  'informed-and-job-related',
  'screen-tps-ctps',
  'screen-ndd',
  'screen-do-not-call-list',
  'screen-opt-out-register',
  'screen-dncl',
  'screen-dncr',
  'no-autodialer',
  'postal-address',
  'honour-in-10-business-days',
  'honour-in-5-business-days',
  'keep-proof',
  'document-interest',
  'objection-notice',
] as const;
export const duty = z.enum(DUTIES);

/** A contact that a cell is about. `consumer`: no business account. `impersonal`: a role address of a company. */
const subject = z.enum(['consumer', 'individual', 'impersonal', 'personal-address']);
export type Subject = z.infer<typeof subject>;

export const terms = z.object({
  rule: floorRule,
  /** An existing customer may be told of own similar goods (SOFT; all of G2). */
  customer: z.boolean().optional(),
  /** Consent may be implied for a time (L2). */
  implied: z.boolean().optional(),
  /** Consent counts by double opt-in alone. */
  double: z.boolean().optional(),
  duties: z.array(duty).optional(),
});
const cell = z
  .array(terms.extend({ when: subject.optional() }))
  .min(1)
  .refine((all) => all.findIndex(({ when }) => when === undefined) === all.length - 1, 'the rest comes last');

/** One or more countries of the same law: of each cell the first line that fits a contact counts. */
export const floorRow = z.object({
  countries: z.array(z.union([countryCode, z.literal('unknown')])).min(1),
  email: cell,
  phone: cell,
  post: cell,
  validFrom: z.iso.date(),
  reviewedAt: z.iso.date(),
  /** How sure the row is: the text of the law, one secondary source, or general knowledge. */
  source: z.enum(['statute', 'secondary', 'general-knowledge']),
  citation: z.string().min(1),
  note: z.string().optional(),
});
export type FloorRow = z.infer<typeof floorRow>;
