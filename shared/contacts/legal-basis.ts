import * as z from 'zod';

const instant = z.iso.datetime({ precision: 3 });
const recorded = { at: instant, seq: z.int() };

/**
 * What is known in favour of a use besides a grant, per `brand#use`. None of these is ever a grant: each serves only the
 * legal floor that it was made for, or says why somebody is known (DOMAIN 3).
 */
export const legalBasis = z.discriminatedUnion('kind', [
  /** A consent that others say was given (paper, fair list, CRM): no better than its evidence. */
  z.object({
    kind: z.literal('claimed'),
    ...recorded,
    source: z.string().min(1).max(200),
    collectedAt: instant.optional(),
    /** SHA-256 of the scan or list that is kept elsewhere. */
    document: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  }),
  /** Serves a PRESUMED floor for business phone calls (G1): the person's own concrete act in a concrete matter. */
  z.object({
    kind: z.literal('presumed-interest'),
    ...recorded,
    matter: z.string().min(1).max(300),
    act: z.string().min(1).max(300),
    source: z.string().min(1).max(200),
    recordedBy: z.string().min(1).max(100),
  }),
  /** Serves the customer exception for e-mail, all four conditions (G2). */
  z.object({
    kind: z.literal('existing-customer'),
    ...recorded,
    saleRef: z.string().min(1).max(100),
    productGroup: z.string().min(1).max(40),
    noticeShownAt: instant,
    noticeVersion: z.string().min(1).max(100),
  }),
  /** Canada: implied consent, two years from a purchase or contract, six months from an inquiry (L2). */
  z.object({
    kind: z.literal('implied'),
    ...recorded,
    impliedKind: z.enum(['purchase', 'contract', 'inquiry', 'publication']),
    anchorAt: instant,
  }),
  /** Makes the person known, and never more. */
  z.object({
    kind: z.literal('business-card'),
    ...recorded,
    receivedAt: instant,
    occasion: z.string().max(200),
  }),
]);
export type LegalBasis = z.infer<typeof legalBasis>;
export const BASIS_KINDS = [
  'claimed',
  'presumed-interest',
  'existing-customer',
  'implied',
  'business-card',
] as const;
