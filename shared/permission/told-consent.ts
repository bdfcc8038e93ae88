import * as z from 'zod';

import { line } from '../contacts/told.ts';
import { settingId } from '../settings/brand.ts';
import type { Use } from '../settings/uses.ts';

const instant = z.iso.datetime({ precision: 3 });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex');
/** The very words, paragraphs and all. */
const wording = z.string().trim().min(1).max(4_000);
const told = {
  brand: settingId,
  use: settingId,
  actor: line.max(100).describe('The id by which you know who of you writes it down.'),
};

/** Consents and bases that one of us writes down. None of them is proven by a mailbox. */
export const toldConsent = z.discriminatedUnion('kind', [
  z.strictObject({
    ...told,
    kind: z.literal('claimed'),
    via: z.enum(['paper', 'import', 'crm']),
    source: line,
    collectedAt: instant.optional(),
    document: sha256.optional(),
  }),
  z.strictObject({ ...told, kind: z.literal('presumed-interest'), matter: line, act: line, source: line }),
  z.strictObject({
    ...told,
    kind: z.literal('existing-customer'),
    saleRef: line.max(100),
    productGroup: settingId,
    noticeShownAt: instant,
    noticeVersion: line.max(100),
  }),
  z.strictObject({
    ...told,
    kind: z.literal('implied'),
    impliedKind: z.enum(['purchase', 'contract', 'inquiry', 'publication']),
    anchorAt: instant,
  }),
  z.strictObject({ ...told, kind: z.literal('business-card'), receivedAt: instant, occasion: line }),
  /** All that has to be shown of a consent by phone (G7). */
  z.strictObject({
    ...told,
    kind: z.literal('oral'),
    name: line,
    address: line,
    company: line,
    addressee: line.describe('Whom the person agreed to be called by.'),
    scope: line.describe('What about.'),
    wording: wording.describe('The words that were read to the person.'),
    givenAt: instant,
    manner: line.describe('How the person answered.'),
    recording: sha256.optional(),
  }),
  z.strictObject({
    ...told,
    kind: z.literal('written'),
    wording: wording.describe('The words that were signed.'),
    givenAt: instant,
    source: line,
    document: sha256.describe('SHA-256 of the scan that you keep.'),
  }),
]);
export type ToldConsent = z.infer<typeof toldConsent>;
export type ToldGrant = Extract<ToldConsent, { kind: 'oral' | 'written' }>;
export type ToldBasis = Exclude<ToldConsent, ToldGrant>;

/** What each kind can speak for: an e-mail is agreed to by mail alone, a call never by mail (G1, G3). */
export const SPEAKS_FOR = {
  claimed: ['email', 'phone', 'post', 'data'],
  'presumed-interest': ['phone'],
  'existing-customer': ['email'],
  implied: ['email'],
  'business-card': ['email', 'phone', 'post'],
  oral: ['phone'],
  written: ['phone', 'post'],
} as const satisfies Record<ToldConsent['kind'], readonly Use['channel'][]>;

/** Instants of things that have happened. */
export const PAST = ['collectedAt', 'noticeShownAt', 'anchorAt', 'receivedAt', 'givenAt'] as const;
