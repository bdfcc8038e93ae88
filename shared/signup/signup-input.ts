import * as z from 'zod';

import { parseEmailAddress } from '../contacts/email-address.ts';
import type { EmailAddress } from '../contacts/email-address.ts';
import { FIELD_NAMES } from '../settings/form.ts';
import type { FieldName, Form } from '../settings/form.ts';
import { isDataUse } from '../settings/uses.ts';
import type { Uses } from '../settings/uses.ts';
import { textFault, tidyText } from './free-text.ts';

/** What a visitor typed and ticked, as the form shows it again. */
export type SignupValues = {
  email: string;
  fields: Partial<Record<FieldName, string>>;
  uses: string[];
  topics: string[];
  thankYou?: string;
};

/** Why a sign-up was not accepted; the texts are in `web/texts`. */
export type SignupErrorCode =
  | 'email-missing'
  | 'email-invalid'
  | 'email-disposable'
  | 'email-typo'
  | 'field-missing'
  | 'field-too-long'
  | 'field-has-link'
  | 'field-invalid'
  | 'use-missing'
  | 'use-unknown'
  | 'topic-unknown'
  | 'country-unknown'
  | 'thank-you-unknown'
  | 'unknown-field';

/** `field` is the id of the form control (`email`, a field name, `use-<id>`, `uses`, `topics`) or an unknown name. */
export type SignupError = { field: string; code: SignupErrorCode };

/** What a form has on offer. */
export type Offer = { form: Form; uses: Uses; countries: ReadonlySet<string> };

/** `values` are what the form shows again, and clean where `ok`. */
export type ParsedSignup =
  | { ok: true; values: SignupValues; address: EmailAddress }
  | { ok: false; values: SignupValues; errors: SignupError[] };

const several = z.union([z.string().transform((one) => [one]), z.array(z.string()).max(100)]).optional();

/** The one shape of urlencoded, multipart and JSON bodies; anything else in them is refused by name (T13). */
const posted = z.strictObject({
  email: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  company: z.string().optional(),
  country: z.string().optional(),
  uses: several,
  topics: several,
  thankYou: z.string().optional(),
  lang: z.string().optional(),
  ts: z.string().optional(),
  challenge: z.string().max(4000).optional(),
  /** Honeypot: whatever is in it is too much. */
  website: z.unknown().optional(),
  /** Stays with an address that looked like a typo: JSON says so, the page repeats the address. */
  acceptAddress: z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
  keepEmail: z.string().optional(),
  useSuggestion: z.string().optional(),
} satisfies Record<FieldName, z.ZodType> & z.ZodRawShape);

/** Reads what was posted to a form. What is wrong is told field by field, and everything typed is kept. */
export function parseSignup(offer: Offer, raw: Record<string, unknown>): ParsedSignup {
  const values = readValues(offer.form, raw);
  const address = parseEmailAddress(values.email);
  const errors = firstOfEachField([
    ...shapeErrors(offer.form, raw),
    ...(address.ok ? [] : [{ field: 'email', code: address.code }]),
    ...fieldErrors(offer, raw),
    ...choiceErrors(offer, values),
  ]);
  if (!address.ok || errors.length > 0) {
    const { thankYou, ...rest } = values;
    const known = thankYou !== undefined && offer.form.thankYouUrls.includes(thankYou);
    return { ok: false, values: known ? values : rest, errors };
  }
  return { ok: true, values: { ...values, topics: topicsOfTicked(offer, values) }, address: address.address };
}

function readValues(form: Form, raw: Record<string, unknown>): SignupValues {
  const fields = form.fields.map(({ name }) => [name, tidyText(textOf(raw[name]))] as const);
  const email = textOf(raw['email']).trim();
  const useSuggestion = textOf(raw['useSuggestion']).trim();
  const thankYou = textOf(raw['thankYou']);
  return {
    // The hint belongs to the address it was given for, not to one typed since.
    email: useSuggestion !== '' && textOf(raw['keepEmail']).trim() === email ? useSuggestion : email,
    fields: Object.fromEntries(fields.filter(([, value]) => value !== '')),
    uses: textsOf(raw['uses']),
    topics: textsOf(raw['topics']),
    ...(thankYou === '' ? {} : { thankYou }),
  };
}

