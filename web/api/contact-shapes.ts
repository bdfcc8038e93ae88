import * as z from 'zod';

import { contactChange } from '../../shared/contacts/change-contact.ts';
import { FIELD_SOURCES, contactSource } from '../../shared/contacts/contact.ts';
import type { ContactSource, FieldSource } from '../../shared/contacts/contact.ts';
import { cursor } from '../../shared/contacts/list-changed.ts';
import { externalId, line, toldBy, toldShape, typedAddress } from '../../shared/contacts/told.ts';
import { settingId } from '../../shared/settings/brand.ts';
import { contactView } from './contact-view.ts';

const instant = z.iso.datetime({ precision: 3 });
const actor = line.max(100).optional().describe('The id by which you know who of you acts.');

export const contactBody = z
  .strictObject({
    externalId: externalId.optional(),
    email: typedAddress.optional(),
    source: contactSource.strict().describe('Where you got the contact (art. 14 GDPR).'),
    ...toldShape,
    fieldSource: toldBy.optional().describe('Who says so; follows from the source unless told.'),
    block: z
      .strictObject({
        brand: settingId,
        uses: z.array(settingId).min(1).max(100).optional().describe('All bulk uses where none are named.'),
        reason: line,
      })
      .optional()
      .describe('Uses that you say no to while entering somebody.'),
    actor,
  })
  .refine((body) => body.externalId ?? body.email ?? body.fields?.phone, {
    message: 'an external id, an address or a phone number is needed',
  });

export const contactPatch = contactChange.extend({
  /** Refused by name: a new address needs the owner's own confirmation (D3). */
  email: z.never('An address changes only by a confirmation on the new one.').optional(),
  fieldSource: toldBy.describe('Who says so: what somebody said who counts more stays.'),
});

export const lookupBody = z.union([z.strictObject({ email: typedAddress }), z.strictObject({ externalId })]);

export const brandQuery = z.strictObject({
  brand: settingId.optional().describe('Shows its uses also where nothing is recorded for it.'),
});
export const listQuery = z
  .strictObject({
    updatedSince: instant.optional(),
    cursor: cursor.optional().describe('Where the last page ended; keep the last one to go on later.'),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  })
  .refine((query) => !(query.updatedSince && query.cursor), {
    path: ['updatedSince'],
    message: 'a cursor knows where it began',
  });

const kept = z
  .array(z.object({ field: z.string(), source: z.enum(FIELD_SOURCES) }))
  .describe('What you told in vain, and who said otherwise.');
export const contactAnswer = z.object({ contact: contactView });
export const savedAnswer = z.object({ contact: contactView, kept });
export const listAnswer = z.object({
  contacts: z.array(contactView),
  cursor: z.string(),
  /** Another page is there already. */
  more: z.boolean(),
});

/** Who says so, where a contact came from. */
export const SAYS = {
  form: 'import',
  api: 'import',
  staff: 'staff',
  'business-card': 'staff',
  crm: 'crm',
  import: 'import',
  partner: 'import',
} as const satisfies Record<ContactSource['kind'], FieldSource>;
