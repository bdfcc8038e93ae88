import * as z from 'zod';

import { keys } from '../platform/keys.ts';
import { get } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';

/** What keeps an erased person's evidence readable for those who defend claims: the salt, until it may go (G7, G14). */
export const legalHold = z.object({
  contactId: z.string(),
  controller: z.string(),
  salt: z.string(),
  until: z.iso.datetime({ precision: 3 }),
  reason: z.enum(['claims', 'phone-consent']),
});
export type LegalHold = z.infer<typeof legalHold>;

export async function readLegalHold(db: Database, contactId: string): Promise<LegalHold | undefined> {
  return get(db, 'contacts', keys.legalHold(contactId), legalHold);
}
