import type { Contact } from '../contacts/contact.ts';
import { readContact } from '../contacts/store.ts';
import type { Instant } from '../platform/clock.ts';
import { write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { untilRecorded } from '../permission/record.ts';
import { afterReaction } from './after-reaction.ts';
import { updateAffinity } from './store.ts';

/**
 * Tells the contact frequency what the score says (DOMAIN 5). Writes where something changes and nowhere else: most
 * events change nothing here. Whoever sent or reserved meanwhile loses nothing.
 * @param contact as read; nothing is written to one that was erased since
 * @param says whether it is in interest band 1, and when it last reacted
 */
export async function noteAffinity(
  db: Database,
  contact: Contact,
  { highAffinity, reactedAt }: { highAffinity: boolean; reactedAt?: Instant },
): Promise<void> {
  let first: Contact | undefined = contact;
  await untilRecorded(async () => {
    const before = first ?? (await readContact(db, contact.id));
    first = undefined;
    if (!before) return 'erased';
    const { frequency: known } = before;
    const frequency = known && reactedAt !== undefined ? afterReaction(known, reactedAt) : known;
    if (frequency === known && (before.highAffinity ?? false) === highAffinity) return 'known';
    return (await write(db, updateAffinity(before, { highAffinity, frequency }))) ? 'noted' : undefined;
  });
}
