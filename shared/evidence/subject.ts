import * as z from 'zod';

import type { Contact } from '../contacts/contact.ts';
import { readLegalHold } from '../contacts/legal-hold.ts';
import { readContact } from '../contacts/store.ts';
import type { EvidenceEntry } from '../permission/evidence.ts';
import { readEntries } from '../permission/store.ts';
import { AppError } from '../platform/errors.ts';
import { keys } from '../platform/keys.ts';
import { get } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';

export type Head = { seq: number; hash: string };
/** Whom evidence is about, and all of it. `contact` is gone once erased. */
export type Subject = {
  contactId: string;
  controller: string;
  contact: Contact | undefined;
  head: Head;
  entries: readonly [EvidenceEntry, ...EvidenceEntry[]];
};

/** What is left of an erased contact, as far as its chain goes. */
const erased = z.object({ head: z.object({ seq: z.int(), hash: z.string() }) });

/** Where the chain of a contact ends, as the contact says, or what is left of it. */
export async function readHead(db: Database, contactId: string): Promise<Head | undefined> {
  const contact = await readContact(db, contactId);
  return contact?.head ?? (await get(db, 'contacts', keys.erased(contactId), erased))?.head;
}

/**
 * Reads all evidence about a contact of one controller.
 * @throws AppError `not-found` where there is none, or it is somebody else's
 */
export async function readSubject(db: Database, controller: string, contactId: string): Promise<Subject> {
  const contact = await readContact(db, contactId);
  const head = contact?.head ?? (await readHead(db, contactId));
  // Read after the head: an act meanwhile is left for the next pack, so that both fit.
  const [first, ...others] = (await readEntries(db, contactId)).filter(
    ({ seq }) => head === undefined || seq <= head.seq,
  );
  const last = others.at(-1) ?? first;
  if (!first || !last || first.controller !== controller) {
    throw new AppError('not-found', 'there is no such contact');
  }
  return {
    contactId,
    controller,
    contact,
    head: head ?? { seq: last.seq, hash: last.hash },
    entries: [first, ...others],
  };
}

export type Access = { salt: string } | { withheld: 'erased' | 'legal-hold' };

/**
 * What opens a contact's sealed evidence. Of an erased one it is kept apart, for those who defend claims (D5).
 * @param mayReadHold whether the reader has the scope `evidence:legal`
 */
export async function saltFor(
  db: Database,
  { contactId, contact }: Pick<Subject, 'contactId' | 'contact'>,
  mayReadHold: boolean,
): Promise<Access> {
  if (contact) return { salt: contact.salt };
  const hold = await readLegalHold(db, contactId);
  if (!hold) return { withheld: 'erased' };
  return mayReadHold ? { salt: hold.salt } : { withheld: 'legal-hold' };
}
