import * as z from 'zod';

import { language, localized } from './language.ts';

/** Ids of settings documents stand in URLs, keys and mail tags. */
export const settingId = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'lower-case letters, digits and hyphens');

/** Where a link of our pages and mails may lead: nothing that a browser would run (T13). */
export const webUrl = z.url({ protocol: /^https?$/ });

/** DOMAIN 3. */
export const PERMISSION_MODELS = [
  'ignore',
  'opt-out-only',
  'build-up',
  'confirmed-opt-in',
  'double-opt-in',
] as const;
export const permissionModel = z.enum(PERMISSION_MODELS);
export type PermissionModel = z.infer<typeof permissionModel>;

/** ISO 3166-1 alpha-2. */
export const countryCode = z.string().regex(/^[A-Z]{2}$/);

/** What the law asks for before a contact attempt (REQUIREMENTS 2.3); the strictest first. */
export const FLOOR_RULES = ['OPT_IN', 'PRESUMED', 'OPT_OUT'] as const;
export const floorRule = z.enum(FLOOR_RULES);

/** An operator's explicit decision to go below the legal floor: named, reasoned, for one country and channel (C1). */
export const floorOverride = z.object({
  country: countryCode,
  channel: z.enum(['email', 'phone', 'post']),
  rule: floorRule,
  name: z.string().min(1),
  reason: z.string().min(1),
  since: z.iso.datetime({ precision: 3 }),
});
export type FloorOverride = z.infer<typeof floorOverride>;

/** Fields of a profile that people can be asked for, a little at a time. */
export const QUESTION_FIELDS = [
  'firstName',
  'lastName',
  'company',
  'country',
  'jobTitle',
  'department',
  'phone',
  'postcode',
  'city',
] as const;

/** A sender of a controller. */
export const brand = z.object({
  id: settingId,
  name: z.string().min(1),
  /** The legal entity responsible (art. 13 GDPR), as it appears in evidence. */
  controller: z.object({
    id: settingId,
    name: z.string().min(1),
    address: z.string().min(1),
    contact: z.string().min(1),
  }),
  /** Legal notice lines for pages and mails (§ 5 DDG, § 35a HGB). */
  imprint: z.object({ url: webUrl, lines: z.array(z.string().min(1)).min(1) }),
  privacyNotice: z.object({ url: z.object({ de: webUrl, en: webUrl }), version: z.string().min(1) }),
  sender: z.object({ name: z.string().min(1), address: z.email(), replyTo: z.email() }),
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
  /** A small picture on top of every page, served from our own origin. */
  logo: z
    .object({ type: z.enum(['image/svg+xml', 'image/png']), base64: z.base64().max(40_000), alt: z.string() })
    .optional(),
  language,
  /** Per country, and `default` for all others; an unknown country means double opt-in (DOMAIN 3). */
  models: z.record(z.union([countryCode, z.literal('default')]), permissionModel),
  floorOverrides: z.array(floorOverride).optional(),
  /** Tells the owner of an address that it was unsubscribed, with a way back (at most one a day). */
  unsubscribeReceipt: z.boolean(),
  /** Whose uses, topics and wordings the choices page offers to join; without one a person can only leave. */
  preferenceForm: settingId.optional(),
  /** What the profile page asks, one or two at a time and never again once skipped, in this order. */
  questions: z
    .array(
      z.object({
        field: z.enum(QUESTION_FIELDS),
        /** Why we ask, in the person's words. */
        why: localized,
        /** Only who gets one of these topics is asked. */
        topics: z.array(settingId).min(1).optional(),
      }),
    )
    .optional(),
});
export type Brand = z.infer<typeof brand>;
