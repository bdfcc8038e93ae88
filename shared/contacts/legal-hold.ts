import * as z from 'zod';

import { keys } from '../platform/keys.ts';
import { get } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';

/** A message that was sent, or a call that was made, as a proof names it: without a word about the person. */
export const sentUse = z.object({
  sendId: z.string(),
  at: z.string(),
  channel: z.string(),
  brand: z.string(),
  use: z.string(),
  mailing: z.string().optional(),
});
export type SentUse = z.infer<typeof sentUse>;

/** What keeps an erased person's evidence readable for those who defend claims: the salt, until it may go (G7, G14). */
export const legalHold = z.object({
  contactId: z.string(),
  controller: z.string(),
  salt: z.string(),
  until: z.iso.datetime({ precision: 3 }),
  reason: z.enum(['claims', 'phone-consent']),
  /** Calls that rested on a consent: its proof is kept from each of them (G7). */
  calls: z.array(sentUse).optional(),
});
export type LegalHold = z.infer<typeof legalHold>;

export async function readLegalHold(db: Database, contactId: string): Promise<LegalHold | undefined> {
  return get(db, 'contacts', keys.legalHold(contactId), legalHold);
}
