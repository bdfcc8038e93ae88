import type { Contact } from '../contacts/contact.ts';
import { AppError } from '../platform/errors.ts';
import { jitter } from '../platform/ids.ts';
import type { Secrets } from '../platform/secrets.ts';
import { transact } from '../platform/table.ts';
import type { Action, Database } from '../platform/table.ts';
import { applyEntry } from './apply-entry.ts';
import type { Bases, NewContact, Profile } from './apply-entry.ts';
import { dueAfterWrite } from './contact-due.ts';
import { CHAIN_START, entryHash } from './evidence.ts';
import type { EvidenceDraft, EvidenceEntry } from './evidence.ts';
import { sealPayload } from './seal.ts';
import type { EvidencePayload } from './seal.ts';
import { appendEntry, createContact, removeContact, reviewActions, updateContact } from './store.ts';

export type RecordDeps = { db: Database; secrets: Pick<Secrets, 'evidenceMaster'> };
export type RecordInput = {
  /** The contact as read, strongly consistent, or one to create. */
  contact: Contact | NewContact;
  draft: EvidenceDraft;
  payload: EvidencePayload;
  /** What the person said about themselves in the same act. */
  profile?: Profile;
  /** Details of the bases that the act records, by `brand#use`; the ledger holds them sealed. */
  bases?: Bases;
  /** Writes that must be true together with the act, for example closing the request it answers. */
  also?: Action[];
  /** The act ends the contact (erasure): what is written in its place. */
  ends?: (entry: EvidenceEntry) => Action[];
};
export type Recorded = { entry: EvidenceEntry; contact: Contact };

/**
 * The only writer of permissions: status and evidence entry in one transaction, under the version condition of
 * the chain head (H2). Nothing changes where any part cannot be written.
 * @returns undefined where somebody wrote since the contact was read: read again and decide again
 */
export async function record(deps: RecordDeps, input: RecordInput): Promise<Recorded | undefined> {
  const before = 'head' in input.contact ? input.contact : undefined;
  const head = before?.head ?? { seq: 0, hash: CHAIN_START };
  const seq = head.seq + 1;
  const { id: contactId, controller, salt } = input.contact;
  const seal = sealPayload(await deps.secrets.evidenceMaster(), salt, { contactId, seq }, input.payload);
  const unhashed = {
    schema: 1 as const,
    contactId,
    controller,
    seq,
    prevHash: head.hash,
    ...input.draft,
    ...seal,
  };
  const entry: EvidenceEntry = { ...unhashed, hash: entryHash(unhashed) };
  const applied = applyEntry(input.contact, entry, { profile: input.profile, bases: input.bases });
  const after = { ...applied, dueAt: dueAfterWrite(before, applied) };
  const outcome = await transact(deps.db, [
    ...(before ? [input.ends ? removeContact(before) : updateContact(before, after)] : createContact(after)),
    appendEntry(entry),
    ...reviewActions(before, input.ends ? undefined : after),
    ...(input.also ?? []),
    ...(input.ends?.(entry) ?? []),
  ]);
  return outcome.done ? { entry, contact: after } : undefined;
}

/** Repeats `attempt` (read, decide, record) until it answers, that is until it lost no race; at most 12 times. */
export async function untilRecorded<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let round = 0; round < 12; round += 1) {
    const outcome = await attempt();
    if (outcome !== undefined) return outcome;
    await new Promise((resolve) => setTimeout(resolve, jitter(10 * 2 ** Math.min(round, 6))));
  }
  throw new AppError('unavailable', 'too many people are changing this at once');
}
