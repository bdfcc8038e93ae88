import * as z from 'zod';

import { mailState } from '../permission/mail-state.ts';
import { newAddress } from '../preferences/new-address.ts';
import { language } from '../settings/language.ts';

const instant = z.iso.datetime({ precision: 3 });

/** A service mail that follows from an act in the ledger, or asks the owner of a new address to confirm it. */
export const mailItem = z.object({
  id: z.string(),
  kind: z.enum(['welcome', 'unsubscribe-receipt', 'new-address', 'address-notice']),
  controller: z.string(),
  contactId: z.string(),
  brand: z.string(),
  language,
  /** The ledger entry it follows from; for a new address the last one before. */
  seq: z.int(),
  createdAt: instant,
  /** For `new-address`: what its link confirms (D3). */
  change: newAddress.optional(),
  progress: mailState,
});
export type MailItem = z.infer<typeof mailItem>;
