import { readContact } from '../contacts/store.ts';
import { randomToken } from '../platform/ids.ts';
import { write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { untilRecorded } from '../permission/record.ts';
import { withoutReservation } from './slots.ts';
import { updateFrequency } from './store.ts';

/** A reservation lies on its contact alone, so its id says whose it is. */
export function newReservationId(contactId: string): string {
  return `res_${randomToken(16)}.${contactId}`;
}

/** Whose reservation it is; undefined where it is no id of ours. */
export function contactOfReservation(reservationId: string): string | undefined {
  return /^res_[\w-]{22}\.(\w{1,100})$/.exec(reservationId)?.[1];
}

/**
 * Gives a reserved slot back. Repeated calls, and calls after it was used or ran out, change nothing.
 * @returns `unknown` for a reservation of another controller's contact
 */
export async function releaseReservation(
  db: Database,
  controller: string,
  reservationId: string,
): Promise<'released' | 'unknown'> {
  const contactId = contactOfReservation(reservationId);
  if (contactId === undefined) return 'unknown';
  return untilRecorded(async () => {
    const contact = await readContact(db, contactId);
    if (contact?.controller !== controller) return 'unknown';
    const frequency = withoutReservation(contact.frequency, reservationId);
    if (!frequency || (await write(db, updateFrequency(contact, frequency)))) return 'released';
    return undefined;
  });
}
