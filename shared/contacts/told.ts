import * as z from 'zod';

import type { Instant } from '../platform/clock.ts';
import { countryCode, settingId } from '../settings/brand.ts';
import { language } from '../settings/language.ts';
import { AUTHORITIES, BUYING_ROLES, POSITIONS } from '../settings/scoring.ts';
import type { Contact, FieldSource } from './contact.ts';
import { parseEmailAddress } from './email-address.ts';
import type { EmailAddress } from './email-address.ts';
import { mayReplace, mergeAssessed, mergeFields } from './told-fields.ts';
import type { Kept } from './told-fields.ts';

/** An address as another system writes it. */
export const typedAddress = z
  .string()
  .max(320)
  .transform((typed, context): EmailAddress => {
    const parsed = parseEmailAddress(typed);
    if (parsed.ok) return parsed.address;
    context.issues.push({ code: 'custom', message: 'not an e-mail address', input: typed });
    return z.NEVER;
  });

/** The id that another system knows somebody or a company by. */
export const externalId = z.strictObject({ system: settingId, id: z.string().trim().min(1).max(200) });
export type ExternalId = z.infer<typeof externalId>;

/** One line without control characters or marks that turn the direction of what follows (T13). */
export const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, 'one line of printable text');

/** E.164. People group the digits and set the trunk zero in brackets; what has no country is refused. */
export const phoneNumber = z
  .string()
  .max(40)
  .transform((typed) => typed.replaceAll('(0)', '').replace(/[\s()./-]/g, ''))
  .pipe(z.string().regex(/^\+[1-9]\d{6,14}$/, 'a number with its country code, such as +494311234567'));

/** Sources that an API may speak for; what the person says comes by forms and pages alone. */
export const toldBy = z.enum(['staff', 'crm', 'import', 'enrichment']);

const some = line.nullable().optional();
/** What can be told of a contact: text says, null takes away, what is left out stays. */
export const toldShape = {
  fields: z
    .strictObject({
      firstName: some,
      lastName: some,
      company: some,
      jobTitle: some,
      department: some,
      phone: phoneNumber.nullable().optional(),
      street: some,
      postcode: some,
      city: some,
    })
    .optional(),
  /** How you see their part in a purchase; the person reads it too (D1). */
  assessed: z
    .strictObject({
      position: z.enum(POSITIONS).nullable().optional(),
      decisionAuthority: z.enum(AUTHORITIES).nullable().optional(),
      buyingRole: z.enum(BUYING_ROLES).nullable().optional(),
    })
    .optional(),
  language: language.optional(),
  country: countryCode.nullable().optional(),
  accountId: z.string().max(100).nullable().optional(),
  /** Corporate subscriber or not, where a country asks (L3). */
  subscriber: z.enum(['corporate', 'individual']).nullable().optional(),
};
const told = z.object(toldShape);
export type Told = z.infer<typeof told>;

type Known = Pick<
  Contact,
  'fields' | 'assessed' | 'language' | 'languageFrom' | 'country' | 'accountId' | 'subscriber'
>;

/**
 * A contact after `source` told something about it; what was told in vain is named. Country and language have a
 * source like every field; who signed up chose their language on the form.
 */
export function applyTold<C extends Known>(
  contact: C,
  { fields: toldFields, assessed: toldAssessed, language: toldLanguage, ...toldRest }: Told,
  source: FieldSource,
  at: Instant,
): { contact: C; kept: Kept[] } {
  const { country } = toldRest;
  const { fields, kept } = mergeFields(contact.fields, { ...toldFields, country }, source, at);
  const { assessed, kept: keptAssessed } = mergeAssessed(contact.assessed, toldAssessed ?? {}, source, at);
  kept.push(...keptAssessed);
  const after: C = { ...contact, fields };
  if (assessed) after.assessed = assessed;
  else delete after.assessed;
  if (fields.country) after.country = fields.country.value;
  else if (country === null) delete after.country;
  if (toldLanguage !== undefined && toldLanguage !== contact.language) {
    const chosenBy = contact.languageFrom ?? 'person';
    if (mayReplace(chosenBy, source)) Object.assign(after, { language: toldLanguage, languageFrom: source });
    else kept.push({ field: 'language', source: chosenBy });
  }
  for (const name of ['accountId', 'subscriber'] as const) {
    const value = toldRest[name];
    if (value === null) delete after[name];
    else if (value !== undefined) Object.assign(after, { [name]: value });
  }
  return { contact: after, kept };
}
