import * as z from 'zod';

import { sha256 } from '../platform/ids.ts';
import { settingId, webUrl } from './brand.ts';
import { localized } from './language.ts';
import type { Language } from './language.ts';

/** Fields a form can ask for besides the address; labels are in the page texts. */
export const FIELD_NAMES = ['firstName', 'lastName', 'company', 'country'] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

/** How a sign-up is proven: by a confirmation mail accepted for delivery, or by the owner's click in it. */
export const optIn = z.enum(['confirmed', 'double']);
export type OptIn = z.infer<typeof optIn>;

/** An origin as browsers send it: scheme, host, port, nothing else. */
const origin = z
  .string()
  .refine((value) => URL.parse(value)?.origin === value, 'an origin such as https://www.example.com');

/** A versioned sign-up form (DOMAIN 1). */
export const form = z.object({
  id: settingId,
  brand: settingId,
  title: localized,
  intro: localized,
  fields: z.array(z.object({ name: z.enum(FIELD_NAMES), required: z.boolean() })),
  /** One box each, never ticked; the wording is what the person declares (G9, G12). */
  uses: z
    .array(
      z.object({
        use: settingId,
        wording: localized,
        /** The sign-up makes no sense without it: ticking it is asked for, never done for the person. */
        required: z.boolean(),
      }),
    )
    .min(1),
  topics: z.array(settingId),
  /** At most `count` messages in `days` days, promised in the wording (G18). */
  promisedFrequency: z.object({ count: z.int().positive(), days: z.int().positive() }).optional(),
  optIn,
  /** Sites that embed the form. */
  origins: z.array(origin),
  /** Where a sign-up may lead; the first is the default, none means our own page (T12). */
  thankYouUrls: z.array(webUrl),
  refuseDisposable: z.boolean(),
  /** A seam for a proof-of-work widget: the name of a challenge to demand. `none` is the only one so far. */
  challenge: z.enum(['none']),
});
export type Form = z.infer<typeof form>;
/** A form as stored, with the version that evidence refers to. */
export type VersionedForm = Form & { version: number };

/** SHA-256 (hex) by which evidence refers to a consent wording; the text is kept for ever under it (E1). */
export function wordingHash(text: string): string {
  return sha256(text);
}

/** The wording of one use as this form shows it. */
export function wordingOf(form: Form, useId: string, language: Language): string | undefined {
  return form.uses.find(({ use }) => use === useId)?.wording[language];
}
