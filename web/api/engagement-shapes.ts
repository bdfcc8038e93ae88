import * as z from 'zod';

import { line } from '../../shared/contacts/told.ts';
import { contactRef } from '../../shared/decision/find-contacts.ts';
import { engagementEvent, sourceId } from '../../shared/engagement/event.ts';
import { toInstant, toMs } from '../../shared/platform/clock.ts';

/** What one request may tell. */
export const MOST_EVENTS = 500;

const { id, type, topics, page, brand } = engagementEvent.shape;

/** Any offset is understood; what is stored is UTC. */
const instant = z.iso.datetime({ offset: true }).transform((text) => toInstant(toMs(text)));
/** DynamoDB holds no number nearer to zero or further from it than 130 digits; nobody means one. */
const amount = z
  .number()
  .min(-1e12)
  .max(1e12)
  .refine((value) => value === 0 || Math.abs(value) >= 1e-6, 'nearer to zero than 0.000001');

const contact = contactRef.describe('By one of the three.');
/** What an event can tell besides who did what when. */
const more = {
  topics: topics.default([]),
  asset: line.max(200).optional().describe('What it was about: a document, a webinar, a product.'),
  campaign: line.max(100).optional(),
  value: amount.optional(),
  page: page.describe('Where it happened.'),
  brand: brand.describe('Where it belongs to one brand alone.'),
};

/** An event in our own words. */
export const ownEvent = z.strictObject({
  id: id.describe('Yours. Sent again with the same source, contact and instant it is the same event.'),
  source: sourceId.optional().describe('As `?source=`, which it may be left out for.'),
  type: type.describe('An id of the scoring rules.'),
  contact,
  occurredAt: instant,
  ...more,
});

/** An event as CloudEvents 1.0 writes it, in structured mode (W4). Attributes that we do not know are passed over. */
export const cloudEvent = z
  .looseObject({
    specversion: z.literal('1.0', 'only CloudEvents 1.0 is taken'),
    id: z.string().min(1).max(1_000),
    source: z.string().min(1).max(1_000).describe('Part of the identity of the event, and kept as a hash.'),
    type: z
      .string()
      .max(200)
      .transform((name) => name.slice(name.lastIndexOf('.') + 1))
      .pipe(type)
      .describe('An id of the scoring rules; what stands before its last dot is passed over.'),
    time: instant,
    subject: z
      .string()
      .min(1)
      .max(320)
      .optional()
      .describe('Id or e-mail address of the contact, where `data.contact` does not name it.'),
    data: z.strictObject({ contact: contact.optional(), ...more }).prefault({}),
    data_base64: z.never('send the data as JSON, not as data_base64').optional(),
  })
  .refine(({ subject, data }) => subject !== undefined || data.contact !== undefined, {
    path: ['subject'],
    message: 'names no contact, and neither does data.contact',
  });

export const engagementQuery = z.strictObject({
  source: sourceId.optional().describe('Where the events come from; with a signature, whose secret it is.'),
});

export const engagementAnswer = z.object({
  accepted: z.int().describe('Written, or written before.'),
  refused: z.array(
    z.object({
      index: z.int().describe('Its place among those sent, from 0.'),
      id: z.string().optional(),
      errors: z.array(z.object({ pointer: z.string(), detail: z.string(), code: z.string() })),
    }),
  ),
});
