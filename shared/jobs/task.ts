import * as z from 'zod';

import { STATUSES } from '../permission/status.ts';
import { accountClass } from '../settings/account-class.ts';
import { countryCode, settingId } from '../settings/brand.ts';
import { language } from '../settings/language.ts';

/** Whom an audience is for, and which of the controller's contacts are asked about at all. */
export const audienceFilter = z.strictObject({
  brand: settingId,
  use: settingId,
  topic: settingId.optional(),
  countries: z.array(countryCode).min(1).max(250).optional(),
  classes: z.array(accountClass).min(1).optional(),
  languages: z.array(language).min(1).optional(),
  /** The instant that is decided for; the present unless told. */
  at: z.iso.datetime({ precision: 3 }).optional(),
});
export const statusFilter = z.strictObject({
  brand: settingId,
  use: settingId,
  status: z.enum(STATUSES),
});
/** Settings that decide who may be contacted; forms and limits do not. */
export const PREVIEWED_KINDS = ['brand', 'uses', 'policy'] as const;

/** What a job is to do. */
export const task = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('audience'), filter: audienceFilter }),
  z.object({ kind: z.literal('contacts-by-status'), filter: statusFilter }),
  z.object({
    kind: z.literal('settings-preview'),
    setting: z.enum(PREVIEWED_KINDS),
    id: settingId,
    document: z.unknown(),
  }),
  z.object({ kind: z.literal('class-preview'), account: z.string(), class: accountClass }),
  z.object({
    kind: z.literal('scoring-preview'),
    document: z.unknown(),
    /** Version of the rules that it is compared with; 0: the defaults. */
    against: z.int().nonnegative(),
  }),
  z.object({ kind: z.literal('recalculation'), version: z.int().positive() }),
]);
export type Task = z.infer<typeof task>;
export type AudienceFilter = z.infer<typeof audienceFilter>;
export type StatusFilter = z.infer<typeof statusFilter>;
