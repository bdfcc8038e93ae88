import { readContact } from '../contacts/store.ts';
import { now } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { transact, write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { removeContact } from '../permission/store.ts';
import { clearErased } from './clear.ts';
import type { Erasure } from './erasure.ts';
import { bury, holdSalt, leadingTo, leaveStub, pointersOf, readJournal } from './store.ts';

/**
 * Erases again, from the journal, everybody who was erased since `since`: for a table that was restored to an earlier
 * state (N11). Nobody else is touched; repeated it changes nothing.
 * @returns how many had come back
 */
export async function reapplyErasures(db: Database, since: Instant): Promise<number> {
  let again = 0;
  for (const month of monthsSince(since)) {
    for await (const erased of readJournal(db, month)) {
      if (erased.erasedAt < since) continue;
      again += (await eraseAgain(db, erased)) ? 1 : 0;
      await clearErased(db, erased);
    }
  }
  return again;
}

/** The evidence of the erasure stands already: only the contact and its pointers go. */
async function eraseAgain(db: Database, erased: Erasure): Promise<boolean> {
  const { contactId, erasedAt } = erased;
  for (;;) {
    const contact = await readContact(db, contactId);
    if (!contact) {
      await write(db, { ...leaveStub(erased), condition: 'attribute_not_exists(pk)' });
      return false;
    }
    const leading = await leadingTo(db, contactId, pointersOf(erased));
    const ended = await transact(db, [
      removeContact(contact),
      leaveStub(erased),
      ...(erased.kept && erased.kept.until > now() ? holdSalt(erased, contact.salt) : []),
      ...leading.map((key) => bury(key, contactId, erasedAt)),
    ]);
    if (ended.done) return true;
  }
}

function monthsSince(since: Instant): string[] {
  const last = now().slice(0, 7);
  const months: string[] = [];
  for (let month = since.slice(0, 7); month <= last; month = following(month)) months.push(month);
  return months;
}

function following(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}