function shapeErrors(form: Form, raw: Record<string, unknown>): SignupError[] {
  const issues = posted.safeParse(raw).error?.issues ?? [];
  const offered = new Set<string>(form.fields.map(({ name }) => name));
  const notOffered = FIELD_NAMES.filter((name) => !offered.has(name) && Object.hasOwn(raw, name));
  return [
    ...issues.flatMap((issue): SignupError[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((field) => ({ field, code: 'unknown-field' }))
        : [{ field: String(issue.path[0]), code: wrongShapeOf(String(issue.path[0])) }],
    ),
    ...notOffered.map((field): SignupError => ({ field, code: 'unknown-field' })),
  ];
}

function wrongShapeOf(field: string): SignupErrorCode {
  switch (field) {
    case 'email':
      return 'email-invalid';
    case 'uses':
      return 'use-unknown';
    case 'topics':
      return 'topic-unknown';
    case 'country':
      return 'country-unknown';
    case 'thankYou':
      return 'thank-you-unknown';
    default:
      return 'field-invalid';
  }
}

function fieldErrors({ form, countries }: Offer, raw: Record<string, unknown>): SignupError[] {
  return form.fields.flatMap(({ name, required }): SignupError[] => {
    const text = textOf(raw[name]);
    if (text.trim() === '') return required ? [{ field: name, code: 'field-missing' }] : [];
    if (name === 'country')
      return countries.has(text.trim()) ? [] : [{ field: name, code: 'country-unknown' }];
    const fault = textFault(text, name === 'company' ? 'company' : 'person');
    return fault ? [{ field: name, code: fault }] : [];
  });
}

function choiceErrors(offer: Offer, values: SignupValues): SignupError[] {
  const { form } = offer;
  const known = {
    uses: values.uses.every((ticked) => form.uses.some(({ use }) => use === ticked)),
    topics: values.topics.every((topic) => form.topics.includes(topic)),
    thankYou: values.thankYou === undefined || form.thankYouUrls.includes(values.thankYou),
  };
  return [
    ...missingUses(offer, values).map((use): SignupError => ({ field: `use-${use}`, code: 'use-missing' })),
    ...(known.uses ? [] : [{ field: 'uses', code: 'use-unknown' } as const]),
    ...(known.topics ? [] : [{ field: 'topics', code: 'topic-unknown' } as const]),
    ...(known.thankYou ? [] : [{ field: 'thankYou', code: 'thank-you-unknown' } as const]),
  ];
}

/** Boxes that a sign-up makes no sense without; consent to measuring alone would sign up for nothing. */
function missingUses({ form, uses }: Offer, { uses: ticked }: SignupValues): string[] {
  const missing = form.uses.filter(({ use, required }) => required && !ticked.includes(use));
  const messages = form.uses.filter(({ use }) => !isDataUse(uses, use));
  const nothing = !messages.some(({ use }) => ticked.includes(use));
  return (missing.length === 0 && nothing ? messages.slice(0, 1) : missing).map(({ use }) => use);
}

/** A topic means nothing without the use it belongs to. */
function topicsOfTicked({ uses }: Offer, values: SignupValues): string[] {
  const meant = new Set(uses.topics.filter(({ use }) => values.uses.includes(use)).map(({ id }) => id));
  return values.topics.filter((topic) => meant.has(topic));
}

function firstOfEachField(errors: SignupError[]): SignupError[] {
  return [...new Map(errors.toReversed().map((error) => [error.field, error])).values()].toReversed();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textsOf(value: unknown): string[] {
  const found: unknown[] = Array.isArray(value) ? value : [value];
  return [...new Set(found.filter((one) => typeof one === 'string'))];
}
