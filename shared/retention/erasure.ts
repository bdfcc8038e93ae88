import * as z from 'zod';

import { legalHold } from '../contacts/legal-hold.ts';

const instant = z.iso.datetime({ precision: 3 });

/** Who asked that somebody be forgotten. */
export const requestedBy = z.enum(['person', 'authority', 'staff', 'retention']);
export type RequestedBy = z.infer<typeof requestedBy>;

/**
 * One erasure, free of personal data: what is left in the contact's place, and the entry of the journal from which a
 * restored table is cleaned again (N11).
 */
export const erasure = z.object({
  contactId: z.string(),
  controller: z.string(),
  erasedAt: instant,
  requestedBy,
  /** Pseudonyms of the addresses that were the person's. */
  addressKeys: z.array(z.string()),
  /** Hashed ids by which other systems knew the person, by system. */
  externalIds: z.record(z.string(), z.string()),
  /** Last entry of the evidence chain: a tail that was cut off is still found. */
  head: z.object({ seq: z.int(), hash: z.string() }),
  /** Until when its evidence can be read; absent where it cannot any more. */
  kept: legalHold.pick({ until: true, reason: true }).optional(),
});
export type Erasure = z.infer<typeof erasure>;

/** What is left of a contact. `clearedAt` once nothing personal is left anywhere. */
export const erasedContact = erasure.extend({ clearedAt: instant.optional() });
export type ErasedContact = z.infer<typeof erasedContact>;
