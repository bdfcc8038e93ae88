import * as z from 'zod';

import { line } from '../../shared/contacts/told.ts';
import { TOLD_ROUTES } from '../../shared/permission/record-withdrawal.ts';
import { settingId } from '../../shared/settings/brand.ts';
import { contactView } from './contact-view.ts';

const instant = z.iso.datetime({ precision: 3 });
const actor = line.max(100).describe('The id by which you know who of you acts.');
/** In words, sealed: it may speak of the person. */
const reason = line;
const useIds = z.array(settingId).min(1).max(100);

export const byId = z.strictObject({ id: z.string().max(100) });

export const blockBody = z.strictObject({
  brand: settingId,
  uses: useIds.optional().describe('All bulk uses where none are named.'),
  reason,
  actor,
});
export const unblockBody = blockBody.extend({
  uses: useIds.optional().describe('All that are blocked where none are named.'),
});
export const unrestrictBody = z.strictObject({ reason, actor });
export const withdrawBody = z.strictObject({
  brand: settingId.optional().describe('Needed unless all advertising ends.'),
  uses: z
    .union([z.literal('all'), useIds])
    .optional()
    .describe(
      '`all` ends all advertising of all brands, for ever; every use of the brand where none is named.',
    ),
  route: z.enum(TOLD_ROUTES),
  receivedAt: instant.describe('When it reached you. What the person confirmed after it stays.'),
  reason: reason.optional(),
  actor,
});
export const approveBody = z.strictObject({ brand: settingId, use: settingId, actor });
export const denyBody = approveBody.extend({ reason });

export const actAnswer = z.object({
  /** False where it was so before; nothing was written. */
  changed: z.boolean(),
  contact: contactView,
});

export const reviewsQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^con_[0-9a-f]{32}$/)
    .optional()
    .describe('Where the last page ended.'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const reviewsAnswer = z.object({
  reviews: z.array(contactView),
  /** Absent on the last page. */
  cursor: z.string().optional(),
});
